"""What is asked when records are to be destroyed or held."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from congvu.base import handles
from congvu.desk.web.disposal_words import ERRORS, KINDS
from congvu.directory.models import Agency
from congvu.ledger.disposal.actions.deciding import LONGEST, MOST
from congvu.ledger.disposal.holders import offered


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _area(label: Any, hint: Any = "") -> forms.CharField:
    widget = forms.Textarea({"rows": 4})
    return forms.CharField(label=label, help_text=hint, max_length=LONGEST["reason"], widget=widget)


def _kinds(label: Any, hint: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        help_text=hint,
        required=False,
        choices=lambda: [(kind, KINDS.get(kind, kind)) for kind in offered()],
        widget=forms.CheckboxSelectMultiple,
    )


class _PeriodForm(forms.Form):
    first_day = forms.DateField(label=_("First day"), required=False, widget=_Day())
    last_day = forms.DateField(label=_("Last day"), required=False, widget=_Day())

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(agency.zone)

    def period(self) -> tuple[datetime | None, datetime | None]:
        """Return the period's instants, the end exclusive."""
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        return self._midnight(first), self._midnight(last + timedelta(days=1)) if last else None

    def _midnight(self, day: date | None) -> datetime | None:
        return datetime.combine(day, time(), self.zone) if day else None

    def clean_last_day(self) -> date | None:
        """Refuse the last day of all time, after which none comes."""
        day: date | None = self.cleaned_data["last_day"]
        if day == date.max:
            raise forms.ValidationError(str(ERRORS["PeriodError"]))
        return day


class ProposalForm(_PeriodForm):
    """What is to be destroyed, and why."""

    kinds = _kinds(_("What was recorded in a period"))
    entries = forms.CharField(
        label=_("Or single records, by the numbers of their entries"),
        help_text=_("One on each line, as receipts name them. A letter goes by the entry of its acceptance."),
        required=False,
        max_length=MOST * 30,
        widget=forms.Textarea({"rows": 3, "spellcheck": "false"}),
    )
    basis = forms.CharField(
        label=_("Legal basis"),
        help_text=_("The law with its article, or the decision with its number."),
        max_length=LONGEST["basis"],
    )
    reason = _area(
        _("Reason"), _("Why the term of keeping is over. It stays in the agency, out of the public log.")
    )
    field_order = ("kinds", "first_day", "last_day", "entries", "basis", "reason")

    def clean_entries(self) -> list[str]:
        """Return the numbers, each of which must look like one."""
        words = re.split(r"[\s,;]+", self.cleaned_data["entries"].strip().lower())
        found = [one for one in words if one]
        if wrong := next((one for one in found if not handles.is_handle(one)), None):
            message = _("This is no number of an entry: %(word)s")
            raise forms.ValidationError(message, params={"word": wrong[:60]})
        return found


class HoldForm(_PeriodForm):
    """What must not be destroyed, and why."""

    kinds = _kinds(_("Only this"), _("Nothing chosen: everything, whatever it is."))
    basis = forms.CharField(
        label=_("Why nothing may be destroyed"),
        help_text=_("The case, the inspection or the request, with its number."),
        max_length=LONGEST["basis"],
    )
    field_order = ("basis", "kinds", "first_day", "last_day")


class ReasonForm(forms.Form):
    """Why something is refused or lifted."""

    reason = _area(_("Reason"))


class ApprovalForm(forms.Form):
    """How many objections stood on the page: one that came later is to be read first."""

    objections = forms.IntegerField(widget=forms.HiddenInput)


class BeginForm(forms.Form):
    """That whoever lets records be destroyed means it."""

    sure = forms.BooleanField(
        label=_("I have compared what is chosen with the law, and know that nobody can bring it back")
    )


class CopiesForm(forms.Form):
    """Until when copies elsewhere live."""

    until = forms.DateField(
        label=_("No copy is left from this day on"),
        help_text=_(
            "Today, if there is none any more. Backups of the keys count most: without keys a backup tells nothing."
        ),
        widget=_Day(),
    )
    text = _area(_("How you know"), _("Which backups there are, who holds them, when they are written over."))
