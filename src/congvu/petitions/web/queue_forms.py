"""What is looked for in the queue, and what is done with several petitions together."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from congvu.base.texts import pick
from congvu.directory.models import Membership, Person, Unit
from congvu.directory.policies import below
from congvu.directory.queries import Seat, current, units
from congvu.petitions.actions.filtering import LONGEST_NAME, LONGEST_QUERY
from congvu.petitions.models import Service
from congvu.petitions.policies import may_take_in, reach
from congvu.petitions.queries.queue import TABS, Asked
from congvu.petitions.web import words
from congvu.ui.words import language

TAB_NAMES = {
    "open": pgettext_lazy("requests", "To do"),
    "mine": pgettext_lazy("requests", "Mine"),
    "unit": _("My unit"),
    "unassigned": pgettext_lazy("requests", "Nobody's yet"),
    "waiting": pgettext_lazy("requests", "Waiting"),
    "wrote": pgettext_lazy("requests", "New words"),
    "disputed": pgettext_lazy("requests", "Disputed"),
    "over": pgettext_lazy("requests", "Overdue"),
    "answered": pgettext_lazy("requests", "Answered"),
    "all": pgettext_lazy("requests", "All"),
}
LAST_DAY = date.max - timedelta(days=2)


def day_input() -> forms.DateInput:
    """Return a field for a day, as browsers offer it."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def unit_choices(found: Any) -> list[tuple[str, str]]:
    """Return units as choices, in the reader's language."""
    return [(one.handle, pick(one.name, language())[0]) for one in found]


def service_choices(found: Any) -> list[tuple[str, str]]:
    """Return services as choices, in the reader's language."""
    return [(one.handle, pick(one.name, language())[0]) for one in found]


class QueueForm(forms.Form):
    """A view of the queue, as its address says it; what does not fit is left out."""

    tab = forms.ChoiceField(choices=list(TAB_NAMES.items()), required=False, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Number, words or place"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"type": "search"}),
    )
    service = forms.ChoiceField(label=_("Service"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    since = forms.DateField(label=_("Received from"), required=False, widget=day_input())
    until = forms.DateField(label=_("Received until"), required=False, widget=day_input())

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope = reach(seat)
        services = Service.objects.filter(agency=seat.agency).order_by("position", "code")
        offer(self, "service", [("", _("All services")), *service_choices(services)])
        offer(
            self,
            "unit",
            [("", _("All units")), *unit_choices(units(seat.agency, seat.on) if scope is None else scope)],
        )
        offer(
            self,
            "state",
            [("", _("All states")), *((value, name) for value, (name, _tone) in words.STATES.items())],
        )
        offer(self, "channel", [("", _("All channels")), *words.CHANNELS.items()])

    def asked(self) -> Asked:
        """Return what is looked for."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        if (until := given.get("until")) and until > LAST_DAY:
            del given["until"]
        return Asked(**{"tab": TABS[0]} | given)

    @property
    def is_narrowed(self) -> bool:
        """Return whether anything but the tab is asked for."""
        return any(value for name, value in self.cleaned_data.items() if name != "tab")


def known_query(query: str, seat: Seat) -> str:
    """Return what an address asks of the queue, without what the queue does not know."""
    form = QueueForm(QueryDict(query[:LONGEST_QUERY]), seat=seat)
    form.is_valid()
    known = {name: str(value) for name, value in form.cleaned_data.items() if value}
    return urlencode(known)[:LONGEST_QUERY]


class SaveForm(forms.Form):
    """The name of a view."""

    name = forms.CharField(label=_("Name of this view"), max_length=LONGEST_NAME)


class BulkForm(forms.Form):
    """What is done with the chosen petitions: `assign:` a person, `forward:` to a unit, `close`."""

    do = forms.ChoiceField(
        label=_("What to do with the chosen requests"),
        widget=forms.Select({"class": "cv-input cv-input--auto"}),
    )

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {one.handle: one for one in colleagues(seat)}
        self.units = {one.handle: one for one in sendable(seat)}
        people = [(f"assign:{handle}", one.full_name) for handle, one in self.people.items()]
        offered: list[Any] = [("", _("Chosen requests …")), (_("Give to"), people)]
        if self.units:
            offered.append(
                (
                    _("Send to"),
                    [(f"forward:{handle}", name) for handle, name in unit_choices(self.units.values())],
                )
            )
        offered.append((_("End"), [("close", _("Close what is answered"))]))
        offer(self, "do", offered)


def colleagues(seat: Seat) -> list[Person]:
    """Return to whom the seat may give work: a head everybody of the units in charge, others only themselves."""
    if not seat.has("head", "deputy"):
        return [seat.person]
    held = Membership.objects.filter(current(seat.on), agency=seat.agency, post__unit__in=below(seat))
    return list(Person.objects.filter(pk__in=held.values("person")).order_by("sorted_as", "id"))


def sendable(seat: Seat) -> list[Unit]:
    """Return the units to which the seat may send petitions: of who takes in and of a head all."""
    return units(seat.agency, seat.on) if may_take_in(seat) or seat.has("head", "deputy") else []


def offer(form: forms.Form, name: str, values: Any) -> None:
    """Give a choice field its choices."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = list(values)
