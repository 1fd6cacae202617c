"""Every route is public by decision, or asks for a seat."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, include, path
from django.urls.resolvers import RegexPattern
from django.views import View

from congvu.directory.web.access import seated
from tests.architecture.planting import assert_none
from tools import doors

# A module, or one view of it, and why anybody may open it.
PUBLIC = {
    "congvu.portal.web.*": "the public's face of the agency",
    "congvu.petitions.web.public_start.*": "anybody may ask",
    "congvu.petitions.web.public_map.*": "the outlines of areas are public, as on the map of requests",
    "congvu.petitions.web.public_asking.*": "anybody may ask; a session of its own holds what was written",
    "congvu.petitions.web.public_questions.*": "anybody may ask; a session of its own holds what was written",
    "congvu.petitions.web.public_files.*": "anybody may ask; a session of its own holds what was written",
    "congvu.petitions.web.public_sending.*": "anybody may ask; what is sent proves that no machine floods the office",
    "congvu.petitions.web.public_following.*": "asks for number and secret key in place of an account",
    "congvu.ledger.web.views.checkpoint": "anybody may verify",
    "congvu.ledger.web.views.head": "anybody may verify",
    "congvu.ledger.web.views.key": "anybody may verify",
    "congvu.ledger.web.views.policy": "anybody may see by whom a log is witnessed",
    "congvu.ledger.web.views.closing": "whoever holds a receipt learns that its log was closed",
    "congvu.ledger.web.views.succession": "witnesses learn the next year's key",
    "congvu.ledger.web.views.witnesses": "witnesses find each other",
    "congvu.ledger.web.views.stamp": "anybody may see when a checkpoint stood",
    "congvu.ledger.web.views.tile": "anybody may verify; a tile holds hashes only",
    "congvu.ledger.web.witness.*": "a log is believed by its signature, and heads are public",
    "congvu.desk.web.monitoring.metrics": "asks for a token of its own, and is not there without one set",
    "congvu.desk.web.monitoring.health": "says that it answers, and nothing else",
    "congvu.petitions.open311.*": "programs read what is public, and write with a key",
    "congvu.ui.web.gallery.gallery": "components without any data, for those who build pages",
    "allauth.*": "sign-in keeps its own gate",
    "congvu.directory.web.own.no_post": "says why somebody cannot sign in",
    "django.views.generic.base.TemplateView": "the doors that are closed say so: sign-up, forgotten password",
    "django.views.i18n.set_language": "everybody chooses a language",
}


def test_every_route_is_guarded_or_public_by_decision() -> None:
    assert_none(doors.faults(list(doors.routes(get_resolver())), public=PUBLIC))


def open_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.method)


@seated
def guarded_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.method)


class OpenPage(View):
    """A page whose gate was forgotten."""


class GuardedPage(View):
    """A page behind the gate."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().dispatch(request, *args, **kwargs)

    dispatch.requires_seat = True  # type: ignore[attr-defined]  # as `seated` marks it


def found() -> list[doors.Route]:
    inner = [path("open/", open_view), path("page/", OpenPage.as_view())]
    outer: list[URLPattern | URLResolver] = [
        path("in/", guarded_view),
        path("in/page/", GuardedPage.as_view()),
        path("deep/", include((inner, "deep"))),
    ]
    return list(doors.routes(URLResolver(RegexPattern(r""), outer)))


def test_routes_are_walked_to_the_bottom() -> None:
    assert [route for route, _ in found()] == ["in/", "in/page/", "deep/open/", "deep/page/"]


def test_a_route_without_gate_is_caught() -> None:
    here = open_view.__module__
    assert list(doors.faults(found(), public={})) == [
        f"/deep/open/ ({here}.open_view) asks for no seat and is not declared public",
        f"/deep/page/ ({here}.OpenPage) asks for no seat and is not declared public",
    ]


def test_a_declared_route_passes_and_a_stale_declaration_is_caught() -> None:
    here = open_view.__module__
    public = {f"{here}.open_view": "so", f"{here}.OpenPage": "so", "congvu.gone.*": "once"}
    assert list(doors.faults(found(), public=public)) == ["congvu.gone.* is declared public but has no route"]
    assert list(doors.faults(found(), public={f"{here}.*": "so"})) == []
