"""Folders of a mailbox: their pages, and moving letters between them, with a way back."""

from collections.abc import Sequence

from django.contrib import messages as notices
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from congvu.base import clock
from congvu.directory.web.access import SeatedRequest
from congvu.mail.actions import filing, folders, opening
from congvu.mail.actions.filing import Spot
from congvu.mail.arranging.models import MailFolder
from congvu.mail.models import Item, Mailbox
from congvu.mail.queries import arranged, items
from congvu.mail.web.access import official, place_or_404
from congvu.mail.web.folders import frame

MOVED = "mail_moved"  # in the session: where the last letters that moved lay before


@official
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: SeatedRequest, handle: str) -> HttpResponse:
    """Show the folders of a box, and make a new one."""
    place = place_or_404(request, handle)
    context = {"current": "folders", "name": ""}
    if request.method == "POST":
        context["name"] = request.POST.get("name", "")[: folders.LONGEST]
        box = opening.open_box(seat=request.seat, place=place, now=clock.now()) if place else None
        if box and _made(request, box, context["name"]):
            return redirect("mail:folders", handle)
    held = arranged.counted(place.box if place else None)
    page = frame(request, current="folders", place=place) | context | {"held": held}
    return render(request, "mail/manage_folders.html", page, status=422 if context["name"] else 200)


@official
@require_POST
def rename(request: SeatedRequest, handle: str) -> HttpResponse:
    """Give a folder another name."""
    folder = folder_or_404(request, handle)
    try:
        folders.rename_folder(
            seat=request.seat, folder=folder, name=request.POST.get("name", ""), now=clock.now()
        )
        notices.success(request, _("The folder has its new name."))
    except (folders.NoNameError, folders.FolderExistsError) as error:
        notices.error(request, _said(error))
    return redirect("mail:folders", _handle(request, folder))


@official
@require_POST
def remove(request: SeatedRequest, handle: str) -> HttpResponse:
    """Remove an empty folder."""
    folder = folder_or_404(request, handle)
    back = _handle(request, folder)
    try:
        folders.remove_folder(seat=request.seat, folder=folder, now=clock.now())
        notices.success(request, _("The folder was removed."))
    except (folders.FolderNotEmptyError, folders.FolderInUseError) as error:
        notices.error(request, _said(error))
    return redirect("mail:folders", back)


@official
@require_POST
def move(request: SeatedRequest) -> HttpResponse:
    """Move or mark the letters that were chosen in a list."""
    chosen = items.items(request.seat, request.POST.getlist("item")[: filing.MANY], now=clock.now())
    what, _colon, handle = request.POST.get("to", "").partition(":")
    if not chosen:
        notices.info(request, _("Choose letters first."))
    elif what in {"flag", "unflag"}:
        filing.flag(seat=request.seat, items=chosen, is_flagged=what == "flag", now=clock.now())
    elif what in {Item.Folder.INBOX, Item.Folder.FILED}:
        if _move(request, chosen, what, folder_or_404(request, handle) if handle else None):
            return _back(request, moved=True)
    else:
        notices.info(request, _("Choose where the letters should go."))
    return _back(request)


@official
@require_POST
def put_back(request: SeatedRequest) -> HttpResponse:
    """Put the letters that moved last back to where they lay."""
    spots = [Spot(**one) for one in request.session.pop(MOVED, [])]
    held = items.items(request.seat, [one.item for one in spots], now=clock.now())
    count = filing.put_back(seat=request.seat, items=held, spots=spots, now=clock.now())
    notices.success(
        request,
        ngettext("%(n)d letter is back where it lay.", "%(n)d letters are back where they lay.", count)
        % {"n": count},
    )
    return _back(request)


def folder_or_404(request: SeatedRequest, handle: str) -> MailFolder:
    """Return a folder of a box that the seat may read."""
    found = arranged.folder(request.seat, handle, now=clock.now())
    if found is None:
        raise Http404
    return found


def remember(request: SeatedRequest, spots: Sequence[Spot]) -> None:
    """Keep where letters lay, so that one press puts them back."""
    if spots:
        request.session[MOVED] = [
            {"item": one.item, "folder": one.folder, "filed_in": one.filed_in} for one in spots
        ]


def _move(request: SeatedRequest, chosen: Sequence[Item], what: str, folder: MailFolder | None) -> bool:
    try:
        spots = filing.move(seat=request.seat, items=chosen, folder=what, filed_in=folder, now=clock.now())
    except filing.SentError:
        notices.info(request, _("Sent messages stay under Sent."))
    except filing.OtherBoxError:
        notices.error(request, _("A folder takes letters of its own mailbox only."))
    else:
        remember(request, spots)
        if not spots:
            notices.info(request, _("These letters lie there already."))
        return bool(spots)
    return False


def _made(request: SeatedRequest, box: Mailbox, name: str) -> bool:
    try:
        folders.create_folder(seat=request.seat, box=box, name=name, now=clock.now())
    except (folders.NoNameError, folders.FolderExistsError, folders.TooManyFoldersError) as error:
        notices.error(request, _said(error))
        return False
    notices.success(request, _("The folder was made."))
    return True


def _said(error: Exception) -> str:
    sentences = {
        folders.NoNameError: _("Give the folder a name."),
        folders.FolderExistsError: _("There is a folder of this name."),
        folders.TooManyFoldersError: _("A mailbox has no more than 200 folders."),
        folders.FolderNotEmptyError: _("Only an empty folder can be removed. Move its letters first."),
        folders.FolderInUseError: _("A filter files into this folder. Change or remove the filter first."),
    }
    return sentences[type(error)]


def _handle(request: SeatedRequest, folder: MailFolder) -> str:
    place = arranged.place(request.seat, folder.mailbox, now=clock.now())
    return place.handle if place else ""


def _back(request: SeatedRequest, *, moved: bool = False) -> HttpResponse:
    """Return to the list from which was pressed; after a move it offers the way back."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = reverse("mail:inbox")
    path, _mark, query = target.partition("?")
    asked = QueryDict(query, mutable=True)
    asked.pop("moved", None)
    if moved:
        asked["moved"] = "1"
    return redirect(f"{path}?{asked.urlencode()}" if asked else path)
