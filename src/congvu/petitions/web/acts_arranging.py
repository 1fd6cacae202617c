"""Forms of arranging: notes, duplicates, incidents, and what everyone may read."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from congvu.directory.queries import Seat
from congvu.petitions.actions import arranging, telling
from congvu.petitions.policies import may_read
from congvu.petitions.queries import offered
from congvu.petitions.queries import petitions as queries
from congvu.petitions.web.act_forms import ActForm, text_field
from congvu.petitions.web.queue_forms import offer, service_choices
from congvu.petitions.words import State

EVER = tuple(State.values)
COVERED = _("%(name)s (covered)")


class NoteForm(ActForm):
    """Something for colleagues."""

    label, done = _("Write a note"), _("The note is written.")
    hint = _("Colleagues read it, citizens do not. A note is never deleted.")
    states, key = EVER, "n"
    text = text_field(_("Note"), rows=4)

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Write it."""
        arranging.note(self.petition, text=self.cleaned_data["text"], by=by, at=at)


class ToldForm(ActForm):
    """How the citizen learned what a letter did not bring."""

    label, done = _("Told in another way"), _("It is written down.")
    hint = _(
        "A letter did not arrive. You have told the citizen what it says: by telephone, by post or in person. "
        "Write when and how; colleagues read it, citizens do not."
    )
    states = EVER
    text = text_field(_("When and how"), rows=3)

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Write it down."""
        telling.tell_otherwise(self.petition, text=self.cleaned_data["text"], by=by, at=at)


class ReclassifyForm(ActForm):
    """Which service it is about."""

    label, done = _("Name another service"), _("The request is about the other service now.")
    hint = _("Only one that is the same in law. Who has the request, and until when, stays as it is.")
    service = forms.ChoiceField(label=_("Service"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = offered.services(self.seat.agency)
        self.services = {one.handle: one for one in rows if arranging.is_alike(self.petition.service, one)}
        choices = service_choices(self.services.values())
        offer(self, "service", [("", _("Choose a service")), *choices])

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Name it."""
        service = self.services[self.cleaned_data["service"]]
        arranging.reclassify(self.petition, service=service, by=by, at=at)


class _OtherForm(ActForm):
    number = forms.CharField(label=_("Number of the other request"), max_length=20)

    def clean_number(self) -> str:
        """Find the other petition."""
        typed = str(self.cleaned_data["number"])
        self.other = queries.by_number(typed, agency=self.seat.agency)
        if self.other is None or not may_read(self.seat, self.other):
            raise forms.ValidationError(_("There is no such request. Compare the digits."))
        return typed


class MergeForm(_OtherForm):
    """Into which other petition it goes."""

    label, done = _("Merge with another"), _("The requests are merged.")
    hint = _("It goes on in the other request about the same thing, and its citizen gets the other's answer.")

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Merge it."""
        if self.other is not None:
            arranging.merge(self.petition, into=self.other, by=by, at=at)


class LinkForm(_OtherForm):
    """Which other petition is about the same incident."""

    label, done = _("Link to another"), _("The requests are linked.")
    hint = _("Both are about one incident, and each keeps its own answer.")
    states = EVER

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Link them."""
        if self.other is not None:
            arranging.link(self.petition, other=self.other, by=by, at=at)


class ReleaseForm(ActForm):
    """What everyone may read and see."""

    label, done = _("Decide what everyone may read"), _("Everyone may read and see this now.")
    hint = _(
        "Take out what shows who somebody is: names, telephone numbers, house numbers, faces, number plates. "
        "Without words the register names only the service and the state."
    )
    states = EVER
    content = text_field(_("Words"), required=False, rows=8)
    place = forms.CharField(
        label=_("Place"),
        help_text=_("Where it would show whose home it is, leave the house number out."),
        required=False,
        max_length=300,
    )
    shows_point = forms.BooleanField(
        label=_("Show the point on the map"),
        help_text=_("Not where it is somebody's home."),
        required=False,
    )
    pictures = forms.MultipleChoiceField(
        label=_("Pictures"),
        help_text=_("To cover a face or a number plate, go to the picture on the page of the request first."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        files = queries.attachments(self.petition)
        own = [one for one in files if one.step is None or one.step.by_id is None]
        self.shown = {one.handle: one for one in own if one.media_type.startswith("image/")}
        named = [
            (handle, COVERED % {"name": one.name} if one.public_blob not in {"", one.blob} else one.name)
            for handle, one in self.shown.items()
        ]
        field = self.fields["pictures"]
        if named and isinstance(field, forms.MultipleChoiceField):
            field.choices = named
            field.initial = [handle for handle, one in self.shown.items() if one.public_blob]
        else:
            del self.fields["pictures"]
        self._offer_words()

    def _offer_words(self) -> None:
        """Offer what was released before, or else what the citizen wrote; a place only where the service asks."""
        one = self.petition
        self.fields["content"].initial = one.public_content or one.content
        self.fields["place"].initial = one.public_place if one.public_content else one.place
        self.fields["shows_point"].initial = one.shows_point or not one.public_content
        if not one.service.needs_place:
            del self.fields["place"]
        if not one.service.needs_place or one.latitude is None:
            del self.fields["shows_point"]

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Release it; a picture with covered parts stays covered."""
        said = self.cleaned_data
        arranging.release(
            self.petition,
            content=said["content"],
            pictures=said.get("pictures", []),
            place=said.get("place", ""),
            shows_point=said.get("shows_point", False),
            by=by,
            at=at,
        )
