"""The agency's books, what it decided about them, and its own days."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from congvu.base import clock
from congvu.directory.policies import NotAllowedError
from congvu.directory.web.access import SeatedRequest, seated
from congvu.rules import actions, decisions, policies, public, words
from congvu.rules.web.forms import DayForm, DecisionForm, ParameterForm


@seated
@require_safe
def books(request: SeatedRequest) -> HttpResponse:
    """List the books of the rulebook, and which of them bind the agency since when."""
    language = get_language() or "vi"
    adopted = decisions.adoptions(request.seat.agency)
    brought = decisions.brought(request.seat.agency, clock.now(), request.seat.on)
    rows = [(book, adopted.get(book.id), brought.get(book.id)) for book in public.books(language=language)]
    return _page(request, "books", rows=rows)


@seated
@require_safe
def book(request: SeatedRequest, book: str) -> HttpResponse:
    """Show a book in reading form, with what the agency decided where it leaves something open."""
    return _page(request, "book", **_book(request, book))


@seated
@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: SeatedRequest, book: str) -> HttpResponse:
    """Ask from when a book binds the agency, and let it bind."""
    known = _book(request, book)
    form = DecisionForm(request.POST or None, today=request.seat.on)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.adopt(
                by=request.seat,
                book=book,
                valid_from=said["valid_from"],
                number=said["number"],
                at=clock.now(),
            )
        except NotAllowedError:
            form.add_error(None, _("Only the head of the agency or its legal officer adopts books."))
        except actions.PastDayError:
            form.add_error("valid_from", _("This day is over. Choose today or a later day."))
        except actions.UnknownBookError:
            form.add_error("valid_from", _("No version of the book is in force on this day."))
        except actions.AlreadyAdoptedError:
            form.add_error(None, _("The agency has adopted this book already."))
        else:
            messages.success(request, _("The book is adopted."))
            return redirect("rules:book", book)
    return _page(request, "adopt", form=form, **known)


@seated
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: SeatedRequest, book: str, parameter: str) -> HttpResponse:
    """Ask how much, inside the bounds of the book, and record the decision."""
    known = _book(request, book)
    shown = next((one for one in known["parameters"] if one.name == parameter), None)
    if shown is None:
        raise Http404
    form = ParameterForm(request.POST or None, today=request.seat.on, bounds=shown.bounds)
    if form.is_valid() and _decided(request, book, parameter, form):
        messages.success(request, _("Your decision is recorded."))
        return redirect("rules:book", book)
    return _page(request, "decide", form=form, parameter=shown, **known)


@seated
@require_http_methods(["GET", "HEAD", "POST"])
def days(request: SeatedRequest) -> HttpResponse:
    """List the days that the agency changed, and take another one."""
    form = DayForm(request.POST or None, today=request.seat.on)
    if form.is_valid() and _day_changed(request, form):
        messages.success(request, _("The day is recorded."))
        return redirect("rules:days")
    return _page(
        request,
        "days",
        form=form,
        rows=decisions.closures(request.seat.agency),
        calendar=decisions.national(request.seat.agency),
        may_close=policies.may_close_days(request.seat),
    )


def _decided(request: SeatedRequest, book: str, parameter: str, form: forms.Form) -> bool:
    said = form.cleaned_data
    try:
        actions.decide_parameter(
            by=request.seat,
            book=book,
            parameter=parameter,
            value=said["value"],
            valid_from=said["valid_from"],
            number=said["number"],
            at=clock.now(),
        )
    except NotAllowedError:
        form.add_error(None, _("Only the head of the agency or its legal officer decides this."))
    except actions.PastDayError:
        form.add_error("valid_from", _("This day is over. Choose today or a later day."))
    except actions.NotAdoptedError:
        form.add_error(None, _("The agency has not adopted this book."))
    except actions.OutOfBoundsError as error:
        bounds = error.parameter
        form.add_error(
            "value",
            _("The book allows from %(least)s to %(most)s.")
            % {
                "least": words.amount(bounds.at_least, bounds.unit),
                "most": words.amount(bounds.at_most, bounds.unit),
            },
        )
    except (actions.UnknownBookError, actions.UnknownParameterError):
        form.add_error("valid_from", _("No version of the book is in force on this day."))
    else:
        return True
    return False


def _day_changed(request: SeatedRequest, form: forms.Form) -> bool:
    said = form.cleaned_data
    try:
        actions.close_day(
            by=request.seat,
            day=said["day"],
            is_closed=said["is_closed"] == "closed",
            reason=said["reason"],
            number=said["number"],
            at=clock.now(),
        )
    except NotAllowedError:
        form.add_error(
            None, _("Only the head of the agency, its legal officer or an administrator does this.")
        )
    except actions.PastDayError:
        form.add_error("day", _("This day is over. Choose today or a later day."))
    except actions.NoReasonError:
        form.add_error("reason", _("Give a reason."))
    except actions.SameDayStateError:
        form.add_error("day", _("It was decided so already."))
    else:
        return True
    return False


def _book(request: SeatedRequest, book: str) -> dict[str, Any]:
    """Return a book with the agency's decisions about it, or answer 404."""
    shown = public.book(book, language=get_language() or "vi")
    if shown is None:
        raise Http404
    return {
        "book": shown,
        "adoption": decisions.adoptions(request.seat.agency).get(book),
        "bringer": decisions.brought(request.seat.agency, clock.now(), request.seat.on).get(book),
        "parameters": decisions.parameters(request.seat.agency, book),
        "may_decide": policies.may_decide(request.seat),
    }


def _page(request: SeatedRequest, name: str, **context: Any) -> HttpResponse:
    form = context.get("form")
    status = 422 if form is not None and form.errors else 200
    frame = {"may_draft": policies.may_decide(request.seat)}
    return render(request, f"rules/{name}.html", frame | context, status=status)
