"""The gate before every page of an official: signed in, and holding a post today."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from congvu.base import clock
from congvu.directory import queries
from congvu.directory.models import Account

SEAT_KEY = "seat"


class SeatedRequest(HttpRequest):
    """A request that knows on which post its account acts."""

    seat: queries.Seat


def seated(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view `request.seat`; without a post today the session ends, that same day."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not isinstance(request.user, Account):
            return redirect_to_login(request.get_full_path())
        seat = queries.seat(request.user, clock.now(), membership=request.session.get(SEAT_KEY))
        if seat is None:
            logout(request)
            return redirect("directory:no-post")
        request.seat = seat  # type: ignore[attr-defined]  # -- this is the one place that sets it
        return view(request, *args, **kwargs)

    guarded.requires_seat = True  # type: ignore[attr-defined]  # -- read by the test over all routes
    return guarded
