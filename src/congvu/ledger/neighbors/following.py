"""Taking on the next year's log of a neighbor, by what its last year's key vouches for."""

import logging
from datetime import datetime, timedelta

from congvu.base.fetching import Bounds, FetchError, fetch
from congvu.base.places import host_of
from congvu.ledger.neighbors import actions, queries
from congvu.standards import successions

log_book = logging.getLogger(__name__)
BOUNDS = Bounds(seconds=10, octets=16 << 10)
EARLY = timedelta(days=1)  # the new year begins somewhere before it does in Greenwich


def follow(now: datetime) -> list[str]:
    """Witness the new logs of neighbors whose year is over; return their origins."""
    known = queries.neighbors()
    origins = {one.origin for one in known}
    taken: list[str] = []
    for one in known:
        if not one.url or one.distrusted_at is not None or one.closing:
            continue
        try:
            log, year, _ = successions.parts(one.origin)
        except successions.NoSuccessionError:
            continue
        if year < (now + EARLY).year and f"{log}/{year + 1}" not in origins:
            taken += _follow(one, year + 1, now)
    return taken


def _follow(one: queries.Known, year: int, now: datetime) -> list[str]:
    url = actions.beside(one.url, origin=one.origin, name=str(year))
    if not url:
        return []
    try:
        note = fetch(f"{url}/succession", bounds=BOUNDS, allowed={host_of(url)}).decode()
        key = successions.verify(note, key=one.key)
        return [actions.add_neighbor(key.text, url=url, now=now)]
    except FetchError:
        return []
    except (ValueError, actions.NeighborExistsError, actions.OwnLogError) as error:
        log_book.warning("the next log of %s is not taken on: %s", one.origin, error)
        return []
