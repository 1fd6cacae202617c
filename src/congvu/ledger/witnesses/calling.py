"""Questions to a witness over the network (C2SP tlog-witness), within bounds; what it answers is verified."""

from urllib.parse import quote, urlsplit

from congvu.base.fetching import Bounds, FetchError, StatusError, fetch
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
    bounds = Bounds(seconds=seconds, octets=octets)
    return fetch(_below(witness.url, path), bounds=bounds, allowed=_hosts(witness.url))


def _posted(witness: Witness, body: bytes, seconds: float) -> tuple[int, str, bytes]:
    bounds = Bounds(seconds=seconds, octets=witnessing.LARGEST)
    url = _below(witness.url, "add-checkpoint")
    try:
        return 200, "", fetch(url, bounds=bounds, allowed=_hosts(witness.url), body=body, kind=KIND)
    except StatusError as error:
        return error.status, error.kind, error.content
    except FetchError as error:
        raise WitnessError(error.word) from error


def _below(prefix: str, path: str) -> str:
    return f"{prefix.rstrip('/')}/{path}"


def _hosts(url: str) -> set[str]:
    """Return the host that the operator wrote himself: it may be one of the inside."""
    try:
        return {urlsplit(url).hostname or ""}
    except ValueError:
        return set()
