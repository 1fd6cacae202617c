"""The gate before every page of an official: signed in, with a password of their own, and holding a post today.

Offices share computers: no browser, and nobody on the way, keeps a copy of such a page.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from congvu.base import clock
from congvu.directory import queries
from congvu.directory.models import Account
from congvu.directory.policies import may_administer, may_record_leave, may_withdraw

SEAT_KEY = "seat"


class SeatedRequest(HttpRequest):
    """A request that knows on which post its account acts."""

    seat: queries.Seat


View = Callable[..., HttpResponseBase]


def seated(view: View) -> View:
    """Give the view `request.seat`; without a post today the session ends, that same day.

    Whoever signed in with a one-time password first chooses their own.
    """
    return _guarded(view, own_password=True)


def seated_before_own_password(view: View) -> View:
    """Give the view `request.seat`, also to somebody who still has a one-time password."""
    return _guarded(view, own_password=False)


def allowed(may: Callable[[queries.Seat], bool]) -> Callable[[View], View]:
    """Give the view `request.seat` of whoever may; others get 403."""

    def guarded(view: View) -> View:
        @wraps(view)
        def checked(request: SeatedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not may(request.seat):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return seated(checked)

    return guarded


administered = allowed(may_administer)
mail_administered = allowed(may_withdraw)
in_charge_of_people = allowed(may_record_leave)


def _guarded(view: View, *, own_password: bool) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(request.user, Account):
            return redirect_to_login(request.get_full_path())
        seat = queries.seat(request.user, clock.now(), membership=request.session.get(SEAT_KEY))
        if seat is None:
            logout(request)
            return redirect("directory:no-post")
        if own_password and request.user.password_is_initial:
            return redirect("directory:first-password")
        request.seat = seat  # type: ignore[attr-defined]  # this is the one place that sets it
        with timezone.override(ZoneInfo(seat.agency.zone)):  # legal days and windows are the agency's
            answer = view(request, *args, **kwargs)
        answer.setdefault("Cache-Control", "no-store")
        return answer

    guarded.requires_seat = True  # type: ignore[attr-defined]  # read by the test over all routes
    return guarded
