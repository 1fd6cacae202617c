"""Forms of a draft: how it begins, its text, one norm of it, and what is decided about it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from django import forms
from django.utils.translation import gettext_lazy as _

from congvu.rules import words
from congvu.rules.book import Bearer, Kind, Unit
from congvu.rules.drafts.actions import LARGEST
from congvu.rules.norm_loader import CHECKED, LIMITS, NOT_ESTABLISHED, WORDINGS
from congvu.rules.web.forms import DecisionForm

REASON = 500
TEXTS = ("title", "text", "note")
CITED = ("article", "wording", "checked")
TIMED = ("limit", "amount", "unit", "word")
# Which key of a norm's block a field belongs to; `title_vi` and its like belong to `title`.
KEYS = dict.fromkeys(CITED, "cite") | dict.fromkeys(TIMED, "deadline")


def one_line_endings(text: str) -> str:
    """Return a text as files of the rulebook hold it; browsers send CRLF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class UploadForm(forms.Form):
    """A file that becomes a draft."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A file in YAML, in UTF-8, of at most 1 MB."),
        widget=forms.ClearableFileInput({"accept": ".yaml,.yml"}),
    )

    def clean_file(self) -> str:
        """Return the text of the file."""
        file = self.cleaned_data["file"]
        octets = file.read(LARGEST + 1)
        if len(octets) > LARGEST:
            raise forms.ValidationError(_("The file is too large. One file is one legal text."))
        try:
            return one_line_endings(octets.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("The file is not in UTF-8. Save it as UTF-8.")) from error


class TextForm(forms.Form):
    """The text of a draft and the revision from which it was made."""

    text = forms.CharField(
        label=_("Text of the book"),
        strip=False,
        required=False,
        widget=forms.Textarea(
            {"rows": 28, "spellcheck": "false", "wrap": "off", "autocomplete": "off", "data-cv-editor": ""}
        ),
    )
    revision = forms.IntegerField(min_value=1, max_value=1_000_000_000, widget=forms.HiddenInput())

    def clean_text(self) -> str:
        """Return the text with the line endings of files."""
        return one_line_endings(self.cleaned_data["text"])


class NormForm(forms.Form):
    """The fields of one norm; whatever else its block holds stays as it is."""

    prefix = "norm"
    code = forms.CharField(label=_("Code"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"))
    title_vi = forms.CharField(label=_("Title in Vietnamese"), max_length=300)
    title_en = forms.CharField(label=_("Title in English"), max_length=300)
    text_vi = forms.CharField(label=_("Text in Vietnamese"), widget=forms.Textarea({"rows": 4}))
    text_en = forms.CharField(label=_("Text in English"), widget=forms.Textarea({"rows": 4}))
    article = forms.CharField(
        label=_("Article"),
        help_text=_("Leave it empty until somebody has read it."),
        max_length=200,
        required=False,
    )
    wording = forms.ChoiceField(label=_("Where the words come from"))
    checked = forms.ChoiceField(label=_("Compared with"))
    bearer = forms.MultipleChoiceField(label=_("Who"), required=False, widget=forms.CheckboxSelectMultiple())
    limit = forms.ChoiceField(label=_("By when"))
    amount = forms.IntegerField(label=_("How many"), min_value=1, max_value=1_000_000, required=False)
    unit = forms.ChoiceField(label=_("Unit of time"), required=False)
    word = forms.CharField(
        label=_("Parameter, or month and day"),
        help_text=_("The name of a parameter of this book, or a day such as 12-15."),
        max_length=80,
        required=False,
    )
    note_vi = forms.CharField(
        label=_("Note in Vietnamese"), widget=forms.Textarea({"rows": 2}), required=False
    )
    note_en = forms.CharField(label=_("Note in English"), widget=forms.Textarea({"rows": 2}), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Mapping[str, list[tuple[str, Any]]] = {
            "kind": [(name, words.modality(name)) for name in get_args(Kind)],
            "wording": [(name, words.wording(name)) for name in WORDINGS],
            "checked": [(name, words.checked(name)) for name in CHECKED],
            "bearer": [(name, words.bearers((name,))) for name in get_args(Bearer)],
            "limit": [("", _("No time limit")), *((name, words.limit(name)) for name in LIMITS)],
            "unit": [("", "–"), *((name, words.unit(name)) for name in get_args(Unit))],
        }
        for name, known in choices.items():
            field = self.fields[name]
            field.choices = known  # type: ignore[attr-defined]  # -- each of these is a field of choices
        self.fields["limit"].required = False

    def clean(self) -> dict[str, Any]:
        """Complain of a time limit that says only half of it."""
        said: dict[str, Any] = super().clean() or {}
        limit = said.get("limit")
        if limit == "within" and not (said.get("amount") and said.get("unit")):
            self.add_error("amount", _("Say how many, and the unit of time."))
        if limit in {"after", "by"} and not said.get("word"):
            self.add_error("word", _("Name the parameter, or write month and day as 12-15."))
        if bool(said.get("note_vi")) != bool(said.get("note_en")):
            self.add_error("note_en", _("Write a note in both languages."))
        return said

    def said(self, held: Mapping[str, Any]) -> dict[str, Any]:
        """Return the keys of the norm's block that were changed in the form; `held` is the block as it was."""
        given = self.cleaned_data
        found: dict[str, Any] = {name: given[name] for name in ("code", "kind")}
        for name in TEXTS:
            found[name] = {"vi": given[f"{name}_vi"], "en": given[f"{name}_en"]}
        found["note"] = found["note"] if given["note_vi"] else None
        found["cite"] = {
            "article": given["article"] or NOT_ESTABLISHED,
            "wording": given["wording"],
            "checked": given["checked"],
        }
        found["bearer"] = given["bearer"] or None
        found["deadline"] = self._deadline(held.get("deadline"))
        touched = {KEYS.get(name, name.rsplit("_", 1)[0]) for name in self.changed_data}
        return {key: one for key, one in found.items() if key in touched}

    def _deadline(self, held: Any) -> dict[str, Any] | None:
        given = self.cleaned_data
        limit = given["limit"]
        if not limit:
            return None
        kept = {key: one for key, one in held.items() if key not in LIMITS} if isinstance(held, dict) else {}
        if limit == "within":
            return {"within": {given["unit"]: given["amount"]}, **kept}
        return {limit: given["word"] if limit in {"after", "by"} else True, **kept}


def held_in(block: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with which the form of a norm begins."""
    found: dict[str, Any] = {name: str(block.get(name) or "") for name in ("code", "kind")}
    for name in TEXTS:
        texts = _mapping(block.get(name))
        found |= {f"{name}_{language}": texts.get(language, "") for language in ("vi", "en")}
    cite = _mapping(block.get("cite"))
    article = str(cite.get("article", ""))
    found |= {"article": "" if article == NOT_ESTABLISHED else article}
    found |= {name: cite.get(name, "") for name in ("wording", "checked")}
    bearer = block.get("bearer") or []
    found["bearer"] = [bearer] if isinstance(bearer, str) else list(bearer)
    return found | _limit(_mapping(block.get("deadline")))


def _limit(deadline: Mapping[str, Any]) -> dict[str, Any]:
    limit = next((name for name in LIMITS if name in deadline), "")
    value = deadline.get(limit)
    if limit == "within":
        unit, amount = next(iter(_mapping(value).items()), ("", None))
        return {"limit": limit, "unit": unit, "amount": amount}
    return {"limit": limit, "word": str(value) if limit in {"after", "by"} else ""}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


class ApprovalForm(DecisionForm):
    """From when a version binds, and by which decision."""

    def __init__(self, *args: object, today: date, start: date, is_later: bool, **kwargs: object) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.fields["number"].required = True
        day = self.fields["valid_from"]
        day.initial = start
        day.help_text = (
            _("As the text says in `in_force`. It must be later than today.")
            if is_later
            else _("Later than today. What happened before is not judged by it.")
        )
        day.widget.attrs["readonly"] = is_later


class ReasonForm(forms.Form):
    """Why a draft is sent back, or a version withdrawn."""

    reason = forms.CharField(label=_("Reason"), max_length=REASON, widget=forms.Textarea({"rows": 3}))
