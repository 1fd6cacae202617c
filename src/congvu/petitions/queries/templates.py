"""Templates of answers: those of a service and those of all."""

from django.db.models import Q, QuerySet

from congvu.base import collation
from congvu.directory.models import Agency
from congvu.petitions.models import AnswerTemplate, Petition


def templates(agency: Agency) -> QuerySet[AnswerTemplate]:
    """Return all templates of an agency."""
    return AnswerTemplate.objects.filter(agency=agency).select_related("service")


def listed(rows: QuerySet[AnswerTemplate]) -> list[AnswerTemplate]:
    """Return templates by name."""
    return sorted(rows, key=lambda one: collation.key(one.name))


def fitting(petition: Petition) -> list[AnswerTemplate]:
    """Return the templates that fit a petition: of its service, and those of no service."""
    return listed(templates(petition.agency).filter(Q(service=petition.service_id) | Q(service=None)))
