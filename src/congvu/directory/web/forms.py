"""Forms of the directory; each asks one thing."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from congvu.base.texts import pick
from congvu.directory import queries, words
from congvu.directory.models import Agency, Person, Post, Unit
from congvu.ui.words import day

LANGUAGE_LABELS = {
    "vi": _("in Vietnamese"),
    "kk": _("in Kazakh"),
    "ru": _("in Russian"),
    "en": _("in English"),
}
LANGUAGE_NAMES = [("vi", "Tiếng Việt"), ("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")]


class DayInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayForm(forms.Form):
    """Asks for a legal day."""

    day = forms.DateField(label=_("Day"), widget=DayInput())

    def __init__(self, *args: Any, label: Any, help_text: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].label = label
        self.fields["day"].help_text = help_text


class TextsForm(forms.Form):
    """Asks for a name in the agency's language and, as it likes, in others."""

    def __init__(self, *args: Any, agency: Agency, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = ["ru", "en"] if agency.language == "kk" else ["en"]
        self._languages = [agency.language, *(one for one in others if one != agency.language)]
        for language in self._languages:
            field = forms.CharField(
                label=f"{label} ({LANGUAGE_LABELS[language]})",
                max_length=200,
                required=language == agency.language,
            )
            self.fields[f"name_{language}"] = field

    def texts(self) -> dict[str, str]:
        """Return what was written, by language."""
        return {language: self.cleaned_data[f"name_{language}"] for language in self._languages}


class UnitForm(TextsForm):
    """Asks for a new unit."""

    def __init__(self, *args: Any, agency: Agency, on: Any, **kwargs: Any) -> None:
        super().__init__(*args, agency=agency, label=_("Name of the unit"), **kwargs)
        self.fields["code"] = forms.CharField(
            label=_("Code"),
            max_length=40,
            help_text=_("Short, for lists and imports: letters a to z, digits, hyphens. It stays for ever."),
        )
        self.fields["valid_from"] = forms.DateField(label=_("Open from"), widget=DayInput(), initial=on)
        self.fields["local_part"] = forms.CharField(
            label=_("Address of the unit"),
            max_length=64,
            required=False,
            help_text=_("The part before @%(domain)s; its mail is answered by the unit's clerk.")
            % {"domain": agency.domain},
        )


class PostForm(TextsForm):
    """Asks for a new post."""

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, agency=agency, label=_("Title of the post"), **kwargs)
        self.fields["rank"] = forms.ChoiceField(
            label=_("Rank"),
            choices=list(words.RANKS.items()),
            widget=forms.RadioSelect,
            initial="staff",
            help_text=_("Decides how long the address is kept after its holder left."),
        )
        self.fields["functions"] = _functions()


class FunctionsForm(forms.Form):
    """Asks for the functions of a post."""

    functions = forms.MultipleChoiceField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["functions"] = _functions()


def _functions() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Functions"),
        choices=list(words.FUNCTIONS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "Rights follow from these, on the days on which the post is held. Whoever receives citizens takes in "
            "their requests and reads complaints and denunciations; while nobody does, the registry clerk of the "
            "agency's uppermost unit, or else its head."
        ),
    )


class UnitChoiceForm(forms.Form):
    """Asks for a unit of the agency."""

    unit = forms.ChoiceField(label=_("Unit"))

    def __init__(self, *args: Any, units: Sequence[Unit], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = forms.ChoiceField(label=_("Unit"), choices=unit_choices(units, language))


def unit_choices(units: Sequence[Unit], language: str) -> list[tuple[str, str]]:
    """Return units as choices, the deeper the further in."""
    depth: dict[int, int] = {}
    choices = []
    for unit in units:
        depth[unit.pk] = depth.get(unit.parent_id or 0, -1) + 1
        choices.append((unit.handle, "\u2003" * depth[unit.pk] + pick(unit.name, language)[0]))
    return choices


class PersonForm(forms.Form):
    """Asks who: somebody whom the agency knows, or a new name."""

    known = forms.ChoiceField(label=_("Somebody who is or was here"), required=False)
    full_name = forms.CharField(label=_("Or the full name of somebody new"), max_length=200, required=False)

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "—"), *((person.handle, person.full_name) for person in people)]
        self.fields["known"] = forms.ChoiceField(
            label=_("Somebody who is or was here"), choices=choices, required=False
        )

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one of the two."""
        data = super().clean() or {}
        if bool(data.get("known")) == bool((data.get("full_name") or "").strip()):
            raise forms.ValidationError(_("Choose somebody from the list, or write a new name, not both."))
        return data


class PostChoiceForm(forms.Form):
    """Asks for a post."""

    post = forms.ChoiceField(label=_("Post"))

    def __init__(self, *args: Any, posts: Sequence[tuple[Post, str]], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (post.handle, f"{pick(post.unit.name, language)[0]}: {pick(post.title, language)[0]}{holder}")
            for post, holder in posts
        ]
        self.fields["post"] = forms.ChoiceField(label=_("Post"), choices=[("", "—"), *choices])


class LocalPartForm(forms.Form):
    """Asks for the part of an address before the @."""

    local_part = forms.CharField(label=_("Address, before the @"), max_length=64)


class NameForm(forms.Form):
    """Asks for a person's name."""

    full_name = forms.CharField(label=_("Full name"), max_length=200)


class LeaveForm(forms.Form):
    """Asks for the days of a leave and who acts meanwhile; never why."""

    first_day = forms.DateField(label=_("First day away"), widget=DayInput())
    last_day = forms.DateField(label=_("Last day away"), widget=DayInput())
    acting = forms.ChoiceField(label=_("Who acts meanwhile"), required=False)

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {one.handle: one for one in people}
        choices = [("", _("Nobody")), *((handle, one.full_name) for handle, one in self._people.items())]
        self.fields["acting"] = forms.ChoiceField(
            label=_("Who acts meanwhile"),
            choices=choices,
            required=False,
            help_text=_(
                "Answers for the office, such as head or registry clerk. Never reads the person's mailbox."
            ),
        )

    def clean_last_day(self) -> date:
        """Refuse the one day that has no next day."""
        last: date = self.cleaned_data["last_day"]
        if last == date.max:
            raise forms.ValidationError(_("This day is too far away."))
        return last

    def planned(self) -> dict[str, Any]:
        """Return the period with its exclusive end and who acts, as the act takes them."""
        return {
            "valid_from": self.cleaned_data["first_day"],
            "valid_to": self.cleaned_data["last_day"] + timedelta(days=1),
            "acting": self._people.get(self.cleaned_data["acting"]),
        }


class LabelForm(forms.Form):
    """Asks for the name of a mail program."""

    label = forms.CharField(
        label=_("Which program is it for?"),
        max_length=80,
        help_text=_("For example: Thunderbird on the office computer."),
    )


class WishesForm(forms.Form):
    """Asks for the language of the pages and letters, and for what can be switched off."""

    language = forms.ChoiceField(
        label=_("Language of the pages"), choices=LANGUAGE_NAMES, widget=forms.RadioSelect
    )
    uses_shortcuts = forms.BooleanField(
        label=_("Single keys act in the mailbox"),
        required=False,
        help_text=_("Such as r for a reply. Press ? in the mailbox to see them all."),
    )
    is_told_of_late_duties = forms.BooleanField(
        label=_("A letter tells me what was not recorded in time"),
        required=False,
        help_text=_(
            "At most one on a working day, after a window has closed, and only about what you owe yourself."
        ),
    )


class SecondFactorForm(forms.Form):
    """Asks whether the second factor is lost too."""

    without_second_factor = forms.BooleanField(
        label=_("The person also lost the telephone or key: remove the second factor"), required=False
    )


class TableForm(forms.Form):
    """Asks for a table of people."""

    table = forms.FileField(
        label=_("Table of people (CSV)"),
        help_text=_("Comma, semicolon or tab; UTF-8, UTF-16, Windows-1258 or Windows-1251; at most 30 MB."),
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"),
        required=False,
        choices=[("", _("Find out")), *((name, name) for name in ("utf-8", "utf-16", "cp1258", "cp1251"))],
    )


class SeatForm(forms.Form):
    """Asks on which post to act."""

    seat = forms.ChoiceField(label=_("Post"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, seats: Sequence[queries.Seat], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.membership.handle, _seat_words(one, language)) for one in seats]
        self.fields["seat"] = forms.ChoiceField(label=_("Post"), choices=choices, widget=forms.RadioSelect)


def _seat_words(seat: queries.Seat, language: str) -> str:
    post = ", ".join(pick(part, language)[0] for part in (seat.post.title, seat.unit.name, seat.agency.name))
    if seat.leave is None:
        return post
    told = {"name": seat.leave.person.full_name, "day": day(seat.leave.last_day), "post": post}
    return gettext("Acting for %(name)s until the end of %(day)s: %(post)s") % told
