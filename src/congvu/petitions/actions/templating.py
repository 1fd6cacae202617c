"""Words with which officials begin their answers, in the agency's languages."""

from collections.abc import Mapping

from congvu.base import handles
from congvu.base.database import atomic
from congvu.directory.queries import Seat
from congvu.petitions.models import AnswerTemplate, Service
from congvu.petitions.policies import may_set_templates, require


class TakenNameError(Exception):
    """Another template has this name."""


def set_template(  # no-evidence: an answer made from it is recorded with its words
    *,
    by: Seat,
    name: str,
    texts: Mapping[str, str],
    service: Service | None = None,
    row: AnswerTemplate | None = None,
) -> AnswerTemplate:
    """Write a template, anew or changed; `texts` by language. Raises NotAllowedError or TakenNameError."""
    require(
        allowed=may_set_templates(by)
        and all(one is None or one.agency_id == by.agency.pk for one in (row, service))
    )
    with atomic():
        found = row or AnswerTemplate(agency=by.agency, handle=handles.new())
        named = AnswerTemplate.objects.filter(agency=by.agency, name=name)
        if named.exclude(pk=found.pk).exists():
            raise TakenNameError(name)
        found.name, found.texts, found.service = name, dict(texts), service
        found.save()
    return found


def delete_template(row: AnswerTemplate, *, by: Seat) -> None:  # no-evidence: as above
    """Take a template away; answers made from it stay. Raises NotAllowedError."""
    require(allowed=may_set_templates(by) and row.agency_id == by.agency.pk)
    with atomic():
        row.delete()
