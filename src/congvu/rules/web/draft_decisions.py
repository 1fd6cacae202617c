"""What becomes of a draft: submitted, sent back, approved, withdrawn; and its history with differences."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from congvu.base import clock
from congvu.base.numbers import small_number
from congvu.directory.policies import NotAllowedError
from congvu.directory.queries import legal_day
from congvu.directory.web.access import SeatedRequest
from congvu.rules import differences, shelf
from congvu.rules.drafts import actions, publication, queries
from congvu.rules.drafts.examination import examine
from congvu.rules.models import BookDraft
from congvu.rules.web.draft_forms import ApprovalForm, ReasonForm

REFUSED = (
    NotAllowedError,
    actions.NotAuthorError,
    actions.OwnDraftError,
    actions.WrongStateError,
    actions.UnsoundError,
    actions.TakenVersionError,
    actions.TooEarlyError,
    actions.OtherAgencyError,
    actions.NoReasonError,
    actions.NoNumberError,
)


def submitted(request: SeatedRequest, draft: BookDraft) -> HttpResponse | None:
    """Submit a saved draft and go to its history; None when that was refused, with the reason as a message."""
    try:
        actions.submit(by=request.seat, draft=draft, at=clock.now())
    except REFUSED as error:
        messages.error(request, sentence(error))
        return None
    messages.success(request, _("The draft is submitted. Another person decides."))
    return redirect("rules:draft-history", draft.handle)


def history(request: SeatedRequest, draft: BookDraft) -> HttpResponse:
    """Show who did what to a draft, and take the decision of a second person."""
    start = _start(draft)
    is_later = bool(shelf.versions(draft.book))
    approval = ApprovalForm(None, today=request.seat.on, start=start, is_later=is_later)
    reason = ReasonForm(None)
    if request.method == "POST":
        pressed = request.POST.get("do", "")
        approval = ApprovalForm(
            request.POST if pressed == "approve" else None,
            today=request.seat.on,
            start=start,
            is_later=is_later,
        )
        reason = ReasonForm(request.POST if pressed in {"send_back", "withdraw"} else None)
        form = approval if pressed == "approve" else reason
        if form.is_valid() and _decided(request, draft, pressed, form):
            return redirect("rules:draft-history", draft.handle)
    return _page(request, draft, approval, reason)


def _start(draft: BookDraft) -> Any:
    book = examine(draft.text).book
    day = legal_day(draft.agency, clock.now())
    return max(book.in_force_from, day) if book else day


def _decided(request: SeatedRequest, draft: BookDraft, pressed: str, form: Any) -> bool:
    said, now = form.cleaned_data, clock.now()
    try:
        if pressed == "approve":
            actions.approve(
                by=request.seat, draft=draft, valid_from=said["valid_from"], number=said["number"], at=now
            )
        elif pressed == "send_back":
            actions.send_back(by=request.seat, draft=draft, reason=said["reason"], at=now)
        else:
            actions.withdraw(by=request.seat, draft=draft, reason=said["reason"], at=now)
    except REFUSED as error:
        form.add_error(None, sentence(error))
        return False
    except (OSError, shelf.BrokenRulebookError):
        messages.warning(
            request, _("It is decided, but its file could not be laid yet. It is tried again by itself.")
        )
        return True
    messages.success(request, _("Your decision is recorded."))
    return True


def _page(
    request: SeatedRequest, draft: BookDraft, approval: ApprovalForm, reason: ReasonForm
) -> HttpResponse:
    steps = queries.steps(draft)
    texts = {0: queries.text_of(draft.book, draft.base_version) or "" if draft.base_version else ""}
    texts |= {step.pk: step.text for step in steps if step.kind == "submitted"}
    left = small_number(request.GET.get("from")) or 0
    right = small_number(request.GET.get("to")) or -1
    texts[-1] = draft.text
    is_second = draft.state == "submitted" and draft.author_id != request.seat.person.pk
    is_ahead = draft.valid_from is not None and draft.valid_from > request.seat.on
    errors = approval.errors or reason.errors
    context = {
        "draft": draft,
        "steps": steps,
        "found": examine(draft.text) if draft.state in {"open", "submitted"} else None,
        "hunks": differences.lines(texts.get(left, texts[0]), texts.get(right, draft.text)),
        "left": left,
        "right": right,
        "may_decide": is_second,
        "may_withdraw": draft.state == "published" and is_ahead,
        "is_laid": (shelf.published_folder() / publication.name(draft.book, draft.version)).exists(),
        "is_author": draft.author_id == request.seat.person.pk,
        "approval": approval,
        "reason": reason,
        "form": approval if approval.errors else reason,
        "digest": actions.digest(draft.text),
    }
    return render(request, "rules/draft_history.html", context, status=422 if errors else 200)


def sentence(error: Exception) -> str:
    """Return why an act on a draft was refused, as the user reads it."""
    return {
        NotAllowedError: _("Only the head of the agency or its legal officer decides this."),
        actions.NotAuthorError: _("Only its author changes and submits a draft. Begin from a copy."),
        actions.OwnDraftError: _("Nobody decides on their own draft. Another person must."),
        actions.WrongStateError: _("Somebody decided meanwhile. Look at the history."),
        actions.UnsoundError: _("The draft has problems or failing examples. Mend them first."),
        actions.TakenVersionError: _("This version was given before. Write a higher number under `version`."),
        actions.TooEarlyError: _("The version must bind from a day later than today, as its text says."),
        actions.OtherAgencyError: _(
            "Another agency here adopted this book too, so one agency cannot change it."
        ),
        actions.NoReasonError: _("Give a reason."),
        actions.NoNumberError: _("Give the number of the deciding document."),
    }[type(error)]
