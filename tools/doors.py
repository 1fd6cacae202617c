"""Every route of the web is either public by decision or asks for a seat."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.urls import URLPattern, URLResolver

GUARD = "requires_seat"  # the mark that `congvu.directory.web.access.seated` leaves on a view
Route = tuple[str, Callable[..., Any]]


def routes(resolver: URLResolver, *, before: str = "") -> Iterator[Route]:
    """Yield every route below a resolver with its view."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from routes(one, before=before + str(one.pattern))
        elif isinstance(one, URLPattern) and one.callback is not None:
            yield before + str(one.pattern), one.callback


def is_guarded(view: Callable[..., Any]) -> bool:
    """Tell whether a view stands behind `seated`, as a function or as the dispatch of a class."""
    made_of = getattr(view, "view_class", None)
    return bool(getattr(view, GUARD, False) or (made_of and getattr(made_of.dispatch, GUARD, False)))


def origin(view: Callable[..., Any]) -> str:
    """Name the module that a view comes from."""
    return str(getattr(getattr(view, "view_class", view), "__module__", ""))


def faults(found: list[Route], *, public: Mapping[str, str]) -> Iterator[str]:
    """Yield the routes that nobody guards and nobody declared public, and declarations without a route.

    `public` maps a dotted module or view to the reason why it is open; a package ends in `.*`.
    """
    used: set[str] = set()
    for route, view in found:
        module = origin(view)
        name = f"{module}.{getattr(getattr(view, 'view_class', view), '__name__', '')}"
        keys = {name, module, *(f"{name[: end.start()]}.*" for end in re.finditer(r"\.", name))}
        matched = keys & set(public)
        used |= matched
        if not matched and not is_guarded(view):
            yield f"/{route} ({name}) asks for no seat and is not declared public"
    yield from (f"{name} is declared public but has no route" for name in sorted(set(public) - used))
