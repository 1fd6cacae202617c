"""The door at which neighbors ask for cosignatures (C2SP tlog-witness), and what was seen of each log.

Nobody signs in here: a question is believed by the signature of the log on its checkpoint.
"""

import json
import time
from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from congvu.base import clock
from congvu.ledger.gossip import queries as gossip
from congvu.ledger.neighbors import actions, queries, witness_keys
from congvu.ledger.neighbors.pace import Pace
from congvu.standards import witnessing
from congvu.standards.witnessing import PLAIN, RefusalError

PAGE = 200
BY_ADDRESS = Pace(burst=300, a_minute=1_200)
BY_LOG = Pace(burst=60, a_minute=240)


@csrf_exempt  # a log has no session here
@require_POST
def add_checkpoint(request: HttpRequest) -> HttpResponse:
    """Cosign a neighbor's checkpoint, or say why not."""
    if not BY_ADDRESS.allows(_address(request), time.monotonic()):
        return _slower()
    body = request.read(witnessing.LARGEST + 1)
    if len(body) > witnessing.LARGEST:
        return _said(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {witnessing.LARGEST} bytes\n")
    try:
        question = witnessing.parse(body)
        known = queries.neighbor(witnessing.origin(question))
        if known is not None and not BY_LOG.allows(known.origin, time.monotonic()):
            return _slower()
        return _said(HTTPStatus.OK, actions.cosign(question, now=clock.now()))
    except RefusalError as error:
        return _said(error.status, error.said, error.kind)
    except actions.ClosedError:
        return _said(HTTPStatus.SERVICE_UNAVAILABLE, "this witness does not cosign now\n")


@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """Give the witness's public keys, one a line; whoever trusts them compares them by another way."""
    del request
    keys = witness_keys.verifiers()
    if not keys:
        raise Http404
    return _said(HTTPStatus.OK, "".join(f"{one.text}\n" for one in keys))


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """Give the newest head seen of one log (`origin`), as that log signed it."""
    known = queries.neighbor(request.GET.get("origin", "")[:320])
    if known is None or not known.note:
        raise Http404
    return _said(HTTPStatus.OK, known.note)


@require_safe
def checkpoints(request: HttpRequest) -> HttpResponse:
    """Give the newest head seen of each log, so many a page; `after` an origin."""
    rows = queries.neighbors(after=request.GET.get("after", "")[:320], limit=PAGE)
    more = rows[-1].origin if len(rows) == PAGE else None
    answer = JsonResponse({"checkpoints": [one.note for one in rows if one.note], "next": more})
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def conflicts(request: HttpRequest) -> HttpResponse:
    """Give the newest proofs that logs misbehaved."""
    del request
    proofs = [json.loads(proof) for proof in gossip.proofs(limit=gossip.SHOWN)]
    answer = JsonResponse({"conflicts": proofs}, json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "no-store"
    return answer


def _said(status: HTTPStatus, text: str, kind: str = PLAIN) -> HttpResponse:
    answer = HttpResponse(text, status=status, content_type=kind)
    answer["Cache-Control"] = "no-store"
    return answer


def _slower() -> HttpResponse:
    answer = _said(HTTPStatus.TOO_MANY_REQUESTS, "ask less often\n")
    answer["Retry-After"] = "5"
    return answer


def _address(request: HttpRequest) -> str:
    """Return who asks, as the web servers in front of us say it."""
    heard = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",")]
    if 0 < settings.CONGVU_PROXIES <= len(heard):
        return heard[-settings.CONGVU_PROXIES][:64]
    return str(request.META.get("REMOTE_ADDR", ""))
