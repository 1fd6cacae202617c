"""Every route of the web is either public by decision or asks for a seat."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.urls import URLPattern, URLResolver

Guard = re.compile(r"/(congvu/directory/web/access|django/contrib/auth/(decorators|mixins))\.py$")
Route = tuple[str, Callable[..., Any]]


def routes(resolver: URLResolver, *, before: str = "") -> Iterator[Route]:
    """Yield every route below a resolver with its view."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from routes(one, before=before + str(one.pattern))
        elif isinstance(one, URLPattern) and one.callback is not None:
            yield before + str(one.pattern), one.callback


def is_guarded(view: Callable[..., Any]) -> bool:
    """Tell whether a view stands behind `seated` or Django's own login requirement."""
    ahead: Any = view
    while ahead is not None:
        code = getattr(ahead, "__code__", None)
        if code and Guard.search(code.co_filename):
            return True
        ahead = getattr(ahead, "__wrapped__", None)
    made_of = getattr(view, "view_class", None)
    if made_of is None:
        return False
    is_mixed_in = any(base.__name__ == "LoginRequiredMixin" for base in made_of.__mro__)
    return is_mixed_in or is_guarded(made_of.dispatch)


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
        name = f"{module}.{getattr(view, '__name__', '')}"
        keys = {name, module, *(f"{name[: end.start()]}.*" for end in re.finditer(r"\.", name))}
        matched = keys & set(public)
        used |= matched
        if not matched and not is_guarded(view):
            yield f"/{route} ({name}) asks for no seat and is not declared public"
    yield from (f"{name} is declared public but has no route" for name in sorted(set(public) - used))
