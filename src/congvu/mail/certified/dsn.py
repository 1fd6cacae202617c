"""Delivery reports that tell of no failure, as what they are until proved: unsigned hints. RFC 3464."""

from collections.abc import Iterable

from congvu.mail import headers
from congvu.mail.bounces.reports import Bounce
from congvu.mail.certified.saying import MANY, Said, line, message_id, recipients
from congvu.mail.mime import Part, Tree

SERVED = ("delivered", "relayed", "expanded")
LONGEST = 64 << 10  # octets of a returned message in which its Message-ID is looked for
_RETURNED = frozenset(
    {"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"}
)  # RFC 6522, 3; RFC 6533, 6


def statements(report: Bounce | None, tree: Tree) -> tuple[Said, ...]:
    """Return what a report says of those it was delivered to; nothing when it tells of a failure or a delay, too."""
    if report is None or any(one.action not in SERVED for one in report.failures):
        return ()
    about = next((found for part in tree.leaves if (found := _about(part))), "")
    return tuple(
        Said(
            scheme="dsn",
            word=word,
            about=about,
            recipients=whom,
            issuer=line(headers.words(headers.first(tree.fields, "from", longest=1_000))),
            identifier=report.envelope_id,
        )
        for word in SERVED
        if (whom := _served(report, word))
    )


def _served(report: Bounce, word: str) -> tuple[str, ...]:
    named: Iterable[str] = (one.recipient for one in report.failures if one.action == word)
    return recipients(named)[:MANY]


def _about(part: Part) -> str:
    """Return the Message-ID of the message that a report gives back, "" when this part is none."""
    if part.content_type not in _RETURNED or part.parents != ("report",):
        return ""
    block = headers.split(part.content(longest=LONGEST).lstrip(b"\r\n"))[0]
    return message_id(headers.first(headers.fields(block), "message-id"))
