"""Templates of answers: those of a service and those of all."""

from django.db.models import Q, QuerySet

from congvu.directory.models import Agency
from congvu.petitions.models import AnswerTemplate, Petition


def templates(agency: Agency) -> QuerySet[AnswerTemplate]:
    """Return all templates of an agency, by name."""
    return AnswerTemplate.objects.filter(agency=agency).select_related("service").order_by("name", "id")


def fitting(petition: Petition) -> QuerySet[AnswerTemplate]:
    """Return the templates that fit a petition: of its service, and those of no service."""
    return templates(petition.agency).filter(Q(service=petition.service_id) | Q(service=None))
