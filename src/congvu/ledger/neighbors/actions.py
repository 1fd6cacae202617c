"""What this installation does as a witness: it takes on logs, and cosigns their checkpoints."""

from datetime import datetime
from hashlib import sha256
from http import HTTPStatus

from congvu.base import places
from congvu.base.database import atomic
from congvu.ledger import actions as ledger
from congvu.ledger.events import NeighborAdded, NeighborClosed, NeighborRemoved, WitnessOpened
from congvu.ledger.models import Ledger
from congvu.ledger.neighbors import queries, witness_keys
from congvu.ledger.neighbors.models import Neighbor, NeighborHead
from congvu.standards import checkpoints, closings, cosignatures, notes, successions, witnessing
from congvu.standards.closings import Closing
from congvu.standards.witnessing import Question

KEPT = 50  # heads of one log


class WitnessExistsError(Exception):
    """This installation has keys of a witness; new ones make an end of all that rests on them."""


class NeighborExistsError(Exception):
    """A log of this origin is witnessed already."""


class OwnLogError(Exception):
    """A log of this installation: who witnesses himself says nothing."""


class BadAddressError(Exception):
    """The address of a log is not one of the web."""


class NoNeighborError(Exception):
    """No log of this origin is witnessed here."""


class OtherKeyError(Exception):
    """The log is witnessed here under another key."""


class OtherHeadError(Exception):
    """We have cosigned another head of that size."""


class NeighborClosedError(Exception):
    """The log is closed already."""


class ClosedError(Exception):
    """This installation does not cosign now: it has no key of a witness, or its own evidence is sealed."""


def open_witness(*, name: str, now: datetime, replace: bool = False) -> None:
    """Make this installation a witness under a name: keys of both types. Raises WitnessExistsError."""
    with atomic():
        if witness_keys.secrets() and not replace:
            raise WitnessExistsError
        witness_keys.make(name)
        keys = [key.id.hex() for key in witness_keys.verifiers()]
        ledger.record_everywhere(WitnessOpened(), at=now, disclosures={"key": " ".join(keys)})


def add_neighbor(vkey: str, *, url: str, now: datetime) -> str:
    """Witness a log from now on; return its origin. One that was removed goes on from the heads that are remembered.

    Raises MalformedKeyError, BadAddressError, OwnLogError or NeighborExistsError.
    """
    key = notes.parse_verifier_key(vkey)
    if url and not places.is_place(url):
        raise BadAddressError(url)
    with atomic():
        if _is_own(key.name):
            raise OwnLogError(key.name)
        if Neighbor.objects.filter(origin=key.name, removed_at=None).exists():
            raise NeighborExistsError(key.name)
        fields = {"key": key.text, "url": url, "added_at": now, "removed_at": None}
        Neighbor.objects.update_or_create(origin=key.name, defaults=fields)
        ledger.record_everywhere(NeighborAdded(), at=now, disclosures={"log": key.text})
    return key.name


def remove_neighbor(origin: str, *, now: datetime) -> None:
    """Witness a log no longer; its heads stay known, or it could come again with another history. NoNeighborError."""
    with atomic():
        found = Neighbor.objects.filter(origin=origin, removed_at=None).first()
        if found is None:
            raise NoNeighborError(origin)
        ledger.record_everywhere(NeighborRemoved(), at=now, disclosures={"log": found.key})
        found.removed_at = now
        found.save(update_fields=["removed_at"])


def close_neighbor(note: str, *, now: datetime) -> Closing:
    """Cosign a log no more, since its agency closed it, and witness the one that takes its place.

    The note must come from the agency by a way that a thief of its key has not. Raises MalformedClosingError,
    NoNeighborError, OtherKeyError, OtherHeadError or NeighborClosedError.
    """
    closing = closings.read(note)
    with atomic():
        found = Neighbor.objects.filter(origin=closing.closed.name, removed_at=None).first()
        if found is None:
            raise NoNeighborError(closing.closed.name)
        if found.key != closing.closed.text:
            raise OtherKeyError(found.key)
        if found.closing:
            raise NeighborClosedError(found.origin)
        following = Neighbor.objects.filter(origin=closing.next.name, removed_at=None).first()
        if following is not None and following.key != closing.next.text:
            raise OtherKeyError(following.key)
        same = NeighborHead.objects.filter(neighbor=found, size=closing.size).first()
        if same is not None and same.root != notes.encode_base64(closing.root):
            raise OtherHeadError(found.origin)
        said = {"log": found.key, "digest": sha256(note.encode()).hexdigest()}
        ledger.record_everywhere(NeighborClosed(reason=closing.reason), at=now, disclosures=said)
        Neighbor.objects.filter(pk=found.pk).update(closing=note)
        if following is None:
            url = beside(found.url, origin=found.origin, name=successions.name_of(closing.next.name))
            add_neighbor(closing.next.text, url=url, now=now)
    return closing


def beside(url: str, *, origin: str, name: str) -> str:
    """Return where the log of another name lies beside one; empty where that one's address does not end in its name."""
    place, _, last = url.rstrip("/").rpartition("/")
    return f"{place}/{name}" if last == successions.name_of(origin) else ""


def cosign(
    question: Question, *, now: datetime
) -> str:  # no-evidence: the cosignature is evidence of its own
    """Return the cosignatures over a checkpoint, one line for each key; its head is durable before.

    Raises RefusalError of the protocol, or ClosedError. A log that was proven to misbehave is cosigned no more.
    """
    secrets = witness_keys.secrets()
    if not secrets or Ledger.objects.exclude(sealed="").exists():
        raise ClosedError
    neighbor = Neighbor.objects.filter(origin=witnessing.origin(question), removed_at=None).first()
    if neighbor is not None and neighbor.distrusted_at is not None:
        raise witnessing.RefusalError(HTTPStatus.FORBIDDEN, "two histories of this log were proven\n")
    if neighbor is not None and neighbor.closing:
        raise witnessing.RefusalError(HTTPStatus.FORBIDDEN, "this log was closed by its agency\n")
    keys = [] if neighbor is None else [notes.parse_verifier_key(neighbor.key)]
    known = witnessing.NOTHING if neighbor is None else queries.seen(neighbor)
    head = witnessing.judge(question, keys=keys, seen=known)
    if neighbor is not None and (head.size, head.root) != known:
        _remember(neighbor, question, now)
    return _lines(secrets, head, int(now.timestamp()))


def _remember(neighbor: Neighbor, question: Question, now: datetime) -> None:
    """Keep the new head, unless another came first: then the question is judged anew by what is known now."""
    key = notes.parse_verifier_key(neighbor.key)
    with atomic():
        locked = (
            Neighbor.objects.select_for_update().filter(pk=neighbor.pk, removed_at=None, closing="").first()
        )
        seen = witnessing.NOTHING if locked is None else queries.seen(locked)
        keys = [] if locked is None else [key]
        head = witnessing.judge(question, keys=keys, seen=seen)
        if (head.size, head.root) == seen:
            return
        NeighborHead.objects.create(
            neighbor=neighbor,
            size=head.size,
            root=notes.encode_base64(head.root),
            note=checkpoints.bare(question.note, key=key),
            cosigned_at=now,
        )
        old = NeighborHead.objects.filter(neighbor=neighbor).order_by("-size")[KEPT : KEPT + 1]
        for one in old:
            NeighborHead.objects.filter(neighbor=neighbor, size__lte=one.size).delete()


def _is_own(origin: str) -> bool:
    """Say whether a log is of this installation, of whatever year."""
    log, _, _ = origin.removeprefix("demonstration.").rpartition("/")
    return any(log == f"{one.host}/log/{one.slug}" for one in Ledger.objects.all())


def _lines(secrets: tuple[cosignatures.CosignerSecret, ...], head: checkpoints.Checkpoint, at: int) -> str:
    text = head.format()
    able = [one for one in secrets if not head.extensions or one.sort == cosignatures.ED25519]
    return "".join(secret.cosign(text, at=at) for secret in able)
