"""Requests on a map: the same list, with its points beside it; its pictures are the agency's own, or there are none."""

from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from congvu.petitions.public.register import Register, outlines
from congvu.portal.web.request_asking import asked, of_register
from congvu.portal.web.request_asking import shown as framed
from congvu.portal.web.requests import listing
from congvu.ui import tiles
from congvu.ui.words import language

SIZE: Final = 200  # points
A_DAY: Final = 86_400
DEEPEST: Final = 22


@of_register
def shown(request: HttpRequest, register: Register) -> HttpResponse:
    """Show the requests that have a released place on a map, and the same ones as a list."""
    context = listing(request, register, asked(request, is_placed=True), SIZE)
    drawn = {"tiles": tiles.pattern(), "areas": outlines(register.agency, language())}
    return framed(request, register, "portal/request_map.html", "map", drawn=drawn, **context)


@require_safe
def tile(request: HttpRequest, zoom: int, column: int, row: int) -> HttpResponseBase:
    """Give a picture of the map from the folder that CONGVU_TILES names."""
    del request
    folder = Path(settings.CONGVU_TILES)
    if not settings.CONGVU_TILES or tiles.is_elsewhere() or zoom > DEEPEST or max(column, row) >= 2**zoom:
        raise Http404
    path = folder / str(zoom) / str(column) / f"{row}.png"
    if not path.is_file():
        raise Http404
    return FileResponse(
        path.open("rb"), content_type="image/png", headers={"Cache-Control": f"public, max-age={A_DAY}"}
    )
