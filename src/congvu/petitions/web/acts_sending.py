"""Forms of sending on: to units, to an official, to another agency, up to who leads."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from congvu.directory.models import Membership, Person
from congvu.directory.queries import Seat, current, units
from congvu.petitions.actions import sending
from congvu.petitions.web import words
from congvu.petitions.web.act_forms import ActForm, PublicWords, text_field, told_field
from congvu.petitions.web.queue_forms import offer, unit_choices


class ForwardForm(ActForm):
    """To which unit, and which others help."""

    label, done = _("Send to a unit"), _("The request is with the unit.")
    hint = _("The unit that you choose answers; its time runs on. The citizen is told which unit has it.")

    unit = forms.ChoiceField(label=_("Who answers"))
    helping = forms.MultipleChoiceField(
        label=_("Who helps"), required=False, widget=forms.CheckboxSelectMultiple
    )
    text = PublicWords(label=_("A word to the citizen"), required=False, rows=3)
    is_told = told_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {one.handle: one for one in units(self.seat.agency, self.seat.on)}
        named = unit_choices(self.units.values())
        offer(self, "unit", [("", _("Choose a unit")), *named])
        offer(self, "helping", named)

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Send it on."""
        said = self.cleaned_data
        first = said["unit"]
        chosen = [first, *(one for one in said["helping"] if one != first)]
        found = [self.units[one] for one in chosen]
        sending.forward(self.petition, units=found, by=by, text=said["text"], is_told=said["is_told"], at=at)


class AssignForm(ActForm):
    """Who prepares the answer."""

    label, done = _("Give to an official"), _("The request is given.")
    person = forms.ChoiceField(label=_("Official"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seat = self.seat
        held = Membership.objects.filter(current(seat.on), agency=seat.agency, post__unit=self.petition.unit)
        rows = Person.objects.filter(pk__in=held.values("person")).order_by("sorted_as", "id")
        self.people = {one.handle: one for one in rows}
        named = [(handle, one.full_name) for handle, one in self.people.items()]
        offer(self, "person", [("", _("Choose an official")), *named])

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Give it."""
        sending.assign(self.petition, to=self.people[self.cleaned_data["person"]], by=by, at=at)


class HandBackForm(ActForm):
    """The undoing of a giving."""

    label, done = _("Give it back to the unit"), _("Nobody has the request now; the unit has it.")

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Give it back."""
        sending.hand_back(self.petition, by=by, at=at)


class RedirectForm(ActForm):
    """Which agency is competent, and why."""

    label, done = _("Send to another agency"), _("The request went to the other agency.")
    hint = _(
        "Only where another agency is competent. Your part ends with it, and the citizen is told where to ask."
    )
    is_danger = True

    to = forms.CharField(label=_("Competent agency"), max_length=200)
    text = PublicWords(label=_("Reason"))
    is_told = told_field()

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Send it away."""
        sending.redirect(self.petition, by=by, at=at, **self.cleaned_data)


class EscalateForm(ActForm):
    """Why the handling is slow or poor."""

    label, done = _("Bring to who leads"), _("The request was brought to who leads.")
    ground = forms.ChoiceField(
        label=pgettext_lazy("of an escalation", "Ground"),
        widget=forms.RadioSelect,
        choices=list(words.GROUNDS.items()),
    )
    text = text_field(_("Reason"), _("Colleagues read it, citizens do not."), rows=4)

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Bring it up."""
        sending.escalate(self.petition, by=by, at=at, **self.cleaned_data)


class GuideForm(ActForm):
    """Who is competent."""

    label, done = _("Say who is competent"), _("It is written down who is competent.")
    text = text_field(_("Guidance"), _("Colleagues read it, citizens do not."), rows=4)

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Write it down."""
        sending.guide(self.petition, by=by, at=at, **self.cleaned_data)
