"""Hash tiles and checkpoints, as static files, for everybody (C2SP tlog-tiles).

A web server in front may serve the folder `ledger/public` itself under the same addresses.
"""

import errno
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from congvu.ledger.store import Folder
from congvu.standards import tiles

_FOREVER = "public, max-age=31536000, immutable"


@require_safe
def checkpoint(request: HttpRequest, agency: str, year: int) -> HttpResponseBase:
    """Serve the last signed checkpoint; never cached."""
    del request
    return _file(Folder.of(agency, year).public / "checkpoint", "text/plain; charset=utf-8", "no-store")


@require_safe
def key(request: HttpRequest, agency: str, year: int) -> HttpResponseBase:
    """Serve the log's public key (vkey); whoever trusts it compares its fingerprint by another way."""
    del request
    return _file(Folder.of(agency, year).public_key, "text/plain; charset=utf-8", "no-cache")


@require_safe
def tile(request: HttpRequest, agency: str, year: int, name: str) -> HttpResponseBase:
    """Serve a hash tile; entry bundles are not public."""
    del request
    asked = tiles.parse_path(name)
    if asked is None or asked.level is None:
        raise Http404
    return _file(Folder.of(agency, year).path(asked.path), "application/octet-stream", _FOREVER)


def _file(path: Path, content_type: str, cache: str) -> HttpResponseBase:
    try:
        answer = FileResponse(path.open("rb"), content_type=content_type)
    except OSError as error:
        if error.errno not in {errno.ENOENT, errno.ENAMETOOLONG}:
            raise
        raise Http404 from error
    answer["Cache-Control"] = cache
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
