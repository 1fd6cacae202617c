"""What an administrator sets: services with their questions, areas, routes; and templates of answers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from congvu.directory.models import Unit
from congvu.directory.queries import Seat, units
from congvu.petitions import geojson
from congvu.petitions.actions.setting import Offer, Question
from congvu.petitions.models import AnswerTemplate, Area, Service, ServiceAttribute
from congvu.petitions.web import words
from congvu.petitions.web.queue_forms import offer as offer_choices
from congvu.petitions.web.queue_forms import service_choices, unit_choices
from congvu.ui.templatetags.ui import LANGUAGES

LONGEST_CODE = 40
CODE = r"^[-a-zA-Z0-9_]+$"
GEOJSON_FAULTS = {
    "json": _("This is no JSON. Save the area as GeoJSON and choose the file once more."),
    "large": _("This is more than 5 MB. Draw the area with fewer points."),
    "shape": _("There is no polygon in it."),
    "ring": _("A line of the area is not closed."),
    "range": _("A point lies nowhere on earth; longitude comes before latitude."),
    "many": _("These are too many areas or points."),
}


def code_field(hint: Any = "") -> forms.RegexField:
    """Return a field for a short name in Latin letters."""
    faults = {"invalid": _("Only Latin letters, digits and hyphens.")}
    return forms.RegexField(
        CODE, label=_("Code"), help_text=hint, max_length=LONGEST_CODE, error_messages=faults
    )


class TextsForm(forms.Form):
    """A form with texts in several languages: fields named `stem_vi` and so on."""

    @staticmethod
    def texts_fields(stem: str, label: Any, *, longest: int, rows: int = 0) -> dict[str, forms.CharField]:
        """Return a field for each language."""
        widget: Any = forms.Textarea({"rows": rows}) if rows else forms.TextInput()
        return {
            f"{stem}_{code}": forms.CharField(
                label=f"{label} · {name}", max_length=longest, required=False, widget=widget
            )
            for code, name in LANGUAGES.items()
        }

    def texts(self, stem: str) -> dict[str, str]:
        """Return what was written, by language."""
        said = {code: self.cleaned_data.get(f"{stem}_{code}", "") for code in LANGUAGES}
        return {code: text for code, text in said.items() if text}

    def require_texts(self, stem: str) -> None:
        """Ask for the text in one language at least."""
        if not self.texts(stem) and not self.errors:
            self.add_error(f"{stem}_{next(iter(LANGUAGES))}", _("Write it in one language at least."))


def initial_texts(stem: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Return what the fields of texts begin with."""
    return {f"{stem}_{code}": text for code, text in texts.items()}


class ServiceForm(TextsForm):
    """A service as citizens find it."""

    code = code_field(_("It stays: programs know the service by it (Open311)."))
    sort = forms.ChoiceField(label=_("What it is in law"), choices=list(words.SORTS.items()))
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        choices=[(key, word) for key, (word, _tone) in words.URGENCIES.items()],
        initial="ordinary",
    )
    unit = forms.ChoiceField(
        label=_("Unit that answers"), help_text=_("Where no route says otherwise."), required=False
    )
    keywords = forms.CharField(
        label=_("Words by which it is found"),
        help_text=_("With commas between them."),
        max_length=500,
        required=False,
    )
    needs_place = forms.BooleanField(label=_("It asks where"), required=False)
    forwards_at_once = forms.BooleanField(
        label=_("Goes to the unit at once, without waiting for whoever receives citizens"),
        required=False,
        initial=True,
    )
    allows_anonymous = forms.BooleanField(
        label=_("Nobody need say who they are"), required=False, initial=True
    )
    is_confidential = forms.BooleanField(
        label=_("Confidential"),
        help_text=_("Never in the public register. Complaints and denunciations always are."),
        required=False,
    )
    is_open = forms.BooleanField(label=_("Open: citizens may ask for it"), required=False, initial=True)
    position = forms.IntegerField(label=_("Place in the list"), min_value=0, max_value=9999, initial=0)

    def __init__(self, data: Any = None, *, seat: Seat, row: Service | None = None) -> None:
        super().__init__(data, initial=_service_initial(row) if row else None)
        self.row = row
        texts = {
            **self.texts_fields("name", _("What it is called"), longest=100),
            **self.texts_fields("description", _("Description"), longest=1000, rows=3),
            **self.texts_fields("group", _("Group"), longest=100),
        }
        self.fields = {"code": self.fields["code"], **texts, **self.fields}
        self.fields["code"].disabled = row is not None
        self.units = {one.handle: one for one in units(seat.agency, seat.on)}
        offer_choices(
            self,
            "unit",
            [("", _("None: whoever receives citizens sends each on")), *unit_choices(self.units.values())],
        )

    def clean(self) -> dict[str, Any]:
        """Ask for a name, and for a code that is free."""
        said = super().clean() or {}
        self.require_texts("name")
        return said

    def offer(self, attributes: Sequence[Question]) -> Offer:
        """Return the service as it is to be."""
        said = self.cleaned_data
        plain = ("code", "sort", "urgency", "needs_place", "forwards_at_once", "allows_anonymous")
        more = ("is_confidential", "is_open", "position")
        return Offer(
            name=self.texts("name"),
            description=self.texts("description"),
            group=self.texts("group"),
            keywords=[one.strip() for one in said["keywords"].split(",") if one.strip()],
            attributes=attributes,
            **{name: said[name] for name in (*plain, *more)},
        )

    def unit_chosen(self) -> Unit | None:
        """Return the unit that answers."""
        return self.units.get(self.cleaned_data["unit"])


class QuestionForm(TextsForm):
    """One further question of a service."""

    code = code_field()
    datatype = forms.ChoiceField(label=_("What is answered"), choices=list(words.DATATYPES.items()))
    required = forms.BooleanField(label=_("It must be answered"), required=False)
    is_told = forms.BooleanField(label=_("Not a question: only told to the citizen"), required=False)
    values = forms.CharField(
        label=_("Choices of a list"),
        help_text=_("One on a line: code | Tiếng Việt | Қазақша | Русский | English"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false"}),
    )

    def __init__(self, data: Any = None, *, row: ServiceAttribute | None = None) -> None:
        super().__init__(data, initial=_question_initial(row) if row else None)
        texts = {
            **self.texts_fields("description", _("Question"), longest=200),
            **self.texts_fields("help", _("Help"), longest=300),
        }
        self.fields = {"code": self.fields["code"], **texts, **self.fields}

    def clean(self) -> dict[str, Any]:
        """Ask for the question, and for choices of a list."""
        said = super().clean() or {}
        self.require_texts("description")
        if said.get("datatype", "").endswith("list") and not self.choices_given():
            self.add_error("values", _("Write the choices, one on a line."))
        return said

    def choices_given(self) -> list[dict[str, Any]]:
        """Return the choices of a list."""
        found = []
        for line in self.cleaned_data.get("values", "").splitlines():
            key, *names = (part.strip() for part in line.split("|"))
            if key:
                named = {code: name for code, name in zip(LANGUAGES, names, strict=False) if name}
                found.append({"key": key, "name": named or {"": key}})
        return found

    def question(self) -> Question:
        """Return the question as it is to be."""
        said = self.cleaned_data
        return Question(
            code=said["code"],
            description=self.texts("description"),
            help=self.texts("help"),
            datatype=said["datatype"],
            required=said["required"],
            variable=not said["is_told"],
            values=self.choices_given(),
        )


class AreaForm(TextsForm):
    """An area, or several of a map."""

    code = code_field(_("A map with several areas brings its own codes and names."))
    is_territory = forms.BooleanField(
        label=_("It is the whole territory: what lies outside is not the agency's"), required=False
    )
    pasted = forms.CharField(
        label=_("GeoJSON"), required=False, widget=forms.Textarea({"rows": 6, "spellcheck": "false"})
    )
    file = forms.FileField(label=_("Or a file"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts = self.texts_fields("name", _("What it is called"), longest=100)
        self.fields = {"code": self.fields["code"], **texts, **self.fields}
        self.fields["code"].required = False

    def clean(self) -> dict[str, Any]:
        """Read the areas; each needs a code and a name, its own or the one that was written."""
        said = super().clean() or {}
        upload = said.get("file")
        text = (
            upload.read(geojson.LARGEST + 1).decode("utf-8", "replace") if upload else said.get("pasted", "")
        )
        try:
            drawn = geojson.read(text)
        except geojson.GeoJsonError as error:
            self.add_error("pasted", GEOJSON_FAULTS[error.reason])
            return said
        self.drawn = [
            (one.code or said.get("code", ""), one.name or self.texts("name"), one) for one in drawn
        ]
        if len(drawn) == 1:
            self.drawn = [(said.get("code") or drawn[0].code, self.texts("name") or drawn[0].name, drawn[0])]
        if not all(code and name for code, name, _one in self.drawn):
            self.add_error(
                "code", _("Write a code and a name; a map with several areas brings both for each.")
            )
        return said


class RouteForm(forms.Form):
    """Which unit answers in an area."""

    service = forms.ChoiceField(label=_("Service"), required=False)
    area = forms.ChoiceField(label=_("Area"))
    unit = forms.ChoiceField(
        label=_("Unit that answers"), help_text=_("Without a unit the route is taken away."), required=False
    )

    def __init__(
        self, *args: Any, seat: Seat, services: Iterable[Service], areas: Iterable[Area], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.services = {one.handle: one for one in services}
        self.areas = {one.handle: one for one in areas}
        self.units = {one.handle: one for one in units(seat.agency, seat.on)}
        offer_choices(self, "service", [("", _("All services")), *service_choices(self.services.values())])
        offer_choices(self, "area", unit_choices(self.areas.values()))
        offer_choices(self, "unit", [("", "—"), *unit_choices(self.units.values())])


class TemplateForm(TextsForm):
    """A template of answers."""

    name = forms.CharField(label=_("Name of the template"), max_length=80)
    service = forms.ChoiceField(label=_("Service"), required=False)

    def __init__(
        self, data: Any = None, *, services: Iterable[Service], row: AnswerTemplate | None = None
    ) -> None:
        super().__init__(data, initial=_template_initial(row) if row else None)
        self.services = {one.handle: one for one in services}
        offer_choices(self, "service", [("", _("All services")), *service_choices(self.services.values())])
        self.fields.update(self.texts_fields("text", _("Text"), longest=10_000, rows=6))

    def clean(self) -> dict[str, Any]:
        """Ask for the text."""
        said = super().clean() or {}
        self.require_texts("text")
        return said


def _service_initial(row: Service) -> dict[str, Any]:
    names = ("code", "sort", "urgency", "needs_place", "forwards_at_once", "allows_anonymous")
    more = ("is_confidential", "is_open", "position")
    return {
        **{name: getattr(row, name) for name in (*names, *more)},
        **initial_texts("name", row.name),
        **initial_texts("description", row.description),
        **initial_texts("group", row.group),
        "keywords": ", ".join(row.keywords),
        "unit": row.unit.handle if row.unit else "",
    }


def _question_initial(row: ServiceAttribute) -> dict[str, Any]:
    lines = (
        " | ".join([one["key"], *(one["name"].get(code, "") for code in LANGUAGES)]) for one in row.values
    )
    return {
        "code": row.code,
        "datatype": row.datatype,
        "required": row.required,
        "is_told": not row.variable,
        "values": "\n".join(lines),
        **initial_texts("description", row.description),
        **initial_texts("help", row.help),
    }


def _template_initial(row: AnswerTemplate) -> dict[str, Any]:
    return {
        "name": row.name,
        "service": row.service.handle if row.service else "",
        **initial_texts("text", row.texts),
    }
