"""The public's front page, the logs with their keys, and what the site promises."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from congvu.ledger import public as ledger

ROBOTS = """User-agent: *
Disallow: /account/
Disallow: /conduct/
Disallow: /desk/
Disallow: /directory/
Disallow: /mail/
Disallow: /petitions/
Disallow: /rules/
"""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what this is, and lead to what the public may do."""
    return page(request, "portal/home.html", {"is_signed_in": request.user.is_authenticated})


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """State how accessible the site is, and what it keeps about visitors."""
    return page(request, "portal/about.html", {})


@require_safe
def logs(request: HttpRequest) -> HttpResponse:
    """List the logs with the keys by which anybody checks a receipt."""
    return page(request, "portal/logs.html", {"logs": ledger.logs()})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Keep crawlers out of the officials' rooms."""
    del request
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a public page with its frame."""
    frame = {
        "demonstration": any(log.demonstration for log in ledger.logs()),
        "foot_links": [
            (_("Requests of citizens"), reverse("portal:registers")),
            (_("Rule books"), reverse("portal:books")),
            (_("Check a receipt"), reverse("portal:verify")),
            (_("Logs and keys"), reverse("portal:logs")),
            (_("Accessibility and privacy"), reverse("portal:about")),
        ],
    }
    return render(request, template, frame | context, status=status)
