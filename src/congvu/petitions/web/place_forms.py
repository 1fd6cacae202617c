"""Where something is: in words, or as a point on the map."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from congvu.directory.models import Agency
from congvu.petitions import places
from congvu.petitions.models import Area, Service
from congvu.petitions.places import NoPlaceError, OutsideError
from congvu.petitions.web.public_forms import Form
from congvu.ui import tiles

LONGEST_PLACE = 300


def _degrees(label: Any) -> forms.CharField:
    widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=30, required=False, widget=widget)


class PointForm(Form):
    """A point, in degrees, or none; a subclass says whose territory it must lie in."""

    agency: Agency
    latitude = _degrees(_("Latitude"))
    longitude = _degrees(_("Longitude"))

    @property
    def has_map(self) -> bool:
        """Return whether a map would show anything: pictures of the ground, or areas."""
        return bool(tiles.pattern()) or Area.objects.filter(agency=self.agency).exists()

    def clean(self) -> dict[str, Any]:
        """Read the two numbers, and ask for a point in the agency's territory."""
        data = super().clean() or {}
        data |= {name: self._read(name) for name in ("latitude", "longitude")}
        latitude, longitude = data["latitude"], data["longitude"]
        if self.errors.keys() & {"latitude", "longitude"} or latitude is longitude is None:
            return data
        if latitude is None or longitude is None:
            missing = "latitude" if latitude is None else "longitude"
            self.add_error(missing, gettext("Write both numbers, or neither."))
            return data
        try:
            places.area_at(self.agency, latitude, longitude)
        except NoPlaceError:
            text = gettext("There is no such place. Leave the numbers out, or correct them.")
            self.add_error("latitude", text)
        except OutsideError:
            text = gettext(
                "This place is not in this agency's territory. Correct it, or turn to the agency there."
            )
            self.add_error("latitude", text)
        return data

    def _read(self, name: str) -> float | None:
        typed = str(self.cleaned_data.get(name) or "").strip().rstrip("°").replace(",", ".")
        try:
            return float(typed) if typed else None
        except ValueError:
            self.add_error(name, gettext("Write a number, such as 10.77689."))
            return None


class PlaceForm(PointForm):
    """Where it is, as a citizen is asked."""

    place = forms.CharField(
        label=_("In words"),
        help_text=_(
            "Street and number, a crossing, a name that people there know: so that somebody finds it who has never "
            "been there."
        ),
        max_length=LONGEST_PLACE,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    field_order = ("place", "latitude", "longitude")

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency = service.agency

    def clean(self) -> dict[str, Any]:
        """Ask for words or a point."""
        data = super().clean()
        if not self.errors and data["latitude"] is None and not data["place"]:
            self.add_error("place", gettext("Say where it is."))
        return data
