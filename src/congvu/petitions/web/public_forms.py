"""What citizens are asked, one question a page."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from congvu.base.texts import pick
from congvu.mail import secrecy
from congvu.mail.secrecy import Mark
from congvu.petitions import attributes
from congvu.petitions.actions.receiving import SUBJECT
from congvu.petitions.actions.steps import LONGEST
from congvu.petitions.attributes import BadAnswersError
from congvu.petitions.models import Service, ServiceAttribute
from congvu.petitions.words import Datatype
from congvu.ui.words import language

QUESTION = "question-"  # before the code of a service's own question
FEW = 7  # choices that are shown one below the other; more of them fold into a list
SCORES: tuple[tuple[int, str | Promise], ...] = (
    (5, _("5: very good")),
    (4, _("4: good")),
    (3, _("3: fair")),
    (2, _("2: bad")),
    (1, _("1: very bad")),
)
FAULTS = {
    "required": _("This must be answered."),
    "number": _("Write a number, such as 12 or 3.5."),
    "datetime": _("Write a day and an hour."),
    "choice": _("Choose from the list."),
    "long": _("This is too long."),
}
SECRECY = _(
    "This carries a mark of state secrecy. The Law on Protection of State Secrets No. 117/2025/QH15 keeps state "
    "secrets off networked systems (article not established here), so nothing of it was kept. Hand it to the agency "
    "on paper. If it is no state secret, remove the mark."
)


class Form(forms.Form):
    """A page's questions; what is wrong is said by us, in one way everywhere."""

    use_required_attribute = False
    mark: Mark | None = None  # of state secrecy, for which the words were refused

    def refuse_mark(self, mark: Mark | None) -> None:
        """Refuse the words if a mark was found."""
        if mark:
            self.mark = mark
            self.add_error("content", str(SECRECY))


def words_field(label: Any, *, hint: Any = "", needed: Any) -> forms.CharField:
    """Return a field for words of any length that is taken."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": needed},
    )


class WhatForm(Form):
    """What happened, with the service's own questions."""

    subject = forms.CharField(
        label=_("In a few words"), max_length=SUBJECT, required=False, widget=forms.TextInput
    )
    content = words_field(
        _("What happened, or what do you ask for?"),
        hint=_(
            "Leave out names and telephone numbers of other people, unless it cannot be understood without."
        ),
        needed=_("Write what happened, or what you ask for."),
    )

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._service = service
        self.asked = attributes.of(service)
        if service.is_confidential:  # who is complained about has to be named
            self.fields["content"].help_text = _("Say who did what, when and where, as far as you know it.")
        for one in self.asked:
            if one.variable:
                self.fields[QUESTION + one.code] = question(one)

    @property
    def told(self) -> list[ServiceAttribute]:
        """Return what the service only says, and does not ask."""
        return [one for one in self.asked if not one.variable]

    def clean_content(self) -> str:
        """Give lines the ends that every system counts alike, as evidence is about these octets."""
        return str(self.cleaned_data["content"]).replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        """Check the service's questions, and that no mark of state secrecy comes in."""
        data = super().clean() or {}
        given = {one.code: data.get(QUESTION + one.code) for one in self.asked if one.variable}
        try:
            data["answers"] = attributes.checked(self._service, given)
        except BadAnswersError as error:
            for code in error.faults.keys() - {name.removeprefix(QUESTION) for name in self.errors}:
                self.add_error(QUESTION + code, FAULTS[error.faults[code]])
        texts = [data.get("content", ""), *(one for one in given.values() if isinstance(one, str))]
        lines = [line for text in texts for line in text.splitlines()]
        self.refuse_mark(secrecy.marking(subject=data.get("subject", ""), lines=lines))
        return data


def question(one: ServiceAttribute) -> forms.Field:
    """Return the field of a service's question; whether the answer fits is asked of `attributes`."""
    said: dict[str, Any] = {
        "label": pick(one.description, language())[0] or one.code,
        "help_text": pick(one.help, language())[0],
        "required": one.required,
        "error_messages": {"required": FAULTS["required"], "invalid_choice": FAULTS["choice"]},
    }
    choices = [(each["key"], pick(each["name"], language())[0]) for each in one.values]
    if one.datatype == Datatype.MULTIVALUELIST:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **said)
    if one.datatype == Datatype.SINGLEVALUELIST:
        is_short = len(choices) <= FEW
        widget: type[forms.Widget] = forms.RadioSelect if is_short else forms.Select
        shown = choices if is_short else [("", ""), *choices]
        return forms.ChoiceField(choices=shown, widget=widget, **said)
    if one.datatype == Datatype.TEXT:
        return forms.CharField(widget=forms.Textarea({"rows": 5}), **said)
    kinds = {Datatype.DATETIME: {"type": "datetime-local"}, Datatype.NUMBER: {"inputmode": "decimal"}}
    return forms.CharField(widget=forms.TextInput(kinds.get(Datatype(one.datatype), {})), **said)


class FilesInput(forms.ClearableFileInput):
    """A field for several files."""

    allow_multiple_selected = True


class FilesForm(Form):
    """Photos and documents; each is looked at by itself, so that one bad file does not lose the others."""

    documents = forms.FileField(
        label=_("Photos or documents"),
        required=False,
        widget=FilesInput(
            {"accept": "image/jpeg,image/png,image/webp,image/gif,application/pdf", "multiple": True}
        ),
    )


class WhoForm(Form):
    """Who asks."""

    name = forms.CharField(
        label=_("Your name"), max_length=200, required=False, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("You get a letter at every step."),
        max_length=254,
        required=False,
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"invalid": _("Write an e-mail address such as dung@example.com.")},
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"autocomplete": "street-address", "rows": 2}),
    )

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._service = service
        self.fields["name"].required = not service.allows_anonymous
        self.fields["name"].error_messages["required"] = _(
            "Write your name: the law asks who is asking here."
        )

    def clean(self) -> dict[str, Any]:
        """Ask for a way to answer where nobody may stay unknown."""
        data = super().clean() or {}
        ways = ("email", "phone", "address")
        if not self._service.allows_anonymous and not any(
            data.get(one) or one in self.errors for one in ways
        ):
            self.add_error(
                "email", gettext("Give at least one way to answer you: e-mail, telephone or address.")
            )
        return data


class FeedbackForm(WhoForm):
    """Feedback on an archive's site: all on one page."""

    content = words_field(_("What do you want to tell us?"), needed=_("Write what you want to tell us."))
    field_order = ("content", "name", "email", "address")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["phone"]

    def clean(self) -> dict[str, Any]:
        """Take no mark of state secrecy in."""
        data = super().clean()
        self.refuse_mark(secrecy.marking(subject="", lines=data.get("content", "").splitlines()))
        return data


class KeyForm(Form):
    """By what a citizen is known without an account."""

    number = forms.CharField(
        label=_("Number of the request"),
        help_text=_("Such as 26-004217-3."),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Write the number.")},
    )
    key = forms.CharField(
        label=_("Secret key"),
        help_text=_("The letters that you got with the number, with or without hyphens."),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Write the secret key.")},
    )


class ReplyForm(Form):
    """The answer to what the agency asked."""

    text = words_field(_("Your answer"), needed=_("Write your answer."))


class DisputeForm(Form):
    """Why an answer is not true."""

    text = words_field(
        _("What is not true, or not done?"),
        hint=_("Say what you saw, and when. The unit must answer again; its head sees it."),
        needed=_("Write what is not true, or not done."),
    )


class ObjectionForm(Form):
    """Why a refusal, another agency or a merger is not right."""

    text = words_field(
        _("What is not right about it?"),
        hint=_("Say why, in your words. The request is looked at again."),
        needed=_("Write what is not right."),
    )


class RateForm(Form):
    """How good an answer was."""

    score = forms.TypedChoiceField(
        label=_("How good was it?"),
        choices=SCORES,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the five.")},
    )
    text = forms.CharField(
        label=_("In your words"), max_length=2000, required=False, widget=forms.Textarea({"rows": 4})
    )
