"""What the clerk does for the desk."""

import logging
from datetime import datetime

from congvu.desk import actions, late_duties
from congvu.directory.queries import agencies
from congvu.mail.actions.accepting import NobodyError

log = logging.getLogger(__name__)
_told: dict[str, datetime] = {}  # for each agency the closing that this process has dealt with


def tell_late(now: datetime) -> int:
    """Tell everybody after a window has closed what of theirs was not recorded in time; return how many were told."""
    done = 0
    for agency in agencies():
        until = late_duties.closed(agency, now)
        if until is None or _told.get(agency.handle) == until:
            continue
        for one in late_duties.untold(agency, until=until):
            try:
                done += actions.tell_late(agency=agency, told=one, until=until, now=now) is not None
            except NobodyError:
                log.warning("A person's box was closed before the letter about late duties came")
        _told[agency.handle] = until
    return done
