"""What people report because no evidence can show it, and the answer."""

from datetime import datetime

from congvu.base.database import atomic
from congvu.conduct import queries
from congvu.conduct.actions.findings import OwnFindingError, confirm, decidable, excuse, said
from congvu.conduct.events import CauseWord, MatterWord, ReportAnswered, ReportMade
from congvu.conduct.models import Report
from congvu.conduct.policies import reach
from congvu.conduct.wording import digest
from congvu.directory.models import Membership, Person, Unit
from congvu.directory.queries import Seat, current
from congvu.ledger.actions import record


class ElsewhereError(Exception):
    """The unit is not of the agency, or the person holds no post in the unit today."""


class ReportMissingError(Exception):
    """There is no such report, or the seat may not answer it."""


class AlreadyAnsweredError(Exception):
    """The report has its answer."""


class NotJudgedYetError(Exception):
    """The rules have not read the report yet; a moment later they will have."""


def report(
    *,
    by: Seat,
    matter: MatterWord,
    unit: Unit,
    person: Person | None,
    text: str,
    communication: str,
    at: datetime,
) -> Report:
    """Record what an official noticed about a unit or one of its people.

    Raises NoReasonError, TooLongError or ElsewhereError.
    """
    words = said(text)
    _check_place(by, unit, person)
    with atomic():
        made = Report(
            agency=by.agency,
            matter=matter,
            communication=communication,
            reporter=by.person,
            unit=unit,
            person=person,
            text=words,
            at=at,
        )
        disclosures = {"report": made.handle, "actor": by.person.handle, "unit": unit.handle}
        disclosures |= {"digest": digest(words)}
        disclosures |= {"person": person.handle} if person else {}
        made.entry = record(
            ReportMade(matter=matter), agency=by.agency.handle, at=at, disclosures=disclosures
        )
        made.save()
    return made


def answer_report(
    *, by: Seat, report: Report, upheld: bool, cause: CauseWord | None, answer: str, at: datetime
) -> Report:
    """Answer a report: upheld, its duties are confirmed; not upheld, they are excused.

    `cause` is what excuses, `other` when None. Raises ReportMissingError, OwnFindingError, AlreadyAnsweredError,
    NotJudgedYetError, NoReasonError or TooLongError.
    """
    words = said(answer)
    with atomic():
        report = Report.objects.select_related("agency", "unit", "person").get(pk=report.pk)
        duties = _answered(by, report)
        for duty in duties:
            if upheld:
                confirm(by=by, obligation=duty, reason=words, at=at)
            else:
                excuse(by=by, obligation=duty, reason=words, cause=cause or "other", at=at)
        event = ReportAnswered(matter=queries.matter(report), upheld=upheld)
        disclosures = {"report": report.handle, "actor": by.person.handle, "digest": digest(words)}
        report.answer_entry = record(event, agency=by.agency.handle, at=at, disclosures=disclosures)
        report.state = Report.State.UPHELD if upheld else Report.State.NOT_UPHELD
        report.answer, report.answered_by, report.answered_at = words, by.person, at
        report.save()
    return report


def _check_place(by: Seat, unit: Unit, person: Person | None) -> None:
    if unit.agency_id != by.agency.pk:
        raise ElsewhereError(unit.handle)
    held = Membership.objects.filter(current(by.on), agency=by.agency, post__unit=unit)
    if person and not held.filter(person=person).exists():
        raise ElsewhereError(person.handle)


def _answered(by: Seat, report: Report) -> list[str]:
    """Return the duties that an answer decides, after all checks."""
    power = reach(by)
    about = queries.answerable(report, power)
    if report.agency_id != by.agency.pk:
        raise ReportMissingError(report.handle)
    if power.is_own(about):
        raise OwnFindingError(report.handle)
    if not power.may_decide(about, report.unit.handle):
        raise ReportMissingError(report.handle)
    if report.state != Report.State.MADE:
        raise AlreadyAnsweredError(report.handle)
    if not queries.is_judged(report):
        raise NotJudgedYetError(report.handle)
    duties = queries.duties_of_report(report)
    for duty in duties:
        decidable(power, duty)
    return duties
