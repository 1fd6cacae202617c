"""Everybody who reads the ledger with a cursor, in the order in which they are told.

Who writes down what disclosures say comes before who works long: of what is destroyed meanwhile little was read before.
"""

from congvu.ledger.readers import Reader
from congvu.mail.readers import SearchIndex
from congvu.petitions.intake.readers import Letters
from congvu.petitions.readers import NewRules, ReleasedWords
from congvu.rules.readers import Judge


def readers() -> list[Reader]:
    """Return fresh readers; each keeps its own projection."""
    return [Letters(), Judge(), NewRules(), SearchIndex(), ReleasedWords()]
