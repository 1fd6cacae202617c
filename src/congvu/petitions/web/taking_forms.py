"""What an official writes down while somebody telephones, or from a letter on paper."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from congvu.base import handles
from congvu.directory.queries import Seat
from congvu.petitions import attributes
from congvu.petitions.actions.steps import LONGEST
from congvu.petitions.models import Service
from congvu.petitions.queries import offered
from congvu.petitions.submissions import Submission, Who
from congvu.petitions.web import words
from congvu.petitions.web.act_forms import FilesField
from congvu.petitions.web.place_forms import LONGEST_PLACE, PointForm
from congvu.petitions.web.public_forms import QUESTION, question
from congvu.petitions.web.queue_forms import day_input, offer, service_choices
from congvu.petitions.words import Channel
from congvu.ui.templatetags.ui import LANGUAGES

TAKEN_BY_HAND = ("phone", "in_person", "post", "text_message", "fax", "network")
MORE = (
    *("latitude", "longitude", "channel", "language", "email", "address", "received_on", "documents"),
    *("is_threat", "urgency", "competence", "about", "instance"),
)


class CallForm(PointForm):
    """A petition as it is told; the service's own questions follow the service."""

    once = forms.CharField(widget=forms.HiddenInput, max_length=26, initial=handles.new)
    service = forms.ChoiceField(label=_("Service"))
    content = forms.CharField(
        label=_("What is asked"), max_length=LONGEST, widget=forms.Textarea({"rows": 5})
    )
    place = forms.CharField(label=_("Place"), max_length=LONGEST_PLACE, required=False)
    name = forms.CharField(label=_("Name of the caller"), max_length=200, required=False)
    phone = forms.CharField(
        label=_("Telephone"), max_length=40, required=False, widget=forms.TextInput({"type": "tel"})
    )
    channel = forms.ChoiceField(
        label=_("How it came"),
        choices=[(one, words.CHANNELS[one]) for one in TAKEN_BY_HAND],
        initial=Channel.PHONE,
    )
    language = forms.ChoiceField(label=_("Language of the citizen"), choices=list(LANGUAGES.items()))
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    received_on = forms.DateField(
        label=_("Day on which it came"),
        help_text=_("Of a letter on paper, when it was not today."),
        required=False,
        widget=day_input(),
    )
    documents = FilesField(label=_("Scanned letter or pictures"))
    is_threat = forms.BooleanField(label=_("Danger to life or health"), required=False)
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        required=False,
        choices=[
            ("", _("As the service says")),
            *((key, word) for key, (word, _tone) in words.URGENCIES.items()),
        ],
    )
    competence = forms.ChoiceField(
        label=pgettext_lazy("of a request", "Who is competent"),
        choices=list(words.COMPETENCES.items()),
        initial="own",
    )
    about = forms.ChoiceField(
        label=_("What a complaint is about"), choices=list(words.ABOUT.items()), initial="administration"
    )
    instance = forms.ChoiceField(label=_("Instance"), choices=list(words.INSTANCES.items()), initial="first")

    def __init__(self, *args: Any, seat: Seat, found: str = "", chosen: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seat, self.agency = seat, seat.agency
        rows = offered.services(seat.agency)
        shown = offered.matching(rows, found) if found else rows
        self.services = {one.handle: one for one in rows}
        listed = service_choices(shown)
        offer(self, "service", listed if found else [("", _("Choose a service")), *listed])
        self.fields["language"].initial = seat.agency.language
        asked = chosen or self.data.get("service") or (listed[0][0] if found and listed else "")
        self.chosen: Service | None = self.services.get(asked)
        if self.chosen is not None:
            self.fields["service"].initial = self.chosen.handle
        for one in attributes.of(self.chosen) if self.chosen else ():
            if one.variable:
                self.fields[QUESTION + one.code] = question(one)

    @property
    def questions(self) -> list[forms.BoundField]:
        """Return the fields of the service's own questions."""
        return [self[name] for name in self.fields if name.startswith(QUESTION)]

    @property
    def more(self) -> list[forms.BoundField]:
        """Return the fields that are seldom changed during a call."""
        return [self[name] for name in MORE]

    def submission(self) -> Submission:
        """Return what is handed in."""
        said = self.cleaned_data
        names = (
            *("channel", "content", "language", "place", "latitude", "longitude"),
            *("urgency", "competence", "about", "instance"),
        )
        return Submission(
            service=self.services[said["service"]],
            who=Who(**{name: said[name] for name in ("name", "phone", "email", "address")}),
            answers={name.removeprefix(QUESTION): said[name] for name in said if name.startswith(QUESTION)},
            files=said["documents"],
            is_threat=said["is_threat"],
            received_on=said["received_on"],
            **{name: said[name] for name in names},
        )
