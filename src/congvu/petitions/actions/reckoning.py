"""Reckoning time limits anew, where a book, a parameter or a day off was decided after a petition's last step."""

import logging

from congvu.ledger.readers import has_read
from congvu.petitions.actions.steps import in_hand
from congvu.petitions.models import Petition
from congvu.petitions.queries.reckoning import reckonable
from congvu.petitions.reckoning import Reckoning
from congvu.petitions.words import State
from congvu.rules.readers import Judge

log = logging.getLogger(__name__)


def reckon(
    petition: Petition,
) -> bool:  # no-evidence: the rules judge what was recorded; this foresees it again
    """Write a petition's terms as the rules have them now; return whether its own due time changed."""
    with in_hand(petition, State.values) as found:
        before = found.due_at
    return found.due_at != before


def go_on(begun: Reckoning, *, limit: int) -> int:  # no-evidence: as above
    """Reckon the next petitions once the judge has read the new rules; return how many, 0 when it is over or waits.

    How far it came is written after them: a clerk that was stopped reckons some twice. Rules that changed meanwhile
    begin anew.
    """
    if not has_read(Judge.name, agency=begun.agency.handle, log=begun.log, index=begun.index):
        return 0
    here = Reckoning.objects.filter(pk=begun.pk, log=begun.log, index=begun.index)
    some = list(reckonable(begun.agency).filter(pk__gt=begun.reckoned)[:limit])
    for one in some:
        try:
            reckon(one)
        except Exception:
            log.exception("the time limits of a petition could not be reckoned", extra={"row": one.pk})
    if some:
        here.update(reckoned=some[-1].pk)
    else:
        here.delete()
    return len(some)
