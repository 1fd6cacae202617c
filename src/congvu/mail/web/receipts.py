"""The steps of a message in plain words, each with the bundle that proves it."""

from django import forms
from django.conf import settings
from django.contrib import messages as notices
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from congvu.base import clock
from congvu.directory.web.access import SeatedRequest
from congvu.ledger import queries as ledger
from congvu.ledger.log_keys import KeyMissingError
from congvu.mail.actions import receipts as sending
from congvu.mail.actions.receipts import NothingProvedError, TooManyStepsError, Wish
from congvu.mail.certified import seals
from congvu.mail.models import Item
from congvu.mail.policies import NotAllowedError
from congvu.mail.queries import courses, items, places, receipts
from congvu.mail.tasks import relay_settings
from congvu.mail.web import explaining
from congvu.mail.web.access import item_or_404, official
from congvu.mail.web.folders import frame
from congvu.ui.web.files import attachment


@official
@require_safe
def steps(request: SeatedRequest, handle: str) -> HttpResponse:
    """Show how far a message came, step by step."""
    item = item_or_404(request, handle)
    now = clock.now()
    boxes = places.boxes(request.seat, now=now)
    is_sender = receipts.sees_all_steps(item.message, boxes)
    context = {
        "item": item,
        "courses": courses.courses(item.message, boxes),
        "is_sender": is_sender,
        "may_send": sending.is_known(item),
        "transfers": receipts.progress(item.message) if is_sender else [],
        "has_relay": relay_settings() is not None,
    }
    place = places.place_of(request.seat, item.mailbox, now=now)
    return render(request, "mail/receipts.html", frame(request, current=item.folder, place=place) | context)


class SendForm(forms.Form):
    """To whom a receipt goes, and how."""

    to = forms.CharField(
        label=gettext_lazy("To"),
        max_length=1_000,
        help_text=gettext_lazy("One address, such as the court's."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    about = forms.ChoiceField(label=gettext_lazy("Which steps"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the letter"),
        choices=[(code, name) for code, name in settings.LANGUAGES],
    )
    full = forms.BooleanField(
        label=gettext_lazy("With all particulars: who acted, and in which box"), required=False
    )
    use_required_attribute = False

    def __init__(self, *args: object, recipients: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they are
        about = self.fields["about"]
        if isinstance(about, forms.ChoiceField):
            about.choices = [("", _("All recipients")), *((one, one) for one in recipients)]


@official
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: SeatedRequest, handle: str) -> HttpResponse:
    """Send the receipts of a message as a message, when a person asks for it."""
    item = item_or_404(request, handle)
    if not sending.is_known(item):
        raise Http404
    shown = courses.courses(item.message, places.boxes(request.seat, now=clock.now()))
    recipients = [one.recipient for one in shown if one.recipient]
    if request.method == "POST":
        form = SendForm(request.POST, recipients=recipients)
        sent = _sent(request, item, form) if form.is_valid() else None
        if sent is not None:
            return sent
    else:
        about = request.GET.get("about", "")
        initial = {"language": request.seat.agency.language, "about": about}
        form = SendForm(initial=initial, recipients=recipients)
    context = {
        "item": item,
        "form": form,
        "is_sealed": seals.seal(request.seat.agency, now=clock.now()) is not None,
        "is_ready": any(step.is_proven for one in shown for step in one.steps),
    }
    place = places.place_of(request.seat, item.mailbox, now=clock.now())
    page = frame(request, current=item.folder, place=place) | context
    return render(request, "mail/send_receipt.html", page, status=422 if form.errors else 200)


def _sent(request: SeatedRequest, item: Item, form: SendForm) -> HttpResponse | None:
    """Send what the form says; None when it cannot be sent, and the form says why."""
    data = form.cleaned_data
    wish = Wish(to=data["to"], about=data["about"], language=data["language"], is_full=data["full"])
    try:
        message = sending.send(seat=request.seat, item=item, wish=wish, now=clock.now())
    except explaining.MISTAKES as error:
        form.add_error(*explaining.mistake(error))
    except NothingProvedError:
        form.add_error(None, _("No step of this has its proof yet. Try again in a few seconds."))
    except TooManyStepsError:
        form.add_error("about", _("That is too much for one letter. Choose one recipient."))
    except NotAllowedError:
        form.add_error(None, _("Your seat gives no right to send from this box."))
    else:
        notices.success(request, _("The receipt was sent."))
        lies = items.item_of(message, [message.sender] if message.sender else [])
        return redirect("mail:message", lies.handle) if lies else redirect("mail:receipts", item.handle)
    return None


@official
@require_safe
def bundle(request: SeatedRequest, handle: str, receipt: str) -> HttpResponse:
    """Give the bundle that proves a step; who acted and in which box only when asked for. Or its COSE receipt."""
    item = item_or_404(request, handle)
    visible = receipts.visible(item.message, places.boxes(request.seat, now=clock.now()))
    found = next((one for one in visible if one.handle == receipt), None)
    if found is None:
        raise Http404
    agency = request.seat.agency.handle
    is_full, is_cose = "all" in request.GET, request.GET.get("format") == "cose"
    name = f"receipt-{found.step}-{localtime(found.at).date().isoformat()}"
    try:
        if is_cose:
            data = ledger.prove_by_cose(found.entry, agency=agency)
            return attachment(data, name=f"{name}.cose", content_type="application/cose")
        data = ledger.prove(found.entry, agency=agency, disclose=None if is_full else receipts.needed(found))
    except ledger.PendingError:
        page = frame(request, current=item.folder) | {"item": item}
        return render(request, "mail/pending.html", page, status=409)
    except KeyMissingError:
        notices.error(request, _("The key of this log is gone: no COSE receipt can be signed any more."))
        return redirect("mail:receipts", handle)
    return attachment(
        data, name=f"{name}{'-all' if is_full else ''}.congvu.json", content_type="application/json"
    )
