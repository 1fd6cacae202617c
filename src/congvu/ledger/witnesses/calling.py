"""Questions to a witness over the network (C2SP tlog-witness), within bounds; what it answers is verified."""

from urllib.parse import quote

from congvu.base.fetching import Bounds, FetchError, StatusError, fetch
from congvu.base.places import host_of
from congvu.standards import witnessing
from congvu.standards.cosignatures import Cosignature
from congvu.standards.quorums import Witness
from congvu.standards.witnessing import Question, RefusalError, StaleError

SECONDS = 20.0
KIND = "text/plain; charset=utf-8"
_WORDS = {400: "refused", 403: "forbidden", 404: "unknown", 409: "other_root", 422: "inconsistent"}
_LATER = {429, 500, 502, 503, 504}


class WitnessError(Exception):
    """A witness did not cosign.

    `word`: place, unreachable, slow, too_large, cut, malformed, later, refused, forbidden (another key), unknown
    (the log), other_root, inconsistent, clock, stale; for stale `size` is what it says to know.
    """

    def __init__(self, word: str, size: int | None = None) -> None:
        """Keep the word and the size."""
        super().__init__(word)
        self.word, self.size = word, size


def ask(witness: Witness, question: Question, *, seconds: float = SECONDS) -> Cosignature:
    """Ask a witness to cosign; raises WitnessError."""
    status, kind, body = _posted(witness, question.format(), seconds)
    try:
        told = witnessing.read(status, {"Content-Type": kind}, body, note=question.note, keys=[witness.key])
    except StaleError as error:
        raise WitnessError("stale", error.size) from error
    except RefusalError as error:
        word = "later" if error.status in _LATER else _WORDS.get(error.status, "refused")
        raise WitnessError(word) from error
    except witnessing.MalformedAnswerError as error:
        raise WitnessError("malformed") from error
    return told[0]


def newest(witness: Witness, origin: str, *, seconds: float = SECONDS) -> str:
    """Return the newest head (note) that a witness shows of a log; empty when it shows none. Raises WitnessError."""
    try:
        data = get(witness, f"checkpoint?origin={quote(origin, safe='')}", seconds=seconds)
        return data.decode()
    except UnicodeDecodeError as error:
        raise WitnessError("malformed") from error
    except StatusError:
        return ""
    except FetchError as error:
        raise WitnessError(error.word) from error


def get(witness: Witness, path: str, *, seconds: float = SECONDS, octets: int = witnessing.LARGEST) -> bytes:
    """Return what a witness shows below its prefix; raises FetchError."""
    return _fetch(witness, path, Bounds(seconds=seconds, octets=octets))


def _posted(witness: Witness, body: bytes, seconds: float) -> tuple[int, str, bytes]:
    bounds = Bounds(seconds=seconds, octets=witnessing.LARGEST)
    try:
        return 200, "", _fetch(witness, "add-checkpoint", bounds, body)
    except StatusError as error:
        return error.status, error.kind, error.content
    except FetchError as error:
        raise WitnessError(error.word) from error


def _fetch(witness: Witness, path: str, bounds: Bounds, body: bytes | None = None) -> bytes:
    """Ask below the prefix that the operator wrote: its host may be one of the inside."""
    url = f"{witness.url.rstrip('/')}/{path}"
    return fetch(url, bounds=bounds, allowed={host_of(url)}, body=body, kind=KIND)
