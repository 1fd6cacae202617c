"""The page of the vacation notice."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages as notices
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy
from django.views.decorators.http import require_http_methods

from congvu.base import clock
from congvu.directory.models import Leave
from congvu.directory.queries import Seat, emails
from congvu.directory.web.access import SeatedRequest
from congvu.mail.actions import opening, vacation
from congvu.mail.arranging.models import VacationNotice
from congvu.mail.queries import absence, delegating
from congvu.mail.queries.places import own_place
from congvu.mail.web.access import official
from congvu.mail.web.folders import frame
from congvu.ui import words

SECOND = "en"
READINGS = 50
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
NAMES = {"vi": "Tiếng Việt", "kk": "Қазақша", "ru": "Русский", "en": "English"}


class NoticeForm(forms.Form):
    """What is said, on which days, in the agency's language and in English."""

    is_on = forms.BooleanField(
        label=gettext_lazy("Answer who writes to me on these days that I am away"), required=False
    )
    first_day = forms.DateField(label=pgettext_lazy("vacation notice", "First day"), widget=DAY)
    last_day = forms.DateField(label=pgettext_lazy("vacation notice", "Last day"), widget=DAY)
    text = forms.CharField(max_length=vacation.LONGEST, widget=forms.Textarea(attrs={"rows": 6}))
    second = forms.CharField(
        max_length=vacation.LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language = language
        self.fields["text"].label = _("Text (%(language)s)") % {"language": NAMES[language]}
        self.fields["second"].label = _("Text (%(language)s)") % {"language": NAMES[SECOND]}
        if language == SECOND:
            del self.fields["second"]

    def texts(self) -> dict[str, str]:
        """Return what was written, by language."""
        data = self.cleaned_data
        return {self.language: data["text"]} | ({SECOND: data["second"]} if data.get("second") else {})


@official
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: SeatedRequest) -> HttpResponse:
    """Show what one's own mailbox answers while one is away, and change it."""
    seat, now = request.seat, clock.now()
    place = own_place(seat, now=now)
    if place is None:
        raise Http404
    held, leave = absence.notice_of(place.box), absence.leave_of(seat)
    form = NoticeForm(request.POST or None, language=_language(seat), initial=_initial(seat, held, leave))
    if form.is_valid():
        data = form.cleaned_data
        try:
            vacation.set_notice(
                seat=seat,
                box=opening.open_box(seat=seat, place=place, now=now),
                texts=form.texts(),
                valid_from=data["first_day"],
                valid_to=data["last_day"] + timedelta(days=1),
                is_on=data["is_on"],
            )
        except vacation.NoTextError:
            form.add_error("text", _("Say something."))
        except vacation.EmptyPeriodError:
            form.add_error("last_day", _("The last day is not before the first."))
        else:
            notices.success(request, _("Saved."))
            return redirect("mail:absence")
    readings = delegating.readings(seat.person, limit=READINGS)
    context = {"form": form, "held": held, "leave": leave, "on": seat.on, "readings": readings}
    page = frame(request, current="absence") | context
    return render(request, "mail/absence.html", page, status=422 if form.errors else 200)


def _language(seat: Seat) -> str:
    return seat.agency.language if seat.agency.language in NAMES else SECOND


def _initial(seat: Seat, held: VacationNotice | None, leave: Leave | None) -> dict[str, Any]:
    """Return what was saved; else what the recorded leave suggests."""
    if held and held.valid_to > seat.on:
        kept = {"text": held.texts.get(_language(seat), ""), "second": held.texts.get(SECOND, "")}
        last = held.valid_to - timedelta(days=1)
        return kept | {"is_on": held.is_on, "first_day": held.valid_from, "last_day": last}
    days = {"first_day": leave.valid_from, "last_day": leave.last_day} if leave else {}
    suggested = {
        "text": _suggested(seat, leave, _language(seat)),
        "second": _suggested(seat, leave, SECOND),
    }
    return {**suggested, "is_on": True, **days}


def _suggested(seat: Seat, leave: Leave | None, language: str) -> str:
    """Return a text to begin with; it names who acts, never why somebody is away."""
    if leave is None:
        return ""
    with override(language):
        day = words.day(leave.last_day)
        parts = [_("I am away until the end of %(day)s and read no mail meanwhile.") % {"day": day}]
        if leave.acting:
            address = emails(seat.agency, [leave.acting]).get(leave.acting.pk, "")
            whom = f"{leave.acting.full_name} <{address}>" if address else leave.acting.full_name
            parts.append(_("Please write to %(whom)s.") % {"whom": whom})
        return " ".join(parts)
