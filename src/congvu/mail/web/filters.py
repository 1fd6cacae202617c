"""Filters of a mailbox: their list, and writing one with a trial on the latest letters before it is kept."""

from typing import Any

from django import forms
from django.contrib import messages as notices
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from congvu.base import clock
from congvu.directory.web.access import SeatedRequest
from congvu.mail.actions import filters, opening
from congvu.mail.actions.filters import Rule
from congvu.mail.arranging.models import MailFilter, MailFolder
from congvu.mail.arranging.sorting import asked
from congvu.mail.models import Mailbox
from congvu.mail.queries import arranged
from congvu.mail.queries.places import Place
from congvu.mail.web.access import official, place_or_404
from congvu.mail.web.folders import frame
from congvu.mail.web.rows import rows


class FilterForm(forms.Form):
    """What a filter asks, and what it does."""

    sender = forms.CharField(
        label=gettext_lazy("The sender contains"),
        required=False,
        max_length=filters.LONGEST,
        help_text=gettext_lazy("A name or an address, or a part of it."),
    )
    recipient = forms.CharField(
        label=gettext_lazy("A recipient contains"), required=False, max_length=filters.LONGEST
    )
    subject = forms.CharField(
        label=gettext_lazy("The subject contains"), required=False, max_length=filters.LONGEST
    )
    folder = forms.ChoiceField(label=gettext_lazy("Move it to"), required=False)
    flags = forms.BooleanField(label=gettext_lazy("Mark it with a flag"), required=False)

    def __init__(self, *args: Any, held: list[MailFolder], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        folder = self.fields["folder"]
        if isinstance(folder, forms.ChoiceField):
            folder.choices = [("", _("Leave it in the inbox")), *((one.handle, one.name) for one in held)]


@official
@require_safe
def manage(request: SeatedRequest, handle: str) -> HttpResponse:
    """Show the filters of a box in their order."""
    place = place_or_404(request, handle)
    held = arranged.filters(place.box if place else None)
    return render(
        request, "mail/filters.html", frame(request, current="filters", place=place) | {"held": held}
    )


@official
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: SeatedRequest, handle: str) -> HttpResponse:
    """Write a new filter of a box."""
    place = place_or_404(request, handle)
    if place is None:
        raise Http404
    return _written(request, place, None)


@official
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SeatedRequest, handle: str) -> HttpResponse:
    """Change a filter."""
    held = _filter_or_404(request, handle)
    place = arranged.place(request.seat, held.mailbox, now=clock.now())
    if place is None:
        raise Http404
    return _written(request, place, held)


@official
@require_POST
def act(request: SeatedRequest, handle: str) -> HttpResponse:
    """Let a filter run earlier or later, run or rest, or remove it."""
    held = _filter_or_404(request, handle)
    place = arranged.place(request.seat, held.mailbox, now=clock.now())
    seat, now, button = request.seat, clock.now(), request.POST.get("do")
    if button in {"up", "down"}:
        filters.move_filter(seat=seat, held=held, up=button == "up", now=now)
    elif button in {"on", "off"}:
        filters.switch_filter(seat=seat, held=held, is_on=button == "on", now=now)
    elif button == "remove":
        filters.remove_filter(seat=seat, held=held, now=now)
        notices.success(request, _("The filter was removed. What it moved stays where it lies."))
    return redirect("mail:filters", place.handle if place else "")


def _written(request: SeatedRequest, place: Place, held: MailFilter | None) -> HttpResponse:
    """Show the form, try it, or keep it."""
    folders = arranged.folders(place.box)
    form = FilterForm(request.POST or None, held=folders, initial=_initial(held))
    context: dict[str, Any] = {"form": form, "held": held}
    if form.is_valid():
        rule = _rule(form, folders)
        box = opening.open_box(seat=request.seat, place=place, now=clock.now())
        try:
            filters.check(box, rule)
            if request.POST.get("do") == "save":
                _keep(request, box, held, rule)
                return redirect("mail:filters", place.handle)
        except filters.AsksNothingError:
            form.add_error("sender", _("Say what the letter must contain, in one field at least."))
        except filters.DoesNothingError:
            form.add_error("folder", _("Choose a folder, or mark the letter."))
        except filters.TooManyFiltersError:
            form.add_error(None, _("A mailbox has no more than 100 filters."))
        else:
            context["trial"] = trial = arranged.trial(place.box, asked(MailFilter(**_asked(rule))))
            context["rows"] = rows(trial.taken, {})
    page = frame(request, current="filters", place=place) | context
    return render(request, "mail/filter.html", page, status=422 if form.errors else 200)


def _keep(request: SeatedRequest, box: Mailbox, held: MailFilter | None, rule: Rule) -> None:
    if held:
        filters.change_filter(seat=request.seat, held=held, rule=rule, now=clock.now())
    else:
        filters.add_filter(seat=request.seat, box=box, rule=rule, now=clock.now())
    notices.success(request, _("The filter was saved. It runs on letters that arrive from now on."))


def _rule(form: FilterForm, folders: list[MailFolder]) -> Rule:
    data = form.cleaned_data
    folder = next((one for one in folders if one.handle == data["folder"]), None)
    return Rule(
        sender=data["sender"],
        recipient=data["recipient"],
        subject=data["subject"],
        folder=folder,
        flags=data["flags"],
    )


def _asked(rule: Rule) -> dict[str, str]:
    return {"sender": rule.sender, "recipient": rule.recipient, "subject": rule.subject}


def _initial(held: MailFilter | None) -> dict[str, Any]:
    if held is None:
        return {}
    return {
        "sender": held.sender,
        "recipient": held.recipient,
        "subject": held.subject,
        "folder": held.folder.handle if held.folder else "",
        "flags": held.flags,
    }


def _filter_or_404(request: SeatedRequest, handle: str) -> MailFilter:
    found = arranged.filter_(request.seat, handle, now=clock.now())
    if found is None:
        raise Http404
    return found
