"""The legal officer's desk: drafts of books, the editor, and the decision of a second person."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from congvu.base import clock
from congvu.base.numbers import small_number
from congvu.directory.web.access import SeatedRequest, allowed
from congvu.rules import differences, policies, public, shelf
from congvu.rules.drafts import actions, blocks, queries
from congvu.rules.drafts.examination import examine
from congvu.rules.models import BookDraft
from congvu.rules.web import draft_decisions
from congvu.rules.web.draft_forms import NormForm, TextForm, UploadForm, held_in, one_line_endings
from congvu.ui.web.files import attachment

MONTH = timedelta(days=30)
NEW = "new-rule"
OPEN = "open:"  # before the id of the norm whose form is opened
drafting = allowed(policies.may_decide)


@drafting
@require_safe
def drafts(request: SeatedRequest) -> HttpResponse:
    """List the drafts of the agency, and offer the ways to begin one."""
    return _drafts(request, UploadForm())


def _drafts(request: SeatedRequest, form: UploadForm) -> HttpResponse:
    context = {
        "rows": queries.drafts(request.seat.agency),
        "books": public.books(language=get_language() or "vi"),
        "form": form,
        "may_draft": True,
    }
    return render(request, "rules/drafts.html", context, status=422 if form.errors else 200)


@drafting
@require_POST
def begin(request: SeatedRequest) -> HttpResponse:
    """Begin a draft: from a file, from a version of a book, or from nothing."""
    form = UploadForm(request.POST, request.FILES)
    name, _separator, number = request.POST.get("book", "").partition("/")
    text, base = queries.begun(request.seat.agency, request.seat.on), 0
    if request.POST.get("do") == "upload":
        if not form.is_valid():
            return _drafts(request, form)
        text = form.cleaned_data["file"]
    elif name:
        base = small_number(number) or 0
        held = shelf.version(name, base)
        model = queries.text_of(name, base)
        if held is None or model is None:
            raise Http404
        text = queries.copied(model, held, request.seat.on + MONTH)
    draft = actions.begin(by=request.seat, text=text, base_version=base, at=clock.now())
    return redirect("rules:draft", draft.handle)


@drafting
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: SeatedRequest, handle: str) -> HttpResponse:
    """Let the author write, by the text or by the form of one norm; show everybody else how it stands."""
    held = found(request, handle)
    if held.state != "open" or held.author_id != request.seat.person.pk:
        return redirect("rules:draft-history", handle)
    if request.method != "POST":
        return _editor(request, held, held.text, request.GET.get("norm", ""))
    form = TextForm(request.POST)
    if not form.is_valid():
        return _editor(request, held, held.text, "", status=422)
    return _written(request, held, form.cleaned_data["text"], form.cleaned_data["revision"])


def _written(request: SeatedRequest, held: BookDraft, text: str, revision: int) -> HttpResponse:
    """Apply what was pressed to the text, save it, and go on; the text in the page is never thrown away."""
    pressed, norm = request.POST.get("do", "save"), request.POST.get("norm", "")
    form: NormForm | None = None
    try:
        if norm:
            form = NormForm(request.POST, initial=_initial(held.text, norm))
            if form.has_changed() and not form.is_valid():
                return _editor(request, held, text, norm, form=form, revision=revision, status=422)
            if form.has_changed():
                text = blocks.changed(text, norm, form.said(blocks.fields(text, norm)))
        if pressed == "add":
            norm = _fresh(text)
            text = blocks.added(text, norm)
    except blocks.NoBlockError:
        messages.error(request, _("The form cannot find this rule in the text. Mend the text first."))
        return _editor(request, held, text, "", revision=revision, status=422)
    if pressed.startswith(OPEN):
        norm = pressed.removeprefix(OPEN)
    return _saved(request, held, text, revision, norm)


def _initial(text: str, norm: str) -> dict[str, Any]:
    """Return what the form of a norm showed, empty when the saved text has no such norm."""
    try:
        return held_in(blocks.fields(text, norm))
    except blocks.NoBlockError:
        return {}


def _saved(request: SeatedRequest, held: BookDraft, text: str, revision: int, norm: str) -> HttpResponse:
    pressed = request.POST.get("do", "save")
    try:
        if pressed == "copy":
            begun = actions.begin(by=request.seat, text=text, base_version=held.base_version, at=clock.now())
            return redirect("rules:draft", begun.handle)
        saved = actions.save_text(by=request.seat, draft=held, text=text, revision=revision, at=clock.now())
    except actions.SavedMeanwhileError as error:
        hunks = differences.lines(error.held.text, text)
        return _editor(request, error.held, text, norm, status=409, meanwhile=error.held, hunks=hunks)
    except actions.TooLargeError:
        messages.error(request, _("The text is too large and was not saved. A draft has at most 1 MB."))
        return _editor(request, held, text, "", revision=revision, status=422)
    except actions.WrongStateError:
        messages.error(
            request, _("The draft was submitted meanwhile and was not changed. Keep a copy of your text.")
        )
        return _editor(request, held, text, norm, revision=revision, status=409)
    if pressed == "submit":
        return draft_decisions.submitted(request, saved) or _editor(request, saved, text, norm, status=422)
    messages.success(request, _("Saved."))
    response = redirect("rules:draft", held.handle)
    response["Location"] += f"?norm={norm}#norm-form" if norm else ""
    return response


def _fresh(text: str) -> str:
    known = {one.id for one in blocks.blocks(text)}
    return next(name for number in range(1, len(known) + 2) if (name := f"{NEW}-{number}") not in known)


def _editor(
    request: SeatedRequest,
    held: BookDraft,
    text: str,
    norm: str,
    *,
    form: NormForm | None = None,
    revision: int | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    found_blocks = blocks.blocks(text)
    chosen = next((one for one in found_blocks if one.id == norm), None)
    if chosen and form is None:
        form = NormForm(initial=_initial(text, norm))
    context = {
        "draft": held,
        "text_form": TextForm(initial={"text": text, "revision": revision or held.revision}),
        "blocks": found_blocks,
        "chosen": chosen,
        "form": form if chosen else None,
        "found": examine(text),
        "largest": actions.LARGEST,
        **more,
    }
    return render(request, "rules/draft_edit.html", context, status=status)


@drafting
@require_POST
def check(request: SeatedRequest, handle: str) -> HttpResponse:
    """Answer what is wrong with a text, without saving it: for the page while one types."""
    found(request, handle)
    text = one_line_endings(request.POST.get("text", ""))
    return render(request, "rules/_draft_problems.html", {"found": examine(text)})


@drafting
@require_safe
def download(request: SeatedRequest, handle: str) -> HttpResponse:
    """Hand out the text of a draft as a file."""
    held = found(request, handle)
    name = "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in ".-") else "_" for letter in held.book
    )
    return attachment(
        held.text,
        name=f"{name or 'draft'}.v{held.version}.yaml",
        content_type="application/yaml; charset=utf-8",
    )


def found(request: SeatedRequest, handle: str) -> BookDraft:
    """Return a draft of the seat's agency, or answer 404."""
    held = queries.draft(handle, agency=request.seat.agency)
    if held is None:
        raise Http404
    return held


@drafting
@require_http_methods(["GET", "HEAD", "POST"])
def history(request: SeatedRequest, handle: str) -> HttpResponse:
    """Show who did what to a draft and what differs, and take decisions about it."""
    return draft_decisions.history(request, found(request, handle))
