"""Forms of letting officials read a confidential petition, and no longer."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from congvu.directory.models import Address
from congvu.directory.queries import Seat, find_address
from congvu.petitions.actions import admitting
from congvu.petitions.queries import petitions as queries
from congvu.petitions.web.act_forms import ActForm
from congvu.petitions.web.queue_forms import offer
from congvu.petitions.words import State

EVER = tuple(State.values)


class LetInForm(ActForm):
    """Who else reads it."""

    label, done = _("Let somebody read it"), _("This official may read it while the unit has it.")
    hint = _(
        "It is confidential: of your unit only you and the official to whom it is given read it. Let in only who is "
        "needed for the answer, never whom it is about. Evidence keeps whom you let in."
    )
    states = EVER
    address = forms.CharField(
        label=_("Official address"), help_text=_("Of the official, such as an@%(domain)s."), max_length=320
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].help_text = str(self.fields["address"].help_text) % {
            "domain": self.seat.agency.domain
        }

    def clean_address(self) -> str:
        """Find whose address it is; the part before the @ is enough."""
        typed = str(self.cleaned_data["address"]).strip()
        found = find_address(typed if "@" in typed else f"{typed}@{self.seat.agency.domain}")
        if found is None or found.agency_id != self.seat.agency.pk or found.kind != Address.Kind.PERSONAL:
            raise forms.ValidationError(_("No official of this agency has this address."))
        self.person = found.person
        return typed

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Let them read it."""
        if self.person is not None:
            admitting.let_in(self.petition, person=self.person, by=by, at=at)


class ShutOutForm(ActForm):
    """Who reads it no more."""

    label, done = _("Let somebody read it no more"), _("This official reads it no more.")
    states = EVER
    person = forms.ChoiceField(label=_("Official"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {one.person.handle: one.person for one in queries.accesses(self.petition)}
        named = [(handle, one.full_name) for handle, one in self.people.items()]
        offer(self, "person", [("", _("Choose an official")), *named])

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Shut them out."""
        admitting.shut_out(self.petition, person=self.people[self.cleaned_data["person"]], by=by, at=at)
