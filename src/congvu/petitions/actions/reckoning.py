"""Reckoning time limits anew, where a book, a parameter or a day off was decided after a petition's last step."""

from congvu.petitions.actions.steps import in_hand
from congvu.petitions.models import Petition
from congvu.petitions.words import State


def reckon(
    petition: Petition,
) -> bool:  # no-evidence: the rules judge what was recorded; this foresees it again
    """Write a petition's terms as the rules have them now; return whether its own due time changed."""
    with in_hand(petition, State.values) as found:
        before = found.due_at
    return found.due_at != before
