"""Forms of conduct."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from congvu.base.texts import pick
from congvu.conduct.actions.findings import LONGEST
from congvu.conduct.models import Report
from congvu.conduct.web import words
from congvu.directory.models import Membership, Person, Unit
from congvu.directory.queries import Seat, current
from congvu.ui.words import language


def _area(label: Any, hint: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, max_length=LONGEST, required=required, widget=forms.Textarea({"rows": 5})
    )


class ReplyForm(forms.Form):
    """What the bearer says."""

    text = _area(
        _("Your reply"), _("Say what happened. Your head and the auditor read it; it is not made public.")
    )


class ExcuseForm(forms.Form):
    """Why several duties are excused."""

    cause = forms.ChoiceField(label=_("Cause"), choices=[("", _("Choose a cause")), *words.CAUSES.items()])
    reason = _area(_("Reason"), _("One reason for all the chosen duties. The officials read it."))


class DecisionForm(forms.Form):
    """Excuse or confirm, and why."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[
            ("excuse", _("Excuse: there was a good cause")),
            ("confirm", _("Confirm: it was not done in time, without such a cause")),
        ],
    )
    cause = forms.ChoiceField(
        label=_("Cause"),
        required=False,
        choices=[("", _("Choose a cause")), *words.CAUSES.items()],
        help_text=_("Needed when you excuse."),
    )
    reason = _area(
        _("Reason"), _("The official reads it. The text stays in the agency, out of the public log.")
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the cause where it is needed."""
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "excuse" and not cleaned.get("cause"):
            self.add_error("cause", _("Choose the cause that you confirm."))
        return cleaned


class ReportForm(forms.Form):
    """What an official noticed."""

    matter = forms.ChoiceField(
        label=_("What did you notice?"), widget=forms.RadioSelect, choices=list(words.MATTERS.items())
    )
    communication = forms.ChoiceField(
        label=_("Kind of communication"), required=False, choices=[("", "—"), *words.COMMUNICATIONS.items()]
    )
    unit = forms.ChoiceField(label=_("Unit"))
    person = forms.ChoiceField(
        label=_("Person"),
        required=False,
        help_text=_("Leave it empty when you mean the unit; then its head answers."),
    )
    text = _area(
        _("What happened"),
        _("Say when, and which paper or information. No private data and nothing secret."),
    )

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {one.handle: one for one in Unit.objects.filter(agency=seat.agency).order_by("code")}
        held = Membership.objects.filter(current(seat.on), agency=seat.agency).select_related("person")
        self.people = {one.person.handle: one.person for one in held.order_by("person__sorted_as", "id")}
        choices(self, "unit", [("", _("Choose a unit")), *unit_choices(self.units.values())])
        choices(self, "person", [("", "—"), *((key, one.full_name) for key, one in self.people.items())])

    def about(self) -> tuple[Unit, Person | None]:
        """Return the unit and the person that were chosen."""
        return self.units[self.cleaned_data["unit"]], self.people.get(self.cleaned_data["person"])


class AnswerForm(forms.Form):
    """The answer to a report."""

    state = forms.ChoiceField(
        label=_("Your finding"),
        widget=forms.RadioSelect,
        choices=[
            (Report.State.UPHELD, _("Upheld: it happened, and there was no good cause")),
            (Report.State.NOT_UPHELD, _("Not upheld: it did not happen, or there was a good cause")),
        ],
    )
    cause = forms.ChoiceField(
        label=_("Cause"),
        required=False,
        choices=[("", "—"), *words.CAUSES.items()],
        help_text=_("If there was a good cause, which one."),
    )
    answer = _area(_("Answer"), _("The one who reported and the one concerned read it."))


class CountsForm(forms.Form):
    """The figures as they were read, and a remark."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=60)
    remark = _area(_("Remark"), _("What the figures do not show."), required=False)


def choices(form: forms.Form, name: str, values: Any) -> None:
    """Give a choice field its choices."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = list(values)


def unit_choices(units: Any) -> list[tuple[str, str]]:
    """Return units as choices, in the reader's language."""
    return [(one.handle, pick(one.name, language())[0]) for one in units]
