"""The form in which a message is written."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from congvu.base.handles import PATTERN
from congvu.mail.meetings.inviting import ZONES
from congvu.mail.models import Communication
from congvu.mail.queries.places import Place

LONGEST_BODY = 1_000_000
UNREMEMBERED = {"autocomplete": "off"}  # a second tab must not take over what the first one has seen
EXPECTED = ("to", "subject", "body")  # not marked as optional, though a draft may lack them
COMMUNICATIONS = [
    ("", _("Not named")),
    (
        _("Must go by mail"),
        [
            (Communication.WORK_SCHEDULE, _("Work schedule")),
            (Communication.MEETING_PAPERS, pgettext_lazy("mail", "Meeting papers")),
            (Communication.WORKING_PAPERS, pgettext_lazy("mail", "Working papers")),
            (Communication.REPORT, pgettext_lazy("mail", "Report")),
        ],
    ),
    (
        _("Encouraged by mail"),
        [
            (Communication.INVITATION, pgettext_lazy("mail", "Invitation")),
            (Communication.OFFICIAL_LETTER, _("Official letter")),
            (Communication.DIRECTION, _("Direction and operation")),
        ],
    ),
    (_("Everything else"), [(Communication.OTHER, _("Other"))]),
]

_CLOCK = forms.TextInput(attrs={"type": "datetime-local"})


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


class MeetingFields(forms.Form):
    """The meeting to which a letter may invite."""

    meeting_start = forms.CharField(
        label=pgettext_lazy("meeting", "Start"), required=False, max_length=25, widget=_CLOCK
    )
    meeting_end = forms.CharField(
        label=pgettext_lazy("meeting", "End"), required=False, max_length=25, widget=_CLOCK
    )
    meeting_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    meeting_place = forms.CharField(label=_("Place"), required=False, max_length=300)


class ComposeForm(MeetingFields):
    """A message as it is being written; what it answers or forwards, and the draft, travel hidden."""

    sender = forms.ChoiceField(label=_("From"), required=False)
    to = forms.CharField(label=_("To"), max_length=50_000, strip=True)
    cc = forms.CharField(label=_("Copy (Cc)"), required=False, max_length=50_000, strip=True)
    communication = forms.ChoiceField(
        label=_("Kind of communication"), required=False, choices=COMMUNICATIONS
    )
    subject = forms.CharField(label=_("Subject"), max_length=400)
    body = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_BODY,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    attachments = ManyFilesField(
        label=_("Attach files"), required=False, allow_empty_file=True, max_length=255
    )
    sign = forms.BooleanField(label=_("Sign this letter with my certificate"), required=False)
    passphrase = forms.CharField(
        label=_("Passphrase or PIN of my key"),
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    ask_receipt = forms.BooleanField(label=_("Ask for a signed receipt"), required=False)
    draft = forms.RegexField(rf"\A{PATTERN}\Z", required=False, widget=forms.HiddenInput())
    seen = forms.RegexField(rf"\A{PATTERN}\Z", required=False, widget=forms.HiddenInput(UNREMEMBERED))
    revision = forms.RegexField(rf"\A{PATTERN}\Z", required=False, widget=forms.HiddenInput(UNREMEMBERED))
    answers = forms.CharField(required=False, widget=forms.HiddenInput())
    forwards = forms.CharField(required=False, widget=forms.HiddenInput())
    checked = forms.CharField(required=False, widget=forms.HiddenInput())

    use_required_attribute = False

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sender = self.fields["sender"]
        if isinstance(sender, forms.ChoiceField):
            sender.choices = [(one.handle, one.route.email) for one in places]
        zone = self.fields["meeting_zone"]
        if isinstance(zone, forms.ChoiceField):
            names = dict.fromkeys([*(one.route.agency.zone for one in places), *ZONES])
            zone.choices = [(one, one.replace("_", " ")) for one in names]
        for name in ("to", "cc"):
            self.fields[name].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def full_clean(self) -> None:
        """Check what was typed; an unfinished draft may leave anything empty, sending asks for recipients itself."""
        for name in EXPECTED:
            self.fields[name].required = False
        super().full_clean()
        for name in EXPECTED:
            self.fields[name].required = True


class SigningFileForm(forms.Form):
    """A PKCS#12 file with what opens it."""

    file = forms.FileField(
        label=_("Certificate with private key (.p12 or .pfx)"), max_length=255, allow_empty_file=True
    )
    passphrase = forms.CharField(
        label=_("Passphrase of the file"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    use_required_attribute = False


class SigningTokenForm(forms.Form):
    """A token with its PIN."""

    label = forms.CharField(label=_("Name of the token"), max_length=64)
    passphrase = forms.CharField(
        label="PIN",
        strip=False,
        max_length=64,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    use_required_attribute = False
