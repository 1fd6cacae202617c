"""Lines of Dovecot's log as records: its JSON events, the lines of its plugin mail_log, and sign-ins. Dovecot 2.3."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

Kind = Literal[
    "read",  # the text of a message was opened for a reason
    "command",  # an IMAP command is over
    "master",  # an administrator signed in as somebody
    "client",  # a mail program said its name
    "ended",  # a session is over
    "saved",
    "copied",
    "flagged",
    "expunged",
    "renamed",
    "dropped",
]

_EVENT = re.compile(r"\bstats(?:\(\d+\))?: Info: (\{.*\})$")
_LINE = re.compile(r"\b(lmtp|imap|pop3|doveadm|lda|indexer-worker)\(([^)]*)\)<\d*><([^>]*)>: Info: (.*)$")
_MAIL = re.compile(
    r"(save|copy from (?P<source>.*?)|flag_change|expunge): "
    r"box=(?P<box>.*?), uid=(?P<uid>\d+), msgid=(?P<id>.*), size=(?P<size>\d+), flags=\((?P<flags>.*)\)$"
)
_RENAMED = re.compile(r"Mailbox renamed: (.*) -> (.*)$")
_DROPPED = re.compile(r"Mailbox deleted: (.*)$")
_CLIENT = re.compile(r"\bimap(?:-login)?\b.*: ID sent: (.*?)(?:: user=|$).*?session=<([^>]*)>")
_NAME = re.compile(r"(?:^|, )name=([^,]*)")
_KINDS: dict[str, Kind] = {"save": "saved", "flag_change": "flagged", "expunge": "expunged"}
_ENDINGS = {"mail_user_session_finished"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One thing that the log says; what a kind does not have is empty. `at` is known of events only."""

    kind: Kind
    session: str = ""
    user: str = ""
    at: datetime | None = None
    service: str = ""
    box: str = ""
    uid: int = 0
    message_id: str = ""
    size: int = 0
    source: str = ""  # the folder that was copied from, or the old name
    is_seen: bool = False
    reasons: tuple[str, ...] = ()
    command: str = ""
    arguments: str = ""
    name: str = ""


def record(line: str) -> Record | None:
    """Read one line; None when it says nothing that matters here. Never raises."""
    event = _EVENT.search(line)
    if event:
        return _event(event[1])
    mail = _LINE.search(line)
    if mail:
        return _mail(*mail.groups())
    client = _CLIENT.search(line)
    if client:
        name = _NAME.search(client[1])
        return Record(kind="client", session=client[2], name=name[1].strip() if name else "")
    return None


def _event(text: str) -> Record | None:
    try:
        read = json.loads(text)
        fields = read["fields"]
        at = datetime.fromisoformat(read["end_time"]).astimezone(UTC)
        return _of_event(str(read["event"]), fields, at)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _of_event(name: str, fields: dict[str, Any], at: datetime) -> Record | None:
    session, user = str(fields.get("session", "")), str(fields.get("user", ""))
    if name == "mail_opened":
        return Record(
            kind="read",
            session=session,
            user=user,
            at=at,
            box=str(fields["mailbox"]),
            uid=int(fields["uid"]),
            reasons=tuple(str(one) for one in fields.get("reason_code", ())),
        )
    if name == "imap_command_finished":
        return Record(
            kind="command",
            session=session,
            user=user,
            at=at,
            command=str(fields["cmd_name"]).upper(),
            arguments=str(fields.get("cmd_human_args", "")),
        )
    if name == "auth_request_finished" and fields.get("master_user") and fields.get("success"):
        return Record(kind="master", session=session, user=user, at=at)
    return Record(kind="ended", session=session, user=user, at=at) if name in _ENDINGS else None


def _mail(service: str, user: str, session: str, text: str) -> Record | None:
    renamed, dropped, found = _RENAMED.match(text), _DROPPED.match(text), _MAIL.match(text)
    if renamed:
        return Record(kind="renamed", session=session, user=user, source=renamed[1], box=renamed[2])
    if dropped:
        return Record(kind="dropped", session=session, user=user, box=dropped[1])
    if not found:
        return None
    return Record(
        kind=_KINDS.get(found[1], "copied"),
        box=found["box"],
        uid=int(found["uid"]),
        message_id=_message_id(found["id"]),
        size=int(found["size"]),
        source=found["source"] or "",
        is_seen="\\Seen" in found["flags"],
        session=session,
        user=user,
        service=service,
    )


def _message_id(text: str) -> str:
    """Return a Message-ID as mailboxes keep it; a message without one is logged as unspecified."""
    return "" if text.strip() == "unspecified" else text.strip().removeprefix("<").removesuffix(">")
