"""Writing: a new message, an answer, a forward; drafts keep themselves."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages as notices
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from congvu.base import blobs, clock, handles
from congvu.base.blobs import BlobDamagedError, BlobMissingError
from congvu.directory.web.access import SeatedRequest
from congvu.mail import compose as writing
from congvu.mail import messages
from congvu.mail.actions import drafts, opening, sending
from congvu.mail.actions.drafts import Written
from congvu.mail.actions.sending import Signing
from congvu.mail.models import Draft, DraftFile, Item, Message
from congvu.mail.parcels import SecrecyMarkError
from congvu.mail.queries import book, items, places, signing
from congvu.mail.queries.places import Place
from congvu.mail.web import answering, assigning, explaining, sheltering, signature_block
from congvu.mail.web.absence import NAMES
from congvu.mail.web.access import item_or_404, official
from congvu.mail.web.folders import frame
from congvu.mail.web.forms import ComposeForm
from congvu.mail.web.senders import senders
from congvu.ui.web.network import network_address

LISTED = 60  # contacts offered before anything is typed


@official
@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: SeatedRequest) -> HttpResponse:
    """Write a new message; every button of the form comes here."""
    if request.method == "POST":
        return _pressed(request)
    own = signature_block.own_email(request.seat, now=clock.now())
    body = signature_block.begun(request.seat, "", language=request.LANGUAGE_CODE, email=own)
    return _page(request, _fresh(request, {"to": request.GET.get("to", "")[:2_000], "body": body}))


@official
@require_safe
def draft(request: SeatedRequest, handle: str) -> HttpResponse:
    """Go on with a draft."""
    return _page(request, _form_of(request, _draft(request, handle)))


@official
@require_safe
def reply(request: SeatedRequest, handle: str) -> HttpResponse:
    """Answer the sender of a message."""
    item, reading = _opened(request, handle)
    return _answer(
        request, item, answering.reply(item, reading, language=request.LANGUAGE_CODE, is_to_all=False)
    )


@official
@require_safe
def reply_all(request: SeatedRequest, handle: str) -> HttpResponse:
    """Answer the sender of a message and everybody who has it."""
    item, reading = _opened(request, handle)
    return _answer(
        request, item, answering.reply(item, reading, language=request.LANGUAGE_CODE, is_to_all=True)
    )


@official
@require_safe
def forward(request: SeatedRequest, handle: str) -> HttpResponse:
    """Hand a message on to somebody else."""
    item, reading = _opened(request, handle)
    return _answer(request, item, answering.forward(item, reading, language=request.LANGUAGE_CODE))


@official
@require_POST
def save(request: SeatedRequest) -> HttpResponse:
    """Keep the draft while it is being typed; answers a fragment."""
    sheltering.refuse_anothers(request)
    form = _bound(request)
    context: dict[str, Any] = {"now": clock.now(), "state": "refused"}
    if form.is_valid():
        try:
            context["draft"] = drafts.keep(
                seat=request.seat, written=_written(request, form), now=clock.now()
            )
            context |= {"state": "kept", "revision": handles.new()}
        except drafts.DraftChangedError as error:
            context |= {"state": "changed", "other": error.draft}
        except explaining.MISTAKES as error:
            context["problem"] = explaining.mistake(error)[1]
            context["state"] = "secret" if isinstance(error, SecrecyMarkError) else "refused"
    else:
        context["problem"] = _("Not saved: something in the form is too long.")
    answer = render(request, "mail/_saved.html", context)
    if "draft" in context:
        answer["HX-Replace-Url"] = reverse("mail:draft", args=[context["draft"].handle])
    return answer


def _pressed(request: SeatedRequest) -> HttpResponse:
    """Do what the pressed button says; whatever goes wrong, what was typed stays."""
    sheltering.refuse_anothers(request)
    button, _colon, argument = request.POST.get("do", "send").partition(":")
    form = _bound(request)
    if not form.is_valid():
        return _page(request, form, status=422)
    if button == "discard":
        return _discard(request, form)
    if button == "send":
        return _send(request, form)
    data = form.cleaned_data
    if button == "theirs":
        return redirect("mail:draft", data["draft"])
    if button == "mine":
        data["seen"] = argument
    if button == "apart":
        data["draft"] = handles.new()
    if button == "add" and argument in {"to", "cc"} and request.POST.get("pick", "").strip():
        data[argument] = ", ".join(filter(None, [data[argument], request.POST["pick"].strip()]))
    if button == "block" and argument in signature_block.languages(request.seat):
        email = _sender(request, data).route.email
        data["body"] = signature_block.swapped(request.seat, data["body"], language=argument, email=email)
    return _keep(request, form, without=(argument,) if button == "remove" else ())


def _send(request: SeatedRequest, form: ComposeForm) -> HttpResponse:
    outside = _outside(request, form)
    if outside and form.cleaned_data["checked"] != outside:
        return _keep(request, form, outside=outside)
    try:
        message = sending.send_written(
            seat=request.seat,
            written=_written(request, form),
            now=clock.now(),
            signing=_signing(form),
            client=network_address(request),
        )
    except drafts.DraftGoneError:
        notices.info(request, explaining.sent_already())
        return redirect("mail:sent")
    except drafts.DraftChangedError as error:
        return _page(request, form, status=409, other=error.draft)
    except sending.NotSentError as error:
        return _refuse(request, _again(request, error.draft), error.reason)
    except explaining.MISTAKES as error:
        return _refuse(request, form, error)
    notices.success(request, _("Sent. The receipts show how far it has come."))
    item = items.item_of(message, [message.sender] if message.sender else [])
    return redirect("mail:message", item.handle) if item else redirect("mail:sent")


def _keep(
    request: SeatedRequest, form: ComposeForm, *, without: tuple[str, ...] = (), outside: str = ""
) -> HttpResponse:
    try:
        kept = drafts.keep(seat=request.seat, written=_written(request, form, without), now=clock.now())
    except drafts.DraftChangedError as error:
        return _page(request, form, status=409, other=error.draft)
    except explaining.MISTAKES as error:
        return _refuse(request, form, error)
    if not outside:
        return redirect("mail:draft", kept.handle)
    sign, asks = form.cleaned_data["sign"], form.cleaned_data["ask_receipt"]
    form = _form_of(request, kept)
    form.initial = {**form.initial, "checked": outside, "sign": sign, "ask_receipt": asks}
    return _page(request, form, outside=outside)


def _discard(request: SeatedRequest, form: ComposeForm) -> HttpResponse:
    kept = _drafts(request).filter(handle=form.cleaned_data["draft"]).first()
    if kept:
        drafts.discard(seat=request.seat, draft=kept)
    notices.success(request, _("The draft was thrown away."))
    return redirect("mail:drafts")


def _refuse(request: SeatedRequest, form: ComposeForm, error: Exception) -> HttpResponse:
    field, sentence = explaining.mistake(error)
    form.add_error(field, sentence)
    return _page(request, form, status=422)


def _again(request: SeatedRequest, kept: Draft) -> ComposeForm:
    """Return the form as typed, now bound to the draft that kept its files."""
    data = request.POST.copy()
    data["draft"] = kept.handle
    again = ComposeForm(data, places=_places(request, data))
    again.is_valid()
    return again


def _outside(request: SeatedRequest, form: ComposeForm) -> str:
    """Return the recipients outside the agency, as one text that the second press repeats."""
    both = f"{form.cleaned_data['to']}, {form.cleaned_data['cc']}"
    found = book.understand(both, agency=request.seat.agency, now=clock.now())
    return ", ".join(dict.fromkeys(found.outside))


def _written(request: SeatedRequest, form: ComposeForm, without: tuple[str, ...] = ()) -> Written:
    data = form.cleaned_data
    return Written(
        sender=_sender(request, data).route.address,
        to=data["to"],
        cc=data["cc"],
        subject=" ".join(data["subject"].split()),
        body=data["body"],
        communication=data["communication"],
        **{name: data[name] for name in drafts.MEETING},
        answers=_message(request, data["answers"]),
        forwards=_message(request, data["forwards"]),
        draft=data["draft"],
        seen=data["seen"],
        revision=data["revision"],
        files=[
            writing.File(
                filename=one.name or "file",
                content_type=one.content_type or "application/octet-stream",
                content=one.read(),
            )
            for one in data["attachments"]
        ],
        without=without,
    )


def _signing(form: ComposeForm) -> Signing | None:
    data = form.cleaned_data
    if not data["sign"]:
        return None
    return Signing(passphrase=data["passphrase"], asks_receipt=data["ask_receipt"])


def _places(request: SeatedRequest, given: Mapping[str, Any]) -> list[Place]:
    answers, draft = str(given.get("answers") or ""), str(given.get("draft") or "")
    return senders(request.seat, answers=answers, draft=draft, now=clock.now())


def _sender(request: SeatedRequest, data: Mapping[str, Any]) -> Place:
    known = _places(request, data)
    chosen = [one for one in known if one.handle == data["sender"]] or known
    if not chosen:
        raise Http404
    return chosen[0]


def _message(request: SeatedRequest, handle: str) -> Message | None:
    """Return what is answered or forwarded: that opens it, so nothing is handed on unread or after its recall."""
    now = clock.now()
    item = items.item(request.seat, handle, now=now) if handle else None
    try:
        return opening.open_message(seat=request.seat, item=item, now=now).message if item else None
    except opening.RecalledError as error:
        raise Http404 from error


def _draft(request: SeatedRequest, handle: str) -> Draft:
    mine = _drafts(request).select_related("mailbox__address__agency", "answers", "forwards")
    return get_object_or_404(mine, handle=handle)


def _drafts(request: SeatedRequest) -> QuerySet[Draft]:
    return Draft.objects.filter(agency=request.seat.agency, author=request.seat.person)


def _fresh(request: SeatedRequest, initial: dict[str, str]) -> ComposeForm:
    """Return a form with the handle that its draft will have, so that two presses are known as one."""
    return _form(request, initial | {"draft": handles.new(), "revision": handles.new()})


def _form(request: SeatedRequest, initial: dict[str, str]) -> ComposeForm:
    zone = {"meeting_zone": request.seat.agency.zone}
    return ComposeForm(initial=zone | initial, places=_places(request, initial))


def _form_of(request: SeatedRequest, kept: Draft) -> ComposeForm:
    initial = {
        name: getattr(kept, name) for name in drafts.TYPED if name != "meeting_zone" or kept.meeting_zone
    }
    named = {"draft": kept.handle, "seen": kept.revision, "revision": handles.new()}
    return _form(request, initial | named | {"sender": kept.mailbox.address.handle})


def _bound(request: SeatedRequest) -> ComposeForm:
    return ComposeForm(request.POST, request.FILES, places=_places(request, request.POST))


def _answer(request: SeatedRequest, item: Item, initial: dict[str, str]) -> HttpResponse:
    if "answers" in initial:
        assigning.warn(request, item)
    sender = {"sender": item.mailbox.address.handle}
    email = _sender(request, initial | sender).route.email
    body = signature_block.begun(request.seat, initial["body"], language=request.LANGUAGE_CODE, email=email)
    return _page(request, _fresh(request, initial | sender | {"body": body}))


def _opened(request: SeatedRequest, handle: str) -> tuple[Item, messages.Reading]:
    item = item_or_404(request, handle)
    try:
        opening.open_message(seat=request.seat, item=item, now=clock.now())
        return item, messages.read(blobs.get(item.message.blob))
    except (opening.RecalledError, BlobMissingError, BlobDamagedError) as error:
        raise Http404 from error


def _page(
    request: SeatedRequest,
    form: ComposeForm,
    *,
    status: int = 200,
    outside: str = "",
    other: Draft | None = None,
) -> HttpResponse:
    seat = request.seat
    if not places.places(seat, now=clock.now()):
        return render(request, "mail/no_address.html", frame(request, current="compose"), status=403)
    handle = form["draft"].value()
    kept = _drafts(request).filter(handle=handle or "").first()
    contacts = book.contacts(seat.agency, now=clock.now(), language=request.LANGUAGE_CODE)
    context = {
        "form": form,
        "draft": kept,
        "draft_files": DraftFile.objects.filter(draft=kept).order_by("id") if kept else [],
        "contacts": contacts[:LISTED],
        "outside": outside,
        "other": other,
        "shelter_key": sheltering.key(seat),
        "block_languages": [(one, NAMES[one]) for one in signature_block.languages(seat) if one in NAMES],
        "signing_key": signing.own_key(seat),
        "forwarded": _message(request, form["forwards"].value() or "") or (kept.forwards if kept else None),
    }
    return render(request, "mail/compose.html", frame(request, current="compose") | context, status=status)
