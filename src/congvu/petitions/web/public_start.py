"""Where citizens begin: the agency, and what it can be asked for."""

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from congvu.base.texts import pick
from congvu.petitions.models import Service
from congvu.petitions.queries import offered
from congvu.petitions.web.public_frame import agency_or_404, page
from congvu.ui.words import by_name, language


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Lead to the agency that answers, or let choose among several."""
    found = by_name(offered.answering())
    if len(found) == 1:
        return redirect("ask:start", found[0].slug)
    context = {"agencies": found, "demonstration": any(one.demonstration for one in found)}
    return render(request, "petitions/ask/agencies.html", context)


@require_safe
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what the agency can be asked for, and the other ways to it."""
    agency = agency_or_404(slug)
    services, words = offered.services(agency), request.GET.get("q", "").strip()
    found = offered.matching(services, words)
    if not services and offered.feedback(agency) is None:
        raise Http404
    context = {
        "groups": _grouped(found),
        "words": words,
        "is_empty": not found,
        "has_feedback": offered.feedback(agency) is not None,
        "address": offered.address(agency),
    }
    return page(request, agency, "start", context)


def _grouped(services: list[Service]) -> list[tuple[str, list[Service]]]:
    """Return the services by group, in the order in which the groups come first."""
    named = [(pick(one.group, language())[0], one) for one in services]
    order = list(dict.fromkeys(group for group, _ in named))
    ordered = sorted(named, key=lambda pair: order.index(pair[0]))
    return [(group, [one for _, one in pairs]) for group, pairs in groupby(ordered, key=lambda pair: pair[0])]
