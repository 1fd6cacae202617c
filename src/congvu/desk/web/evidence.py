"""The auditor's page: every entry of the agency's log, its proof, and the entry bundles themselves."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from congvu.directory.policies import may_read_entries
from congvu.directory.web.access import SeatedRequest, allowed
from congvu.ledger import queries
from congvu.ledger.log_keys import KeyMissingError
from congvu.standards.cose import SingleEntryError
from congvu.ui.web.files import attachment

PAGE = 50
audited = allowed(may_read_entries)


@audited
@require_safe
def entries(request: SeatedRequest) -> HttpResponse:
    """Show a log's entries, the newest first."""
    agency = request.seat.agency.handle
    sizes = queries.sizes(agency)
    asked = request.GET.get("year")
    log = asked if asked in sizes else next(iter(sizes), "")
    page = Paginator(range(sizes.get(log, 0)), PAGE).get_page(request.GET.get("page"))
    first = max(0, sizes.get(log, 0) - page.end_index())
    rows = queries.entries_of(agency, log, range(first, first + len(page)))
    context = {"page_obj": page, "entries": rows[::-1], "year": log, "years": list(sizes)}
    return render(request, "desk/evidence.html", context)


@audited
@require_safe
def receipt(request: SeatedRequest, entry: str) -> HttpResponse:
    """Give the bundle that proves an entry, for congvu-verify, or its COSE receipt."""
    agency = request.seat.agency.handle
    try:
        if request.GET.get("format") == "cose":
            data = queries.prove_by_cose(entry, agency=agency)
            return attachment(data, name=f"entry-{entry}.cose", content_type="application/cose")
        data = queries.prove(entry, agency=agency)
    except (queries.EntryMissingError, queries.PendingError, SingleEntryError, KeyMissingError) as error:
        raise Http404 from error
    return attachment(data, name=f"entry-{entry}.congvu.json", content_type="application/json")


@audited
@require_safe
def bundle(request: SeatedRequest, log: str, name: str) -> HttpResponse:
    """Give an entry bundle of a year's log (C2SP tlog-tiles)."""
    try:
        data = queries.bundle(request.seat.agency.handle, log, name)
    except FileNotFoundError as error:
        raise Http404 from error
    return attachment(data, name=name.replace("/", "-"), content_type="application/octet-stream")
