"""The further questions of a service, and whether the answers fit (Open311 GeoReport v2, service definition)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from congvu.base.rows import Remembered
from congvu.petitions.models import Service, ServiceAttribute
from congvu.petitions.words import Datatype

_ASKED = Remembered(ServiceAttribute.objects.all)

LONGEST = {Datatype.STRING: 500, Datatype.TEXT: 4000}  # characters


class BadAnswersError(Exception):
    """Answers do not fit their questions; `faults` says why by code: required, number, datetime, choice, long."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(faults)
        self.faults = faults


def of(service: Service) -> list[ServiceAttribute]:
    """Return a service's questions in their order."""
    rows = _ASKED.find("agency_id = %s AND service_id = %s", [service.agency_id, service.pk])
    return sorted(rows, key=lambda one: (one.order, one.code))


def checked(service: Service, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers to a service's questions: text, or a list of texts for several of a list.

    What was not asked is left out. Raises BadAnswersError.
    """
    found, faults = {}, {}
    for one in of(service):
        if not one.variable:
            continue
        value = _plain(one, answers.get(one.code))
        word = _fault(one, value)
        if word:
            faults[one.code] = word
        elif value:
            found[one.code] = value
    if faults:
        raise BadAnswersError(faults)
    return found


def _plain(one: ServiceAttribute, given: object) -> str | list[str]:
    if one.datatype == Datatype.MULTIVALUELIST:
        listed = given if isinstance(given, list | tuple) else [given] if given else []
        return [str(each).strip() for each in listed if str(each).strip()]
    if isinstance(given, list | tuple):
        given = given[0] if given else ""
    return "" if given is None else str(given).strip()


def _fault(one: ServiceAttribute, value: str | list[str]) -> str:
    if not value:
        return "required" if one.required else ""
    if isinstance(value, list) or one.datatype == Datatype.SINGLEVALUELIST:
        known = {choice["key"] for choice in one.values}
        return "" if set(value if isinstance(value, list) else [value]) <= known else "choice"
    if one.datatype == Datatype.NUMBER:
        return "" if _is_number(value) else "number"
    if one.datatype == Datatype.DATETIME:
        return "" if _is_moment(value) else "datetime"
    return "long" if len(value) > LONGEST[Datatype(one.datatype)] else ""


def _is_number(value: str) -> bool:
    try:
        return len(value) < 40 and abs(float(value.replace(",", "."))) < 1e15  # noqa: PLR2004 -- a number that people write
    except ValueError:
        return False


def _is_moment(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
