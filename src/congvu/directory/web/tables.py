"""Importing people from a table: upload, dry run with every bad line, confirm.

Between the dry run and the confirmation the file lies as an encrypted blob, which is destroyed afterwards.
"""

from contextlib import suppress

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from congvu.base import blobs, clock
from congvu.directory import importing, sheets, words
from congvu.directory.actions.imports import import_people
from congvu.directory.refusals import REFUSALS, SENTENCES
from congvu.directory.web.access import SeatedRequest, administered
from congvu.directory.web.forms import TableForm
from congvu.ui.web.files import attachment

KEY = "import"
SHOWN_FAULTS = 200
SHOWN_PEOPLE = 50


@administered
def upload(request: SeatedRequest) -> HttpResponse:
    """Take a table and go to its dry run."""
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        table: UploadedFile[bytes] = form.cleaned_data["table"]
        _forget(request)
        if (table.size or 0) > sheets.OCTET_LIMIT:
            form.add_error("table", words.sheet_sentence(sheets.TooLargeError()))
        else:
            blob = blobs.put(table.read())
            request.session[KEY] = {
                "blob": blob,
                "encoding": form.cleaned_data["encoding"],
                "name": table.name,
            }
            return redirect("directory:import-check")
    return render(request, "directory/import.html", {"form": form, "columns": importing.COLUMNS})


@administered
def check(request: SeatedRequest) -> HttpResponse:
    """Show what the import would do and every bad line; import when that is confirmed."""
    plan, refusal = _plan(request)
    if plan is None:
        return _refused(request, refusal)
    problem = ""
    if request.method == "POST":
        if plan.faults and "skip_bad" not in request.POST:
            problem = _("Mend the bad lines, or choose to leave them out.")
        else:
            try:
                imported = import_people(
                    agency=request.seat.agency, appointees=plan.appointees, by=request.seat, now=clock.now()
                )
            except REFUSALS as error:
                problem = str(SENTENCES[type(error)])
            else:
                _forget(request)
                response = render(request, "directory/imported.html", {"imported": imported})
                response["Cache-Control"] = "no-store"
                return response
    context = {
        "plan": plan,
        "name": request.session[KEY]["name"],
        "faults": [words.fault_row(fault) for fault in plan.faults[:SHOWN_FAULTS]],
        "more_faults": max(0, len(plan.faults) - SHOWN_FAULTS),
        "people": plan.appointees[:SHOWN_PEOPLE],
        "more_people": max(0, len(plan.appointees) - SHOWN_PEOPLE),
        "problem": problem,
    }
    return render(request, "directory/import_check.html", context)


@administered
def report(request: SeatedRequest) -> HttpResponse:
    """Give every bad line as a table."""
    plan, refusal = _plan(request)
    if plan is None:
        return _refused(request, refusal)
    rows = words.report_rows(list(plan.faults))
    return attachment(sheets.write(rows), name="bad-lines.csv", content_type="text/csv; charset=utf-8")


def _plan(request: SeatedRequest) -> tuple[importing.Plan | None, str]:
    kept = request.session.get(KEY)
    if kept is None:
        return None, ""
    try:
        data = blobs.get(kept["blob"])
        plan = importing.plan(data, agency=request.seat.agency, on=request.seat.on, encoding=kept["encoding"])
    except sheets.SheetError as error:
        return None, words.sheet_sentence(error)
    except blobs.BlobMissingError:
        return None, ""
    return plan, ""


def _refused(request: SeatedRequest, refusal: str) -> HttpResponse:
    _forget(request)
    if not refusal:
        return redirect("directory:import")
    form = TableForm({})
    form.errors.clear()
    form.add_error("table", refusal)
    return render(request, "directory/import.html", {"form": form, "columns": importing.COLUMNS})


def _forget(request: SeatedRequest) -> None:
    kept = request.session.pop(KEY, None)
    if kept is not None:
        with suppress(blobs.BlobMissingError, FileNotFoundError):
            blobs.destroy(kept["blob"])
