"""Reporting what only people notice, and answering it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from congvu.base import clock
from congvu.conduct import queries
from congvu.conduct.actions import reports as acts
from congvu.conduct.actions.findings import NotAboveError, OwnFindingError
from congvu.conduct.models import Report
from congvu.conduct.policies import Reach, reach
from congvu.conduct.web.forms import AnswerForm, ReportForm
from congvu.conduct.web.lists import SIZE
from congvu.conduct.wording import compare
from congvu.directory.web.access import SeatedRequest, seated


@seated
@require_safe
def reports(request: SeatedRequest) -> HttpResponse:
    """Show the reports that the official made, and those about the units in charge."""
    rows = queries.reports(reach(request.seat))
    page = Paginator(rows, SIZE).get_page(request.GET.get("page"))
    return render(request, "conduct/reports.html", {"page_obj": page})


@seated
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SeatedRequest) -> HttpResponse:
    """Take a report."""
    form = ReportForm(
        request.POST or None, seat=request.seat, initial={"matter": request.GET.get("matter", "")}
    )
    if form.is_valid() and (made := _report(request, form)):
        messages.success(request, _("Your report is recorded. You find the answer here."))
        return redirect("conduct:report", made.handle)
    return render(request, "conduct/report_new.html", {"form": form}, status=422 if form.errors else 200)


@seated
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: SeatedRequest, report: str) -> HttpResponse:
    """Show a report; whoever stands above answers it."""
    power = reach(request.seat)
    found = queries.report(report, power=power)
    if found is None:
        raise Http404
    may_answer = _may_answer(found, power)
    form = AnswerForm(request.POST or None) if may_answer else None
    if request.method == "POST" and form is None:
        raise Http404
    if form and form.is_valid() and _answer(request, found, form):
        messages.success(request, _("Your answer is recorded."))
        return redirect("conduct:report", report)
    texts = {found.entry: found.text} | ({found.answer_entry: found.answer} if found.answer_entry else {})
    compared = compare(texts, agency=request.seat.agency.handle)
    context = {
        "report": found,
        "wording": compared[found.entry],
        "answer_wording": compared.get(found.answer_entry),
        "form": form,
        "shows_reporter": found.reporter_id == request.seat.person.pk
        or power.may_decide(queries.answerable(found, power), found.unit.handle)
        or request.seat.has("auditor"),
        "duties": queries.duties_of_report(found) if power.may_read(None, found.unit.handle) else [],
    }
    return render(request, "conduct/report.html", context, status=422 if form and form.errors else 200)


def _report(request: SeatedRequest, form: ReportForm) -> Report | None:
    unit, person = form.about()
    said = form.cleaned_data
    try:
        return acts.report(
            by=request.seat,
            matter=said["matter"],
            unit=unit,
            person=person,
            text=said["text"],
            communication=said["communication"],
            at=clock.now(),
        )
    except acts.ElsewhereError:
        form.add_error("person", _("This person holds no post in the chosen unit."))
        return None


def _may_answer(report: Report, power: Reach) -> bool:
    about = queries.answerable(report, power)
    return report.state == Report.State.MADE and power.may_decide(about, report.unit.handle)


def _answer(request: SeatedRequest, report: Report, form: AnswerForm) -> bool:
    said = form.cleaned_data
    try:
        acts.answer_report(
            by=request.seat,
            report=report,
            upheld=said["state"] == Report.State.UPHELD,
            cause=said["cause"] or None,
            answer=said["answer"],
            at=clock.now(),
        )
    except acts.NotJudgedYetError:
        form.add_error(
            None, _("The report was made a moment ago and is still being read. Try again in a moment.")
        )
    except acts.AlreadyAnsweredError:
        form.add_error(None, _("Somebody has answered this report in the meantime."))
    except (OwnFindingError, NotAboveError):
        form.add_error(None, _("Another head answers this report."))
    return form.is_valid()
