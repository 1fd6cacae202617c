"""Until when what is owed, as the rule books say it after a petition's last step."""

from collections.abc import Sequence

from congvu.base import rows
from congvu.base.texts import pick
from congvu.directory.models import Agency
from congvu.ledger.actions import Record
from congvu.petitions.models import Petition, Step, Term
from congvu.rules.forecast import Forecast, forecast
from congvu.rules.norm_loader import NOT_ESTABLISHED

ANSWER = "petitions.answer.given"
DONE = {"fulfilled", "late"}
OVER = {*DONE, "annulled"}


def follow(petition: Petition) -> None:  # writes: inside the act that took the step
    """Write the terms of a petition anew; its own due time is the next of what is still owed."""
    steps = Step.objects.filter(agency=petition.agency_id, petition=petition)
    found = forecast(agency=petition.agency, entries=list(steps.values_list("entry", flat=True)))
    Term.objects.filter(agency=petition.agency_id, petition=petition).delete()
    owe(petition, found)
    write(petition, found)


def first(agency: Agency, recorded: Sequence[Record]) -> Sequence[Forecast]:
    """Return what the books ask after the first evidence of a petition that nothing else knows yet."""
    return forecast(agency=agency, then=recorded, is_new=True)


def owe(petition: Petition, found: Sequence[Forecast]) -> None:
    """Let a petition be due when the next of what is still owed is, and late if an answer was."""
    due = [one.duty.due_at for one in found if one.duty.status not in OVER and one.duty.due_at is not None]
    petition.due_at = min(due, default=None)
    met = [one.duty.status for one in found if one.fulfilled_by == ANSWER and one.duty.status in DONE]
    petition.is_late = "late" in met if met else None


def write(petition: Petition, found: Sequence[Forecast]) -> None:  # writes: inside the act that took the step
    """Write the terms of a petition that has none."""
    rows.insert([_term(petition, one) for one in found])


def _term(petition: Petition, one: Forecast) -> Term:
    duty = one.duty
    is_over = duty.status in OVER
    return Term(
        agency=petition.agency,
        petition=petition,
        book=duty.book,
        version=duty.version,
        norm=duty.norm,
        title=duty.title,
        cite=_cite(one, petition.agency.language)[:200],
        kind=one.fulfilled_by,
        since=duty.opened_at,
        due_at=duty.due_at,
        ended_at=(duty.fulfilled_at or petition.updated_at) if is_over else None,
        is_late=duty.status == "late",
    )


def _cite(one: Forecast, language: str) -> str:
    """Return act and article as one writes them; the act by its title, and no article, where nobody has read them."""
    act = one.number if one.number != NOT_ESTABLISHED else pick(one.book_title, language)[0]
    return act if one.article == NOT_ESTABLISHED else f"{act}, {one.article}"
