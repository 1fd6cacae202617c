"""The form in which a message is written."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from congvu.mail.models import Communication
from congvu.mail.queries.places import Place

LONGEST_BODY = 1_000_000
COMMUNICATIONS = [
    ("", _("Not named")),
    (
        _("Must go by mail"),
        [
            (Communication.WORK_SCHEDULE, _("Work schedule")),
            (Communication.MEETING_PAPERS, _("Meeting papers")),
            (Communication.WORKING_PAPERS, _("Working papers")),
            (Communication.REPORT, _("Report")),
        ],
    ),
    (
        _("Encouraged by mail"),
        [
            (Communication.INVITATION, _("Invitation")),
            (Communication.OFFICIAL_LETTER, _("Official letter")),
            (Communication.DIRECTION, _("Direction and operation")),
        ],
    ),
    (_("Everything else"), [(Communication.OTHER, _("Other"))]),
]


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several uploaded files; an empty list when none was chosen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=ManyFilesInput(), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """Check each file."""
        given: Sequence[Any] = data if isinstance(data, (list, tuple)) else [data] if data else []
        return [super(ManyFilesField, self).clean(one, initial) for one in given]


class ComposeForm(forms.Form):
    """A message as it is being written; what it answers or forwards, and the draft, travel hidden."""

    sender = forms.ChoiceField(label=_("From"), required=False)
    to = forms.CharField(label=_("To"), required=False, max_length=50_000, strip=True)
    cc = forms.CharField(label=_("Copy (Cc)"), required=False, max_length=50_000, strip=True)
    communication = forms.ChoiceField(
        label=_("Kind of communication"), required=False, choices=COMMUNICATIONS
    )
    subject = forms.CharField(label=_("Subject"), required=False, max_length=400)
    body = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=LONGEST_BODY,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    attachments = ManyFilesField(
        label=_("Attach files"), required=False, allow_empty_file=True, max_length=255
    )
    draft = forms.CharField(required=False, widget=forms.HiddenInput())
    answers = forms.CharField(required=False, widget=forms.HiddenInput())
    forwards = forms.CharField(required=False, widget=forms.HiddenInput())
    checked = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sender = self.fields["sender"]
        if isinstance(sender, forms.ChoiceField):
            sender.choices = [(one.handle, one.route.email) for one in places]
        for name in ("to", "cc"):
            self.fields[name].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}
