"""Official accounts and pages, and what officials themselves report of networks. Private accounts are never watched."""

from collections.abc import Mapping

from congvu.rules.shape import Shape, shape

HOW = ("lost", "impersonated", "misused")
SORT = ("contrary_opinion", "unlawful_information")

KINDS: Mapping[str, Shape] = {
    "social.account.registered": shape("account unit actor", verified=bool),
    "social.account.compromised": shape("account unit assignee actor", how=HOW),
    "social.incident.notified": shape("account actor"),
    "social.matter.reported": shape("matter unit actor", sort=SORT),
    "social.matter.answered": shape("matter unit actor"),
    "social.accusation.found": shape("accusation unit assignee actor found_on"),
    "social.accusation.refuted": shape("accusation actor"),
    "social.rules.published": shape("account unit actor", hours=bool, moderation=bool, mistakes=bool),
}
