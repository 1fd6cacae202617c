"""Petitions whose time limits the rules may still move, and how many wait for it after new ones."""

from django.db.models import QuerySet

from congvu.directory.models import Agency
from congvu.petitions.models import Petition
from congvu.petitions.reckoning import Reckoning
from congvu.petitions.words import OPEN, State


def reckonable(agency: Agency) -> QuerySet[Petition]:
    """Return the petitions without an answer of their own, in the order in which they came."""
    return Petition.objects.filter(agency=agency, state__in=(*OPEN, State.MERGED)).order_by("pk")


def unreckoned(agency: Agency) -> int:
    """Return how many time limits are still those of the former rules."""
    begun = Reckoning.objects.filter(agency=agency).first()
    return reckonable(agency).filter(pk__gt=begun.reckoned).count() if begun else 0
