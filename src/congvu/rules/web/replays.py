"""Replays on the desk: ask what a draft would have changed, watch the work, read, filter, take away."""

from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from congvu.base import clock
from congvu.base.texts import pick
from congvu.directory.web.access import SeatedRequest, allowed
from congvu.rules import policies, trial, words
from congvu.rules.assumption import OutOfBoundsError, UnknownParameterError
from congvu.rules.models import Replay
from congvu.rules.replays import actions, export, figures, queries
from congvu.rules.replays.report import Line, Report
from congvu.rules.web.replay_forms import ReplayForm
from congvu.ui.web.files import attachment

PAGE = 50
PRINTED = 2_000  # lines on paper; more of them belong into a file
FILTERS = ("kind", "norm", "unit")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
replaying = allowed(policies.may_replay)


@replaying
@require_http_methods(["GET", "HEAD", "POST"])
def replays(request: SeatedRequest) -> HttpResponse:
    """List the replays of the agency, and ask for another one."""
    chosen = {"draft": request.GET.get("draft", "")}
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReplayForm(*sent, agency=request.seat.agency, initial=chosen)
    problems: tuple[Any, ...] = ()
    if form.is_valid():
        try:
            made = _ask(request, form)
        except trial.REFUSALS as error:
            problems = getattr(error, "problems", ())
            form.add_error(*_refusal(error))
        else:
            return redirect("rules:replay", made.handle)
    context = {
        "form": form,
        "problems": problems,
        "rows": queries.replays(request.seat.agency),
        "may_draft": policies.may_decide(request.seat),
    }
    status = 422 if form.errors else 200
    return render(request, "rules/replays.html", context, status=status)


def _ask(request: SeatedRequest, form: ReplayForm) -> Replay:
    name, text = form.chosen()
    said = form.cleaned_data
    draft = trial.read_draft(text, name=name)
    ready = trial.prepare(
        agency=request.seat.agency,
        draft=draft,
        first=said["first"],
        last=said["last"],
        assumed_from=said["assumed_from"],
        values=said["values"],
    )
    return actions.ask(
        by=request.seat,
        draft=draft,
        text=text,
        name=name,
        first=said["first"],
        last=said["last"],
        assumed=ready.assumed,
        at=clock.now(),
    )


def _refusal(error: Exception) -> tuple[str | None, str]:
    """Return why a draft cannot be tried, as the user reads it, with the field that mends it."""
    if isinstance(error, (UnknownParameterError, OutOfBoundsError)):
        return "values", _wrong_value(error)
    known: dict[type[Exception], tuple[str, str]] = {
        trial.BoundAlreadyError: (
            "assumed_from",
            _(
                "This book binds the agency, so its own decisions count. Leave this day and the parameters empty."
            ),
        ),
        trial.AssumedTooLateError: (
            "assumed_from",
            _("This day lies after the period. Choose an earlier one."),
        ),
        trial.BeforeFirstBookError: ("last", _("No book bound the agency before %(day)s.") % {"day": error}),
        trial.EmptyPeriodError: ("first", _("Nothing was recorded in this period. Choose other days.")),
    }
    problems = _("The draft has problems. Nothing can be judged by it until they are mended.")
    return known.get(type(error), (None, problems))


def _wrong_value(error: UnknownParameterError | OutOfBoundsError) -> str:
    if isinstance(error, UnknownParameterError):
        named = {"name": error, "known": ", ".join(error.known) or "–"}
        return _("The book has no parameter %(name)s. It has: %(known)s.") % named
    bounds = error.parameter
    least, most = (words.amount(one, bounds.unit) for one in (bounds.at_least, bounds.at_most))
    return f"{bounds.name}: " + _("The book allows from %(least)s to %(most)s.") % {
        "least": least,
        "most": most,
    }


@replaying
@require_safe
def replay(request: SeatedRequest, handle: str) -> HttpResponse:
    """Show how far a replay is, or what it found: figures first, then the differences by filters."""
    held = _found(request, handle)
    if request.headers.get("HX-Request"):
        answer = render(request, "rules/_replay_progress.html", {"replay": held})
        if held.state not in {"waiting", "running"}:
            answer["HX-Refresh"] = "true"
        return answer
    context: dict[str, Any] = {
        "replay": held,
        "promise": figures.promise(),
        "assumed": figures.assumed_words(held.assumed),
        "book_title": _title(held),
    }
    if held.state == "finished":
        context |= _report(request, held)
    return render(request, "rules/replay.html", context)


@replaying
@require_POST
def cancel(request: SeatedRequest, handle: str) -> HttpResponse:
    """Stop a replay."""
    held = _found(request, handle)
    try:
        actions.cancel(by=request.seat, replay=held, at=clock.now())
    except actions.AlreadyEndedError:
        messages.info(request, _("The replay was over already."))
    else:
        messages.success(request, _("The replay is stopped."))
    return redirect("rules:replay", handle)


@replaying
@require_safe
def as_csv(request: SeatedRequest, handle: str) -> HttpResponseBase:
    """Send the differences that the filters leave as CSV, line by line."""
    held = _finished(request, handle)
    rows = export.csv_rows(_lines(request, held, _filtered(request, held)), zone=_zone(held))
    answer = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="replay-{held.handle}.csv"'
    return answer


@replaying
@require_safe
def as_xlsx(request: SeatedRequest, handle: str) -> HttpResponse:
    """Send figures and differences as a workbook."""
    held = _finished(request, handle)
    lines = _lines(request, held, _filtered(request, held))
    with TemporaryDirectory(prefix="congvu-replay-") as folder:
        path = Path(folder) / "replay.xlsx"
        export.write_xlsx(path, lines=lines, figures=_figures(request, held), zone=_zone(held))
        return attachment(path.read_bytes(), name=f"replay-{held.handle}.xlsx", content_type=XLSX)


@replaying
@require_safe
def on_paper(request: SeatedRequest, handle: str) -> HttpResponse:
    """Show figures and differences on one page for printing."""
    held = _finished(request, handle)
    rows = _filtered(request, held)
    context = {
        "replay": held,
        "promise": figures.promise(),
        "assumed": figures.assumed_words(held.assumed),
        "book_title": _title(held),
        "figures": [row for row in _figures(request, held) if row[1]],
        "lines": _lines(request, held, rows[:PRINTED]),
        "left": max(0, rows.count() - PRINTED),
    }
    return render(request, "rules/replay_print.html", context)


def _report(request: SeatedRequest, held: Replay) -> dict[str, Any]:
    report = _reporting(request, held)
    page = Paginator(_filtered(request, held), PAGE).get_page(request.GET.get("page"))
    chosen = {name: request.GET.get(name, "") for name in (*FILTERS, "worse")}
    return {
        "page_obj": page,
        "lines": report.lines([one.body for one in page]),
        "norms": figures.norms(held.figures, report),
        "units": figures.units(held.figures, report),
        "norm_choices": sorted(
            {(norm, report.norm(book, norm)) for book, norm, *_rest in held.figures["norms"]}
        ),
        "unit_choices": sorted({(unit, report.unit(unit)) for unit, *_rest in held.figures["units"] if unit}),
        "chosen": chosen,
        "query": request.GET.urlencode(),
        "counted": [(report.norm(book, norm), old, new) for book, norm, old, new in held.figures["counted"]],
        "sees_people": policies.sight(request.seat).everybody or bool(policies.sight(request.seat).units),
    }


def _filtered(request: SeatedRequest, held: Replay) -> Any:
    asked = {name: request.GET.get(name, "") for name in FILTERS}
    return queries.differences(held, worse=request.GET.get("worse") == "1", **asked)


def _lines(request: SeatedRequest, held: Replay, rows: Any) -> Iterator[Line]:
    return _reporting(request, held).lines(queries.bodies(rows))


def _figures(request: SeatedRequest, held: Replay) -> list[tuple[str, str]]:
    return figures.shown(
        held.figures,
        _reporting(request, held),
        book=_title(held),
        draft=held.name,
        first=held.first,
        last=held.last,
        assumed=held.assumed,
    )


def _reporting(request: SeatedRequest, held: Replay) -> Report:
    return Report(held.agency, figures=held.figures, sight=policies.sight(request.seat))


def _title(held: Replay) -> str:
    return pick(held.title, get_language() or "vi")[0]


def _zone(held: Replay) -> tzinfo:
    return ZoneInfo(held.agency.zone)


def _finished(request: SeatedRequest, handle: str) -> Replay:
    held = _found(request, handle)
    if held.state != "finished":
        raise Http404
    return held


def _found(request: SeatedRequest, handle: str) -> Replay:
    held = queries.replay(handle, agency=request.seat.agency)
    if held is None:
        raise Http404
    return held
