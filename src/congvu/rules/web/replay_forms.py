"""What is asked before a draft is tried: which draft, over which days."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from congvu.base.numbers import small_number
from congvu.directory.models import Agency
from congvu.rules.models import BookDraft
from congvu.rules.source import LIMIT

LONGEST = 2_000  # letters of the values of parameters


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ReplayForm(forms.Form):
    """A draft of the agency's, or a file, and a period of legal days; both days belong to it."""

    draft = forms.ChoiceField(label=_("Draft"), required=False)
    file = forms.FileField(
        label=_("Or a file"),
        help_text=_("One version of one book, as the rulebook has them (.yaml)."),
        required=False,
    )
    first = forms.DateField(
        label=_("First day of the trial"),
        help_text=_("Empty: from the first evidence. Before this day the text in force judges."),
        widget=_Day(),
        required=False,
    )
    last = forms.DateField(
        label=_("Last day of the trial"),
        help_text=_("Empty: to the last evidence."),
        widget=_Day(),
        required=False,
    )

    assumed_from = forms.DateField(
        label=_("As if adopted from this day"),
        help_text=_(
            "Only for a book that does not bind the agency yet. Empty: from the first day of the trial."
        ),
        widget=_Day(),
        required=False,
    )
    values = forms.CharField(
        label=_("As if decided so"),
        help_text=_(
            "Only for such a book: one parameter in a line, as `acknowledge_within = 30`. What is not named is taken "
            "at the least that the book allows."
        ),
        widget=forms.Textarea({"rows": 2, "spellcheck": "false"}),
        required=False,
        max_length=LONGEST,
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drafts = {
            one.handle: one for one in BookDraft.objects.filter(agency=agency).order_by("-saved_at", "-id")
        }
        choices = [
            (one.handle, f"{one.book or _('unnamed')} · {one.version}") for one in self.drafts.values()
        ]
        cast("forms.ChoiceField", self.fields["draft"]).choices = [("", _("None: I have a file")), *choices]
        self.fields["file"].widget.attrs["accept"] = ".yaml,.yml"
        if not choices:
            del self.fields["draft"]
            self.fields["file"].label = _("File of the draft")

    def clean_file(self) -> Any:
        """Return the file; refuse what is no text, or longer than a book may be."""
        file: Any = self.cleaned_data["file"]
        if file is None:
            return None
        if (file.size or 0) > LIMIT:
            raise forms.ValidationError(_("The file is too large for a book."))
        try:
            self.text = file.read().decode()
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("The file is not UTF-8. Save it as UTF-8.")) from error
        return file

    def clean_values(self) -> dict[str, int]:
        """Return the values of parameters by their names."""
        found: dict[str, int] = {}
        for line in filter(str.strip, self.cleaned_data["values"].splitlines()):
            name, _separator, number = line.partition("=")
            value = small_number(number.strip())
            if value is None:
                raise forms.ValidationError(
                    _("%(line)s: write a name, = and a whole number."), params={"line": line.strip()}
                )
            found[name.strip()] = value
        return found

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two ways to name a draft."""
        said = super().clean() or {}
        if not said.get("draft") and not said.get("file") and "file" not in self.errors:
            self.add_error("file", _("Choose a draft or a file."))
        return said

    def chosen(self) -> tuple[str, str]:
        """Return the name and the text of what was chosen; a file goes before a draft."""
        file = self.cleaned_data["file"]
        if file is not None:
            return str(file.name), self.text
        draft = self.drafts[self.cleaned_data["draft"]]
        return f"{draft.book or 'draft'}.yaml", draft.text
