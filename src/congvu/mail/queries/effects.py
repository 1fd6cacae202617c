"""What the law that binds an agency says about signed mail, with its article."""

from dataclasses import dataclass
from datetime import datetime

from congvu.directory.models import Agency
from congvu.directory.queries import legal_day
from congvu.rules import force, shelf
from congvu.rules.models import Standing
from congvu.rules.showing import NormShown, norm_shown
from congvu.rules.standing import facts_of, law_of

NORM = "effect-of-signature"  # by this id a book says what a signed message counts for


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A norm that gives signed mail the value of paper; `citation` is its number, with its article where known."""

    book: str
    citation: str
    norm: NormShown


def of_signature(agency: Agency, *, at: datetime, language: str) -> Effect | None:
    """Return the norm that bound an agency at an instant; None when no book that it adopted has one."""
    standing = Standing.objects.filter(agency=agency).first()
    facts, law, day = facts_of(agency, standing), law_of(agency), legal_day(agency, at)
    for book in law.books:
        norm = book.norm(NORM)
        if (
            norm is not None
            and norm.kind == "legal_effect"
            and force.binding(law, facts, book, norm, at, day)
        ):
            return Effect(
                book=book.id, citation=shelf.cite(book, norm), norm=norm_shown(book, norm, language)
            )
    return None
