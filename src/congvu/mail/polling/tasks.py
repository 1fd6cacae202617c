"""What the clerk does about mailboxes elsewhere: looks into those that are due, one after the other."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from congvu.base import blobs, clock
from congvu.mail.authentication.findings import Findings
from congvu.mail.authentication.judging import Arrival
from congvu.mail.examining import Examiner
from congvu.mail.polling import actions, server, troubles
from congvu.mail.polling.models import PolledMailbox
from congvu.mail.polling.server import Folder, Place
from congvu.mail.polling.troubles import TroubleError

MANY = 100  # messages of one visit; the next goes on where it ended

log = logging.getLogger(__name__)


def look(now: datetime, *, is_over: Callable[[], bool] = lambda: False) -> int:
    """Look into every mailbox that is due; return how many messages were found."""
    due = PolledMailbox.objects.filter(next_at__lte=now).order_by("next_at")
    found = 0
    for row in due.select_related("agency", "address__agency", "address__person", "address__unit"):
        if is_over():
            break
        found += look_into(row, now=clock.now())
    return found


def look_into(row: PolledMailbox, *, now: datetime) -> int:
    """Look into one mailbox; return how many messages were found. What fails is noted, and tried again later."""
    count, trouble, is_more = 0, "", False
    try:
        with server.visit(place(row)) as folder:
            count, is_more = _go_through(row, folder, now)
    except TroubleError as error:
        trouble = error.word
    except Exception:  # whatever it was, the other mailboxes are looked into
        log.exception("what was found in a mailbox elsewhere was not stored")
        trouble = troubles.STORAGE
    if trouble and trouble != row.trouble:
        log.warning("%s at %s: %s", row.folder, row.host, troubles.SENTENCES[trouble])
    actions.close_visit(row, trouble=trouble, is_more=is_more, now=now)
    return count


def place(row: PolledMailbox) -> Place:
    """Return where a mailbox is, and its password."""
    return Place(
        host=row.host,
        port=row.port,
        starttls=row.starttls,
        authority=row.authority,
        user=row.user,
        password=blobs.get(row.blob).decode(),
        folder=row.folder,
    )


def _go_through(row: PolledMailbox, folder: Folder, now: datetime) -> tuple[int, bool]:
    """Take what is new; return how much that was, and whether there is more."""
    if row.validity != folder.validity:
        actions.begin_again(row, validity=folder.validity)
    uids = folder.after(row.last_uid, since=row.began_at)
    examiner, count = Examiner(), 0  # which remembers what names it asked
    for uid in uids[:MANY]:
        known = folder.known(uid)
        is_old = known is not None and known.came < row.began_at.replace(microsecond=0)
        is_large = known is not None and known.size > settings.CONGVU_MESSAGE_LIMIT
        raw = folder.message(uid, size=known.size) if known and not (is_old or is_large) else None
        if raw is None:
            actions.pass_over(row, uid, is_lost=not is_old)
        else:
            actions.take(row, uid, raw, findings=_findings(examiner, raw, now), now=now)
            count += 1
    return count, len(uids) > MANY


def _findings(examiner: Examiner, raw: bytes, now: datetime) -> Findings | None:
    """Find what its signatures say of a message; which host sent it, only the other server has seen."""
    arrival = Arrival(raw=raw, peer="", helo="", mail_from="", at=now)
    try:
        return asyncio.run(examiner.origin(arrival))
    except Exception:
        log.exception("the origin of a message was not judged")
        return None
