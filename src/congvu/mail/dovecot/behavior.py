"""What a person did, and what a program did: the behavior of mail programs, told from Dovecot's log.

Handing a message's text to a program is not reading. A reading is a text fetched alone by somebody who signed in as
the mailbox's own user, with a command that marks it as seen, or marked as seen alone, soon and in the same session.
Everything else (previews, headers, searches, many at once, one after the other without pause, programs known to
fetch for later) proves no reading. docs/decisions/0305-openings-from-the-servers-log.md
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from congvu.mail.dovecot.records import Record

Deed = Literal["saved", "copied", "expunged", "renamed", "dropped", "fetched", "opened", "inspected"]

SOON = timedelta(minutes=5)  # between fetching a text and marking it as seen
PAUSE = timedelta(seconds=2)  # a person does not open several letters within this
MANY = 3  # texts fetched alone within PAUSE: a program
PREVIEW = 4_096  # octets from a text's beginning that are a preview
KEPT = 200  # fetches that are remembered of a session
FORGOTTEN = timedelta(hours=36)
FETCHERS = (
    "mbsync",
    "isync",
    "offlineimap",
    "fetchmail",
    "getmail",
    "imapsync",
    "imap-backup",
    "mpop",
    "vdirsyncer",
    "synchronizer",
)

_SECTION = re.compile(r"(BODY|BINARY)(\.PEEK)?\[([^\]]*)\](?:<(\d+)\.(\d+)>)?|\b(RFC822(?:\.TEXT)?)(?![.\w])")
_HEADER = re.compile(r"(?:[\d.]*\.)?(?:HEADER(?:\.FIELDS.*)?|MIME)$", re.IGNORECASE)
_SEEN = re.compile(r"[+]?FLAGS(?:\.SILENT)?\s+\(?[^)]*\\+Seen", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that was done with a message in a folder of a user; `through` is imap, pop, command or master."""

    deed: Deed
    user: str
    box: str
    uid: int = 0
    at: datetime | None = None
    through: str = ""
    record: Record | None = None


Place = tuple[str, int]  # folder and UID


@dataclass(slots=True)
class _Session:
    """What is remembered of one connection."""

    is_master: bool = False
    is_program: bool = False
    read: list[Place] = field(default_factory=list)  # texts of the command that goes on
    seen: list[Place] = field(default_factory=list)  # marked as seen by it
    alone: list[tuple[str, int, str]] = field(default_factory=list)  # texts fetched alone, and when
    held: list[tuple[str, int, str]] = field(
        default_factory=list
    )  # readings, until it is clear that no program reads
    user: str = ""
    at: str = ""


class Watch:
    """Follows the log record by record; its state can be kept and taken up again, between any two records."""

    def __init__(self, state: dict[str, Any] | None = None) -> None:
        self._sessions = {name: _session(kept) for name, kept in (state or {}).items()}

    def state(self) -> dict[str, Any]:
        """Return what must be kept, as JSON."""
        return {name: _kept(one) for name, one in self._sessions.items()}

    def take(self, one: Record) -> Iterator[Act]:
        """Take one record and yield what is certain now."""
        if one.kind in {"saved", "copied", "expunged", "renamed", "dropped"}:
            yield Act(deed=one.kind, user=one.user, box=one.box, uid=one.uid, record=one)
            return
        if one.at:
            yield from self.settle(one.at)
        known = self._sessions.get(one.session) or _Session()
        if one.session:
            self._sessions[one.session] = known
        known.user = one.user or known.user
        known.at = one.at.isoformat() if one.at else known.at
        if one.kind == "read":
            yield from _read(known, one)
        elif one.kind == "flagged" and one.is_seen:
            known.seen.append((one.box, one.uid))
        elif one.kind == "master":
            known.is_master = True
        elif one.kind == "client":
            known.is_program |= one.name.lower().startswith(FETCHERS)
        elif one.kind == "command" and one.at:
            yield from _command(known, one, one.at)
        elif one.kind == "ended":
            yield from _release(known)
            self._sessions.pop(one.session, None)

    def settle(self, now: datetime) -> Iterator[Act]:
        """Yield the readings after which nothing else came for long enough; forget sessions of long ago."""
        for name, known in list(self._sessions.items()):
            if known.held and datetime.fromisoformat(known.held[-1][2]) + PAUSE <= now:
                yield from _release(known)
            if known.at and datetime.fromisoformat(known.at) + FORGOTTEN < now:
                del self._sessions[name]


def _read(known: _Session, one: Record) -> Iterator[Act]:
    """Take that a message was opened for a reason; which part was asked for, the command says when it is over."""
    by_command = any(reason.startswith("doveadm:") for reason in one.reasons)
    if by_command:
        yield _act("inspected", one, through="command")
    elif "pop3:cmd_retr" in one.reasons:
        yield _act("fetched", one, through="pop")
    elif "imap:fetch_body" in one.reasons and one.uid:
        known.read.append((one.box, one.uid))


def _command(known: _Session, one: Record, at: datetime) -> Iterator[Act]:
    """Take that a command is over, with the messages that it opened and marked as seen."""
    read, seen = list(dict.fromkeys(known.read)), known.seen
    known.read, known.seen = [], []
    if one.command.endswith("FETCH"):
        asked = asks(one.arguments)
        if asked == "nothing":
            return
        for box, uid in read:
            deed: Deed = "inspected" if known.is_master else "fetched"
            through = "master" if known.is_master else "imap"
            yield Act(deed=deed, user=one.user, box=box, uid=uid, at=at, through=through)
        if len(read) == 1:
            _note(known, read[0], at, is_reading=asked == "reading")
    elif one.command.endswith("STORE") and len(seen) == 1 and _SEEN.search(one.arguments):
        when = next((then for box, uid, then in reversed(known.alone) if (box, uid) == seen[0]), "")
        if when and at - datetime.fromisoformat(when) <= SOON:
            known.held.append((*seen[0], at.isoformat()))


def _note(known: _Session, place: Place, at: datetime, *, is_reading: bool) -> None:
    """Note a text that was fetched alone; several within a moment are a program's doing, and so is all the session."""
    known.alone = [*known.alone, (*place, at.isoformat())][-KEPT:]
    moment = {(box, uid) for box, uid, then in known.alone if at - datetime.fromisoformat(then) <= PAUSE}
    if len(moment) >= MANY:
        known.is_program = True
    if is_reading:
        known.held.append((*place, at.isoformat()))


def _release(known: _Session) -> Iterator[Act]:
    """Yield the readings of a session, unless it has shown itself as a program's or an administrator's."""
    held, known.held = known.held, []
    if known.is_program or known.is_master:
        return
    for box, uid, then in held:
        at = datetime.fromisoformat(then)
        yield Act(deed="opened", user=known.user, box=box, uid=uid, at=at, through="imap")


def asks(arguments: str) -> Literal["nothing", "text", "reading"]:
    """Tell what a FETCH asks for: no text (headers, structure, a preview), text, or text that it marks as seen."""
    texts = [match for match in _SECTION.finditer(arguments) if _is_text(match)]
    if not texts:
        return "nothing"
    return "reading" if any(not match[2] for match in texts) else "text"


def _is_text(match: re.Match[str]) -> bool:
    if match[6]:
        return True
    if _HEADER.match(match[3]):
        return False
    return not (match[4] and int(match[4]) == 0 and int(match[5]) <= PREVIEW)


def _act(deed: Deed, one: Record, *, through: str) -> Act:
    return Act(deed=deed, user=one.user, box=one.box, uid=one.uid, at=one.at, through=through)


def _session(kept: dict[str, Any]) -> _Session:
    lists = {name: [tuple(one) for one in kept.get(name, ())] for name in ("read", "seen", "alone", "held")}
    words = {name: kept[name] for name in ("is_master", "is_program", "user", "at") if name in kept}
    return _Session(**lists, **words)  # type: ignore[arg-type]  # what was kept has these types


def _kept(one: _Session) -> dict[str, Any]:
    """Return what is not empty of a session, as JSON."""
    return {name: value for name, value in asdict(one).items() if value}
