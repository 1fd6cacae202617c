"""What officials do about one petition: a form for each act, which says who may, and does it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from congvu.directory.queries import Seat
from congvu.petitions.actions.steps import LONGEST
from congvu.petitions.media.stripping import strip_upload
from congvu.petitions.models import Petition
from congvu.petitions.policies import is_confidential
from congvu.petitions.submissions import File
from congvu.petitions.web.public_forms import FilesInput
from congvu.petitions.web.refused import FILE_ERRORS, why_no_file
from congvu.petitions.web.words import Word
from congvu.petitions.words import OPEN


class PublicWords(forms.CharField):
    """Words that the citizen gets and everyone may read, unless the petition is confidential."""

    def __init__(self, *, rows: int = 6, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST, widget=forms.Textarea({"rows": rows}), **kwargs)
        self.help_text = _("The citizen gets it, and everyone may read it: no names and numbers of people.")


class ActForm(forms.Form):
    """An act about a petition. `label` names it, `done` is said afterwards, `states` are those in which it fits."""

    label: ClassVar[Word]
    hint: ClassVar[Word] = ""
    done: ClassVar[Word]
    states: ClassVar[Collection[str]] = OPEN
    is_danger: ClassVar[bool] = False
    key: ClassVar[str] = ""  # of the keyboard
    do_not_call_in_templates: ClassVar[bool] = True  # pages name the class

    def __init__(self, *args: Any, seat: Seat, petition: Petition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seat, self.petition = seat, petition
        if is_confidential(petition):
            for one in self.fields.values():
                if isinstance(one, PublicWords):
                    one.help_text = _("The citizen gets it; it is not public.")

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Do it. Raises what the act raises."""
        raise NotImplementedError

    def outcome(self) -> Word:
        """Return what is said once it is done."""
        return self.done


class FilesField(forms.FileField):
    """Several files, made fit to keep; each that is not taken is named with the reason."""

    def __init__(self, **kwargs: Any) -> None:
        accept = "image/jpeg,image/png,image/webp,image/gif,application/pdf"
        super().__init__(widget=FilesInput({"accept": accept, "multiple": True}), required=False, **kwargs)

    def clean(self, data: Any, _initial: Any = None) -> list[File]:
        """Take the metadata out of each."""
        uploads: Iterable[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        found, faults = [], []
        for one in uploads:
            try:
                found.append(strip_upload(one).named(one.name))
            except FILE_ERRORS as error:
                faults.append(f"{one.name}: {why_no_file(error)}")
        if faults:
            raise forms.ValidationError(faults)
        return found


def text_field(label: Any, hint: Any = "", *, required: bool = True, rows: int = 6) -> forms.CharField:
    """Return a field for as many words as an act takes."""
    widget = forms.Textarea({"rows": rows})
    return forms.CharField(label=label, help_text=hint, max_length=LONGEST, required=required, widget=widget)


def told_field() -> forms.BooleanField:
    """Return the field by which the official says that the citizen was told already."""
    return forms.BooleanField(
        label=_("I have told the citizen already, by telephone or in person"), required=False
    )
