"""Photos and documents of a petition: each is looked at when it comes; one that is refused loses no other."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from congvu.base.numbers import small_number
from congvu.mail import secrecy
from congvu.petitions import places
from congvu.petitions.actions import drafting
from congvu.petitions.actions.receiving import TooManyFilesError
from congvu.petitions.guarding import checking
from congvu.petitions.media.stripping import strip_upload
from congvu.petitions.models import UnsentFile
from congvu.petitions.queries import unsent
from congvu.petitions.submissions import MOST_FILES
from congvu.petitions.web.public_asking import Asking, step
from congvu.petitions.web.public_forms import SECRECY, FilesForm
from congvu.petitions.web.public_frame import agency_or_404, page
from congvu.petitions.web.refused import FILE_ERRORS, status_of, why_no_file
from congvu.ui.web.network import network_address

_MEGABYTE = 1_000_000
Page = Callable[[HttpRequest, str, str], HttpResponse]


def no_more_than_fits(view: Page) -> Page:
    """Refuse by its length what is far too large, before anybody reads it."""
    guarded = csrf_protect(view)  # it reads what was sent, and so comes second

    @wraps(view)
    def weighed(request: HttpRequest, slug: str, code: str) -> HttpResponse:
        limit = MOST_FILES * settings.CONGVU_PETITION_FILE_LIMIT
        length = small_number(request.META.get("CONTENT_LENGTH") or "0")
        if length is None or length > limit:
            context = {"limit": limit // _MEGABYTE, "code": code}
            return page(request, agency_or_404(slug), "too_large", context, status=413)
        return guarded(request, slug, code)

    return csrf_exempt(weighed)


@no_more_than_fits
@step("files")
def files(asking: Asking) -> HttpResponse:
    """Take files, take one out again, or take over the place that a photo names."""
    posted = asking.posted
    if posted is None:
        return _page(asking, FilesForm())
    if "remove" in posted:
        drafting.detach(asking.held(), str(posted["remove"]))
        return _again(asking)
    if "place" in posted:
        _take_place(asking, str(posted["place"]))
        return _again(asking)
    form, status = FilesForm({}), 422
    form.is_valid()
    uploads = asking.request.FILES.getlist("documents")
    if uploads:
        checking.keep_pace(network_address(asking.request), now=asking.now)
    for upload in uploads:
        try:
            _take(asking, upload)
        except (*FILE_ERRORS, TooManyFilesError, SecretNameError) as error:
            form.add_error("documents", f"{upload.name}: {_why(error)}")
            status = status_of(error)
    if form.errors:
        return _page(asking, form, status=status)
    if "add" in posted or (uploads and _offered(asking)):
        return _again(asking)
    asking.keep("files")
    return asking.go_on()


class SecretNameError(Exception):
    """A file's name carries a mark of state secrecy."""


def _take(asking: Asking, upload: Any) -> None:
    if mark := secrecy.marking(subject="", filenames=[upload.name]):
        asking.note_mark(mark)
        raise SecretNameError
    found = strip_upload(upload)
    row = drafting.attach(asking.held(), found.named(upload.name), at=asking.now)
    if found.location is not None:
        offers = asking.answers.get("offers", {})
        asking.keep(offers={**offers, row.handle: found.location})


def _why(error: Exception) -> str:
    if isinstance(error, TooManyFilesError):
        return _("At most %(count)s files can be sent.") % {"count": MOST_FILES}
    return str(SECRECY) if isinstance(error, SecretNameError) else why_no_file(error)


def _offered(asking: Asking) -> list[dict[str, Any]]:
    """Return the places that photos name, while nobody has said where it is by numbers; never taken by themselves."""
    if not asking.service.needs_place or asking.answers.get("latitude") is not None or asking.unsent is None:
        return []
    offers = asking.answers.get("offers", {})
    return [
        {"file": one, "latitude": offers[one.handle][0], "longitude": offers[one.handle][1]}
        for one in unsent.files(asking.unsent)
        if one.handle in offers and _is_ours(asking, *offers[one.handle])
    ]


def _is_ours(asking: Asking, latitude: float, longitude: float) -> bool:
    try:
        places.area_at(asking.agency, latitude, longitude)
    except (places.NoPlaceError, places.OutsideError):
        return False
    return True


def _take_place(asking: Asking, handle: str) -> None:
    for one in _offered(asking):
        if one["file"].handle == handle:
            asking.keep(latitude=one["latitude"], longitude=one["longitude"])
            messages.success(asking.request, _("The place of the photo was taken over."))


def _page(asking: Asking, form: FilesForm, *, status: int = 200) -> HttpResponse:
    kept: list[UnsentFile] = unsent.files(asking.unsent) if asking.unsent else []
    context = {
        "form": form,
        "files": kept,
        "offers": _offered(asking),
        "most": MOST_FILES,
        "limit": settings.CONGVU_PETITION_FILE_LIMIT // _MEGABYTE,
    }
    return asking.ask(context, status=status)


def _again(asking: Asking) -> HttpResponse:
    return redirect("ask:files", asking.agency.slug, asking.service.code)
