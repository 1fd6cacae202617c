"""How the page of a message says where the message comes from."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from congvu.mail.authentication.findings import Asked, Result, origin
from congvu.mail.models import Message, Origin
from congvu.mail.queries.origins import origin_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a reader is told: `word` is one of findings.Origin; `methods` are name, result, domain."""

    word: str
    domain: str
    asks_to_refuse: bool
    methods: list[tuple[str, str, str]]


def shown(message: Message) -> Shown | None:
    """Return what the page says; None for what did not come from outside, and where the agency only observes."""
    row = origin_of(message)
    if row is None or settings.CONGVU_DMARC == "observe":
        return None
    return Shown(
        word=origin(row.dmarc),
        domain=row.author_domain,
        asks_to_refuse=row.asked == Asked.REJECT,
        methods=_methods(row),
    )


def _methods(row: Origin) -> list[tuple[str, str, str]]:
    found = [
        (_("The sending server may send for its domain (SPF)"), row.spf, row.spf_domain),
        (_("Signature of a domain (DKIM)"), row.dkim, row.dkim_domain),
        (_("The domain under From agrees (DMARC)"), row.dmarc, row.author_domain),
        (_("Seal of whoever passed it on (ARC)"), row.arc, row.arc_domain),
    ]
    return [(name, _word(result), domain) for name, result, domain in found]


def _word(result: str) -> str:
    return {
        Result.PASS.value: pgettext("check of a sender", "passed"),
        Result.FAIL.value: pgettext("check of a sender", "failed"),
        Result.SOFTFAIL.value: pgettext("check of a sender", "probably not"),
        Result.NEUTRAL.value: pgettext("check of a sender", "says nothing"),
        Result.NONE.value: pgettext("check of a sender", "not published"),
        Result.TEMPORARY_ERROR.value: pgettext("check of a sender", "could not be asked"),
        Result.PERMANENT_ERROR.value: pgettext("check of a sender", "published wrongly"),
    }.get(result, result)
