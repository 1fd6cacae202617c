"""Forms of answering: a day, a result with its proof, a refusal with reasons, an end; and of time."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from congvu.base.texts import pick
from congvu.directory.queries import Seat
from congvu.petitions.actions import answering, timing
from congvu.petitions.queries import templates
from congvu.petitions.web import words
from congvu.petitions.web.act_forms import ActForm, FilesField, PublicWords, text_field, told_field
from congvu.petitions.web.due import last_day
from congvu.petitions.web.queue_forms import day_input, offer
from congvu.petitions.web.words import Word
from congvu.petitions.words import OPEN, State


class WordedForm(ActForm):
    """An act whose words may begin with a template: `fill` puts one behind what stands in the field."""

    template = forms.ChoiceField(label=_("Begin with a template"), required=False)
    worded = "text"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.templates = {one.handle: one for one in templates.fitting(self.petition)}
        if self.templates:
            offer(self, "template", [("", "—"), *((one.handle, one.name) for one in self.templates.values())])
        else:
            del self.fields["template"]

    def filled(self) -> str:
        """Return what stands in the field, and after it the chosen template in the citizen's language."""
        said = str(self.data.get(self.worded, "")).strip()
        chosen = self.templates.get(str(self.data.get("template", "")))
        given = pick(chosen.texts, self.petition.language)[0] if chosen else ""
        return "\n\n".join(one for one in (said, given) if one)


class AnswerForm(WordedForm):
    """The result, with what shows it."""

    label, done = _("Answer"), _("The answer is given; the citizen can dispute it.")
    hint = _(
        "An answer says what was done. It needs something that shows it: a picture, a document, or words."
    )
    key = "a"

    text = PublicWords(label=_("Answer"), rows=8)
    proof = forms.CharField(
        label=_("What shows it"),
        help_text=_("The number of a report or decision, for example. A file shows it, too."),
        max_length=300,
        required=False,
    )
    documents = FilesField(
        label=_("Pictures or documents"),
        help_text=_("Everyone may see them with the answer. Show no faces and no number plates."),
    )
    field_order = ("template", "text", "proof", "documents")

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Answer."""
        said = self.cleaned_data
        answering.answer(
            self.petition, text=said["text"], proof=said["proof"], files=said["documents"], by=by, at=at
        )


class PromiseForm(WordedForm):
    """How far it is, and a day."""

    label, done = _("Promise a day"), _("The citizen is told the day.")
    hint = _(
        "Say how far it is and on which day it will be done. The day is public, and so is whether it was kept."
    )

    on = forms.DateField(label=_("It will be done by"), widget=day_input())
    text = PublicWords(label=_("How far it is"))
    documents = FilesField(
        label=_("Picture"), help_text=_("Of how it looks now. Show no faces and no number plates.")
    )
    field_order = ("on", "template", "text", "documents")

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Promise it."""
        said = self.cleaned_data
        answering.promise(
            self.petition, on=said["on"], text=said["text"], files=said["documents"], by=by, at=at
        )

    def outcome(self) -> Word:
        """Say so where the day comes after the last one that the law gives."""
        due_at = self.petition.due_at
        is_late = due_at is not None and self.cleaned_data["on"] > last_day(due_at)
        return _("The citizen is told the day. By law the answer is due before it.") if is_late else self.done


class RefuseForm(WordedForm):
    """Why it is not taken on."""

    label, done = _("Refuse"), _("The request is refused; the citizen can dispute it.")
    hint = _("A refusal needs its reasons, with the article that allows it.")
    is_danger, worded = True, "reason"

    reason = PublicWords(label=_("Reasons"))
    is_told = told_field()

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Refuse it."""
        said = self.cleaned_data
        answering.refuse(self.petition, reason=said["reason"], is_told=said["is_told"], by=by, at=at)


class CloseForm(ActForm):
    """The end of what is answered."""

    label, done = _("Close"), _("The request is closed.")
    hint = _("Only what has its answer, and whose answer nobody disputes. The citizen can still dispute it.")
    states = (State.ANSWERED,)

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Close it."""
        answering.close(self.petition, by=by, at=at)


class TellTermForm(ActForm):
    """That the citizen was told the time limit."""

    label, done = _("Note that the citizen was told the time limit"), _("It is written down.")
    hint = _("Where the rules ask for it: you have told the citizen by when the answer is due.")

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Write it down."""
        answering.tell_term(self.petition, by=by, at=at)


class AcceptForm(ActForm):
    """That it is taken on, and how hard it is."""

    label, done = _("Take it on"), _("It is taken on; its time runs from now.")
    hint = _(
        "A complaint, denunciation, request for information or appeal is taken on by decision, and the citizen is told."
    )

    complexity = forms.ChoiceField(
        label=_("How hard it is"),
        widget=forms.RadioSelect,
        choices=list(words.COMPLEXITIES.items()),
        initial="plain",
    )
    is_remote = forms.BooleanField(label=_("In a remote area, where the law gives more time"), required=False)
    text = text_field(_("A word to the citizen"), required=False, rows=3)

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Take it on."""
        timing.accept(self.petition, by=by, at=at, **self.cleaned_data)


class ExtendForm(ActForm):
    """Why more time is needed."""

    label, done = _("Take more time"), _("More time is taken, as far as the law gives it.")
    hint = _("The citizen reads why. The last day moves only where the law gives more time.")
    reason = PublicWords(label=_("Reasons"), rows=4)
    is_told = told_field()

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Take it."""
        said, before = self.cleaned_data, self.petition.due_at
        found = timing.extend(self.petition, reason=said["reason"], is_told=said["is_told"], by=by, at=at)
        self.moves = found.due_at != before

    def outcome(self) -> Word:
        """Say so where no rule gives more time."""
        no_more = _(
            "The citizen reads why. No rule that binds the agency gives more time: the last day stays."
        )
        return self.done if self.moves else no_more


class SuspendForm(WordedForm):
    """What the citizen is asked."""

    label, done = _("Ask the citizen"), _("The citizen is asked.")
    hint = _("Ask what the work cannot go on without. Time stands still only where the law says so.")
    states = tuple(one for one in OPEN if one != State.WAITING)
    worded = "question"
    question = PublicWords(label=_("Question"), rows=4)
    field_order = ("template", "question")

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Ask."""
        timing.suspend(self.petition, question=self.cleaned_data["question"], by=by, at=at)


class ResumeForm(ActForm):
    """What the citizen said on the telephone, or why one goes on without."""

    label, done = _("Go on"), _("Work goes on, and so does time.")
    states = (State.WAITING,)
    text = PublicWords(label=_("What the citizen said, or why you go on without it"), required=False, rows=4)

    def perform(self, *, by: Seat, at: datetime) -> None:
        """Go on."""
        timing.resume(self.petition, text=self.cleaned_data["text"], by=by, at=at)
