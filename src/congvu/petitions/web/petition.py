"""The page of one petition: what is asked, until when, what was done, and what can be done now."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from congvu.base import blobs, clock
from congvu.base.confined.asking import BusyError
from congvu.directory.queries import Seat
from congvu.directory.web.access import SeatedRequest, seated
from congvu.mail import reasons
from congvu.petitions import attributes
from congvu.petitions.actions import arranging, covering
from congvu.petitions.media import redacting
from congvu.petitions.media.refusals import RefusedFileError
from congvu.petitions.models import Attachment, Petition, Step
from congvu.petitions.policies import may_answer, may_ask_who, may_release, may_see_reporter
from congvu.petitions.queries import duplicates, missed, queue
from congvu.petitions.queries import petitions as queries
from congvu.petitions.web import words
from congvu.petitions.web.acts import offered, petition_or_404
from congvu.petitions.words import OPEN
from congvu.ui.templatetags.ui import LANGUAGES, plain

PICTURES = "image/"
WRITTEN = ("petition.added", "term.resumed")  # what citizens say without disputing
FILE_CSP = "default-src 'none'; sandbox"


@seated
@require_safe
def petition(request: SeatedRequest, petition: str) -> HttpResponse:
    """Show a petition with everything about it."""
    found = petition_or_404(request, petition)
    return _page(request, found, shows_reporter=may_see_reporter(request.seat, found))


@seated
@require_POST
def reporter(request: SeatedRequest, petition: str) -> HttpResponse:
    """Show who asked to an official to whom it was not given; a note says who looked."""
    found = petition_or_404(request, petition)
    if not may_ask_who(request.seat, found):
        raise PermissionDenied
    if not may_see_reporter(request.seat, found):
        arranging.look(found, by=request.seat, at=clock.now())
    return _page(request, found, shows_reporter=True)


@seated
@require_safe
def file(request: SeatedRequest, petition: str, attachment: str) -> HttpResponse:
    """Give a file of a petition; with `?shown` the picture as everyone sees it."""
    row = _attachment(request, petition_or_404(request, petition), attachment)
    blob = row.public_blob if "shown" in request.GET else row.blob
    if not blob:
        raise Http404
    is_picture = row.media_type.startswith(PICTURES)
    headers = {
        "Content-Disposition": content_disposition_header(not is_picture, row.name) or "attachment",
        "Content-Security-Policy": FILE_CSP,
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(blobs.get(blob), content_type=row.media_type, headers=headers)


@seated
@require_http_methods(["GET", "HEAD", "POST"])
def picture(request: SeatedRequest, petition: str, attachment: str) -> HttpResponse:
    """Cover faces and number plates on a picture, and let everyone see it so."""
    found = petition_or_404(request, petition)
    row = _attachment(request, found, attachment)
    if not may_release(request.seat, found) or not row.media_type.startswith(PICTURES):
        raise Http404
    fault = ""
    if request.method == "POST":
        try:
            boxes = redacting.read(request.POST.getlist)
            seen = request.POST.get("seen", "")
            covering.cover(row, seen=seen, boxes=boxes, by=request.seat, at=clock.now())
        except redacting.BoxError:
            fault = _("A box lies outside the picture, or a number is missing.")
        except covering.CoveredMeanwhileError:
            fault = _(
                "Somebody else decided meanwhile what everyone sees of this picture. Look at it, then cover all "
                "that must be covered: your boxes take the place of theirs."
            )
        except (RefusedFileError, BusyError):
            fault = _("The picture cannot be worked on just now. Try again in a minute.")
        else:
            messages.success(request, _("Everyone may see the picture as you covered it."))
            return redirect("petitions:petition", found.handle)
    context = {"petition": found, "attachment": row, "fault": fault}
    return render(request, "petitions/desk/picture.html", context, status=422 if fault else 200)


def _attachment(request: SeatedRequest, petition: Petition, handle: str) -> Attachment:
    row = Attachment.objects.filter(agency=request.seat.agency, petition=petition, handle=handle)
    found = row.select_related("petition__agency", "petition__service").first()
    if found is None:
        raise Http404
    return found


def _page(request: SeatedRequest, found: Petition, *, shows_reporter: bool) -> HttpResponse:
    seat, now = request.seat, clock.now()
    files = queries.attachments(found)
    is_open, steps = found.state in OPEN, _steps(found, files)
    disputes = [one["step"] for one in steps if one["step"].kind == "petition.disputed"]
    terms = queries.terms(found, now=now)
    duties = queries.duties(found, [one for one, _standing in terms])
    context = {
        "now": now,
        "petition": found,
        "language": LANGUAGES.get(found.language, found.language),
        "answers": _answers(found),
        "files": [one for one in files if one.step_id is None],
        "steps": steps,
        "disputed": disputes[-1] if disputes else None,
        "written": [
            one["step"] for one in steps if found.wrote_at and _is_written(one["step"], found.wrote_at)
        ],
        "what_is_disputed": words.DISPUTED.get(queries.last_end(found), ""),
        "missed": [(one, reasons.sentence(one.reason)) for one in missed.unsettled(found)],
        "terms": [(one, standing, duties.get(one.pk)) for one, standing in terms],
        "duties": duties.values(),
        "merged": queries.merged(found),
        "linked": queries.linked(found, seat=seat),
        "similar": _similar(found, seat=seat, now=now) if is_open else [],
        "shows_reporter": shows_reporter,
        "may_ask_who": may_ask_who(seat, found),
        "who": queries.reporter(found) if shows_reporter else None,
        "accesses": queries.accesses(found),
        "absence": queue.away(seat, [found]).get(found.assignee_id or 0),
        "may_take": is_open and may_answer(seat, found) and found.assignee_id != seat.person.pk,
        "may_release": may_release(seat, found),
        "offered": offered(seat, found),
    }
    return render(request, "petitions/desk/petition.html", context)


def _is_written(step: Step, since: datetime) -> bool:
    return step.by_id is None and step.kind in WRITTEN and step.at >= since


def _answers(petition: Petition) -> list[tuple[str, str]]:
    """Return the service's own questions with what was answered, in words."""
    found = []
    for one in attributes.of(petition.service):
        given = petition.answers.get(one.code)
        if given:
            named = {choice["key"]: plain(choice["name"]) for choice in one.values}
            values = given if isinstance(given, list) else [given]
            found.append(
                (plain(one.description) or one.code, ", ".join(named.get(each) or each for each in values))
            )
    return found


def _steps(petition: Petition, files: list[Attachment]) -> list[dict[str, Any]]:
    shown: dict[int, list[Attachment]] = {}
    for one in files:
        if one.step_id is not None:
            shown.setdefault(one.step_id, []).append(one)
    return [{"step": one, "files": shown.get(one.pk, [])} for one in queries.steps(petition)]


def _similar(petition: Petition, *, seat: Seat, now: datetime) -> list[Petition]:
    is_placed = petition.latitude is not None and petition.longitude is not None
    found = duplicates.similar(
        petition.service,
        content=petition.content,
        place=petition.place,
        point=(petition.latitude, petition.longitude) if is_placed else None,  # type: ignore[arg-type]  # both are known
        seat=seat,
        but=petition,
        now=now,
    )
    return [one.petition for one in found]
