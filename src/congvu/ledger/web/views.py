"""Hash tiles and checkpoints, as static files, for everybody (C2SP tlog-tiles).

A web server in front may serve the folder `ledger/public` itself under the same addresses.
"""

import errno
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from congvu.ledger.store import Folder
from congvu.ledger.timestamping import records
from congvu.ledger.witnesses import policy as policies
from congvu.ledger.witnesses import queries
from congvu.standards import tiles
from congvu.standards.quorums import MalformedPolicyError

_FOREVER = "public, max-age=31536000, immutable"
_TEXT = "text/plain; charset=utf-8"


@require_safe
def checkpoint(request: HttpRequest, agency: str, log: str) -> HttpResponseBase:
    """Serve the last checkpoint that witnesses cosigned as the policy asks, else the last signed one; never cached."""
    del request
    folder = Folder.of(agency, log)
    name = "cosigned" if _is_awaited() and (folder.public / "cosigned").exists() else "checkpoint"
    return _file(folder.public / name, _TEXT, "no-store")


@require_safe
def head(request: HttpRequest, agency: str, log: str) -> HttpResponseBase:
    """Serve the last signed checkpoint without waiting for witnesses; never cached."""
    del request
    return _file(Folder.of(agency, log).public / "checkpoint", _TEXT, "no-store")


@require_safe
def succession(request: HttpRequest, agency: str, log: str) -> HttpResponseBase:
    """Serve the note by which the key of the year before vouches for this one's."""
    del request
    return _file(Folder.of(agency, log).public / "succession", _TEXT, "no-cache")


@require_safe
def closing(request: HttpRequest, agency: str, log: str) -> HttpResponseBase:
    """Serve the note that closed this log before its year was over, and names the log in its place."""
    del request
    return _file(Folder.of(agency, log).public / "closing", _TEXT, "no-cache")


@require_safe
def policy(request: HttpRequest, agency: str, log: str) -> HttpResponseBase:
    """Serve the policy by which this log is witnessed as receipts carry it: a note that the log's key has signed."""
    del request
    return _file(Folder.of(agency, log).public / "policy", _TEXT, "no-cache")


@require_safe
def witnesses(request: HttpRequest, agency: str, log: str) -> HttpResponseBase:
    """Serve the same policy with the log's key and the witnesses' addresses, by which they find each other."""
    del request
    text = queries.public_policy(agency, log)
    if not text:
        raise Http404
    return HttpResponse(text, content_type=_TEXT, headers={"Cache-Control": "no-cache"})


@require_safe
def key(request: HttpRequest, agency: str, log: str) -> HttpResponseBase:
    """Serve the log's public key (vkey); whoever trusts it compares its fingerprint by another way."""
    del request
    return _file(Folder.of(agency, log).public_key, _TEXT, "no-cache")


@require_safe
def stamp(request: HttpRequest, agency: str, log: str, name: str) -> HttpResponseBase:
    """Serve a stamped checkpoint (`<size>.note`) or its evidence record (`<size>.ers`, RFC 4998)."""
    del request
    path = records.path(Folder.of(agency, log), name)
    if path is None:
        raise Http404
    return _file(path, "application/octet-stream", "no-cache")


@require_safe
def tile(request: HttpRequest, agency: str, log: str, name: str) -> HttpResponseBase:
    """Serve a hash tile; entry bundles are not public."""
    del request
    asked = tiles.parse_path(name)
    if asked is None or asked.level is None:
        raise Http404
    return _file(Folder.of(agency, log).path(asked.path), "application/octet-stream", _FOREVER)


def _is_awaited() -> bool:
    try:
        return policies.is_awaited(policies.current())
    except MalformedPolicyError:
        return True  # whoever must cosign, somebody must


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
