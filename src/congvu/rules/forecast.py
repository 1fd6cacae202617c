"""What would fall due, by which article, if this were evidence: the judge's own answer, before he has read it.

It is the judge himself, in memory, over the duties of the matter; nothing is written. Books, decided parameters, posts
and the agency's own days are those that he has read: what was adopted, decided or closed since his last entry he does
not know yet, and having read it he may answer otherwise. His duties (`queries.obligations_by_trigger`) are the truth.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from congvu.base.texts import Texts
from congvu.directory.models import Agency
from congvu.ledger import queries as ledger
from congvu.ledger.actions import Record
from congvu.rules import hand, reckoning
from congvu.rules.duties import Duty
from congvu.rules.examples import Told
from congvu.rules.facts import Evidence, Facts
from congvu.rules.judge import foresee
from congvu.rules.law import Law
from congvu.rules.models import Standing
from congvu.rules.queries import duty_of
from congvu.rules.standing import facts_of, law_of
from congvu.rules.state import Obligation, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """A duty as the judge would have it after the last of the evidence, and what it rests on.

    Its due time is None while `undecided_parameter` is undecided, or while time stands still: the last of `suspended`
    then has no end. Its trigger is empty for what is not recorded yet, and so its handle is nobody's.
    """

    duty: Duty
    book_title: Texts
    number: str  # of the act
    article: str  # "not-established" when nobody has read it
    checked: str
    undecided_parameter: str
    fulfilled_by: str  # the kind of event that fulfils it
    suspended: tuple[tuple[datetime, datetime | None], ...]
    extended: tuple[datetime, ...]  # by notice given then


def forecast(
    *, agency: Agency, entries: Collection[str] = (), then: Sequence[Record] = (), is_new: bool = False
) -> tuple[Forecast, ...]:
    """Return all duties that recorded entries (ids), and then what might be recorded, set off or touch, by due time.

    `entries` are a matter's own, also those recorded in the open transaction, in any order; with all of them the answer
    does not depend on how far the judge has read. What is met or annulled is there too, by its status. Of a matter that
    `is_new` the judge knows nothing yet, and is not asked for it. Raises SettlesFactsError.
    """
    evidence: list[Evidence] = [*ledger.evidence(entries, agency=agency.handle)] if entries else []
    evidence += [_told(number, one) for number, one in enumerate(then)]
    if not evidence:
        return ()
    standing = Standing.objects.filter(agency=agency).defer("facts").first()
    law, facts = law_of(agency), facts_of(agency, standing)
    state = State(agency.handle, facts=facts)
    if not is_new:
        hand.take(agency, law, state, evidence)
    seen = max(one.at for one in evidence)
    return tuple(_shown(law, facts, duty, seen) for duty in foresee(law, state, evidence))


def _told(number: int, record: Record) -> Told:
    return Told(
        id=f"then-{number}",
        kind=record.event.kind,
        at=record.at,
        attributes=record.event.attributes(),
        disclosures=record.disclosures,
    )


def _shown(law: Law, facts: Facts, duty: Obligation, seen: datetime) -> Forecast:
    book, norm = law.by_version[duty.book, duty.version], law.norms[duty.book, duty.version, duty.norm]
    how = reckoning.reckon(law, facts, duty)
    return Forecast(
        duty=duty_of(duty, seen),
        book_title=book.title,
        number=book.source.number,
        article=norm.cite.article,
        checked=norm.cite.checked,
        undecided_parameter=norm.deadline.parameter if norm.deadline and not duty.parameter else "",
        fulfilled_by=norm.fulfil.kind if norm.fulfil else "",
        suspended=how.suspended,
        extended=how.extended,
    )
