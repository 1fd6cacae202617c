"""Asking, one question a page: the answers wait sealed until they are sent, and no page loses them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from congvu.base import clock
from congvu.directory.models import Agency
from congvu.mail.secrecy import Mark
from congvu.petitions.actions import drafting
from congvu.petitions.actions.drafting import SentError
from congvu.petitions.actions.refusing import note_refusal
from congvu.petitions.guarding import checking
from congvu.petitions.guarding.pace import TooFastError
from congvu.petitions.models import Service, UnsentPetition
from congvu.petitions.queries import offered, unsent
from congvu.petitions.web.public_forms import Form
from congvu.petitions.web.public_frame import agency_or_404, page
from congvu.petitions.web.refused import status_of, why_not_now
from congvu.petitions.words import Channel
from congvu.ui.web.network import network_address

KEY = "unsent_petitions"  # of the session: {service: what is being written}
MOST = 5  # services for which somebody writes at once
STEPS = ("place", "what", "files", "who", "similar", "check")
UNCOUNTED = "similar"  # comes only when there is something to show


@dataclass(slots=True, kw_only=True)
class Asking:
    """Somebody on a page of a service; `is_lost` when what they wrote before has expired."""

    request: HttpRequest
    service: Service
    step: str
    now: datetime
    unsent: UnsentPetition | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    is_lost: bool = False

    @property
    def agency(self) -> Agency:
        """Return who answers."""
        return self.service.agency

    @property
    def posted(self) -> QueryDict | None:
        """Return what was sent with the page, None when it is only looked at."""
        return self.request.POST if self.request.method == "POST" else None

    @property
    def steps(self) -> list[str]:
        """Return the pages of this service, in order."""
        left_out = {"similar"} if self.service.is_confidential else set()
        left_out |= set() if self.service.needs_place else {"place"}
        return [one for one in STEPS if one not in left_out]

    @property
    def next(self) -> str:
        """Return the first page that was not answered yet."""
        seen = self.answers.get("seen", ())
        return next((one for one in self.steps if one not in seen), "check")

    def held(self) -> UnsentPetition:
        """Return where answers are kept; it begins with the first one. Raises TooFastError."""
        if self.unsent is None:
            checking.keep_pace(network_address(self.request), now=self.now)
            self.unsent = drafting.begin(self.service, at=self.now)
            held = {**self.request.session.get(KEY, {}), self.service.handle: self.unsent.handle}
            self.request.session[KEY] = dict(list(held.items())[-MOST:])
        return self.unsent

    def keep(self, *steps: str, **answers: Any) -> None:
        """Keep answers, with which these pages are done. Raises SentError or TooFastError."""
        seen = sorted({*self.answers.get("seen", ()), *steps})
        self.answers = {**self.answers, **answers, "seen": seen}
        drafting.keep(self.held(), self.answers, at=self.now)

    def keep_form(self, form: Form, **answers: Any) -> HttpResponse:
        """Keep what a form says, and go on; who is too fast finds it still in the form."""
        try:
            self.keep(self.step, **answers)
        except TooFastError as error:
            form.add_error(None, why_not_now(error))
            return self.ask_form(form, status=status_of(error))
        return self.go_on()

    def go_on(self) -> HttpResponse:
        """Go to the first page that is not done."""
        return redirect(f"ask:{self.next}", self.agency.slug, self.service.code)

    def ask(self, context: dict[str, Any], *, template: str = "", status: int = 200) -> HttpResponse:
        """Show the page."""
        counted = [one for one in self.steps if one != UNCOUNTED]
        before = [one for one in self.steps[: self.steps.index(self.step)] if one != UNCOUNTED]
        frame = {
            "service": self.service,
            "step": self.step,
            "back": f"ask:{before[-1]}" if before else "",
            "order": len(before) + 1,
            "count": len(counted),
        }
        return page(self.request, self.agency, template or self.step, frame | context, status=status)

    def note_mark(self, mark: Mark | None) -> None:
        """Leave evidence that a mark of state secrecy was refused, if one was. Raises TooFastError."""
        if mark:
            checking.keep_pace(network_address(self.request), now=self.now)
            note_refusal(self.agency, mark=mark, channel=Channel.PORTAL, at=self.now)

    def ask_form(self, form: Form, *, status: int = 422) -> HttpResponse:
        """Show the page with its questions, and with what is wrong."""
        self.note_mark(form.mark)
        return self.ask({"form": form}, status=status if form.errors else 200)


View = Callable[[Asking], HttpResponse]


def step(name: str) -> Callable[[View], Callable[[HttpRequest, str, str], HttpResponse]]:
    """Give a page what was written for its service; what was sent already leads to its end.

    Who comes back after everything expired begins anew, with what they send now.
    """

    def of(view: View) -> Callable[[HttpRequest, str, str], HttpResponse]:
        @wraps(view)
        def shown(request: HttpRequest, slug: str, code: str) -> HttpResponse:
            agency = agency_or_404(slug)
            service = offered.service(agency, code)
            if service is None:
                raise Http404
            if not service.is_open:
                return page(request, agency, "closed", {"service": service}, status=410)
            one = _resumed(request, service, name)
            if one.unsent is not None and one.unsent.petition is not None:
                return redirect("ask:done", slug, code)
            return _shown(one, view)

        return require_http_methods(["GET", "HEAD", "POST"])(shown)

    return of


@require_safe
def begin(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Begin to ask for a service, or go on where somebody stopped; what was sent is over."""
    service = offered.service(agency_or_404(slug), code)
    if service is None:
        raise Http404
    one = _resumed(request, service, "")
    if one.unsent is not None and one.unsent.petition is not None:
        forget(request, service)
    return one.go_on()


def too_fast(asking: Asking, error: TooFastError) -> HttpResponse:
    """Say when there is room again."""
    context = {"why": why_not_now(error), "service": asking.service}
    answer = page(asking.request, asking.agency, "too_fast", context, status=429)
    answer["Retry-After"] = str(error.seconds)
    return answer


def written(request: HttpRequest, service: Service, *, now: datetime) -> UnsentPetition | None:
    """Return what this browser holds for a service, sent or not."""
    handle = request.session.get(KEY, {}).get(service.handle, "")
    return unsent.unsent(handle, service=service, now=now) if handle else None


def forget(request: HttpRequest, service: Service) -> None:
    """Forget in the browser's session what was written for a service."""
    held = request.session.get(KEY, {})
    request.session[KEY] = {one: handle for one, handle in held.items() if one != service.handle}


def _resumed(request: HttpRequest, service: Service, name: str) -> Asking:
    now = clock.now()
    handle = request.session.get(KEY, {}).get(service.handle, "")
    row = written(request, service, now=now)
    one = Asking(request=request, service=service, step=name, now=now, unsent=row)
    one.answers = unsent.answers(row) if row else {}
    one.is_lost = row is None and (bool(handle) or (bool(name) and name != one.steps[0]))
    return one


def _shown(one: Asking, view: View) -> HttpResponse:
    if one.step not in one.steps:
        return one.go_on()
    if one.is_lost and one.posted is None:
        forget(one.request, one.service)
        messages.warning(
            one.request,
            _(
                "What you wrote before is gone: it was not sent within 12 hours, or your browser keeps no cookies."
            ),
        )
        return one.go_on()
    try:
        answer = view(one)
    except SentError:
        return redirect("ask:done", one.agency.slug, one.service.code)
    except TooFastError as error:
        return too_fast(one, error)
    if one.is_lost and one.unsent is not None:
        messages.warning(
            one.request,
            _(
                "What you wrote on other pages is gone: it was not sent within 12 hours, or your browser keeps no "
                "cookies. What you sent just now is kept."
            ),
        )
    return answer
