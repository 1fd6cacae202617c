"""The books in reading form, for the portal and for every page that cites them."""

from dataclasses import dataclass
from datetime import date, datetime

from congvu.base.texts import Texts, pick
from congvu.directory.models import Agency
from congvu.rules import shelf, words
from congvu.rules.book import Book, Norm, Parameter
from congvu.rules.models import Adoption, ParameterDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A legal text in the reader's language, or in the language that stands in for it."""

    text: str
    language: str
    is_fallback: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NormShown:
    """One norm as a citizen reads it; `article` is empty when none is established."""

    id: str
    code: str
    title: Said
    duty: Said
    article: str
    modality: str
    bearers: str
    deadline: str
    feed: str  # evidence, report, count, people, nothing
    feed_words: str
    answers_too: str
    note: Said | None
    consequence: Said | None
    wording: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookShown:
    """One version of one book as a citizen reads it. `checked`: gazette, unofficial_copy, secondary, press."""

    id: str
    version: int
    title: Said
    issuer: Said
    number: str
    signed_on: date
    in_force_from: date
    in_force_to: date | None
    checked: str
    checked_words: str
    note: Said | None
    original: str
    norms: tuple[NormShown, ...]
    examples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionShown:
    """What an agency that adopted a book decided where the book leaves it open; `value` is empty until it did."""

    agency: Said
    title: Said
    value: str
    decided_by: str
    decided_at: datetime | None
    number: str  # of the deciding document


def books(*, language: str) -> tuple[BookShown, ...]:
    """Return the newest version of every book."""
    return tuple(_book(one, language) for one in shelf.latest())


def book(name: str, *, language: str, version: int | None = None) -> BookShown | None:
    """Return one book, its newest version unless told otherwise; None when there is none."""
    found = [one for one in shelf.versions(name) if version in {None, one.version}]
    return _book(found[-1], language) if found else None


def decisions(name: str, *, language: str) -> tuple[DecisionShown, ...]:
    """Return what every agency that adopted a book decided, parameter by parameter; three queries."""
    found = shelf.versions(name)
    agencies = [
        one.agency for one in Adoption.objects.filter(book=name).select_related("agency").order_by("id")
    ]
    made = (
        ParameterDecision.objects.filter(book=name).select_related("decided_by").order_by("decided_at", "id")
    )
    latest = {(one.agency_id, one.parameter): one for one in made}
    parameters = found[-1].parameters.values() if found else ()
    return tuple(
        _decision(agency, parameter, latest.get((agency.pk, parameter.name)), language)
        for agency in agencies
        for parameter in parameters
    )


def _decision(
    agency: Agency, parameter: Parameter, made: ParameterDecision | None, language: str
) -> DecisionShown:
    return DecisionShown(
        agency=said(agency.name, language),
        title=said(parameter.title, language),
        value=words.amount(made.value, made.unit) if made else "",
        decided_by=made.decided_by.full_name if made else "",
        decided_at=made.decided_at if made else None,
        number=made.number if made else "",
    )


def _book(one: Book, language: str) -> BookShown:
    return BookShown(
        id=one.id,
        version=one.version,
        title=said(one.title, language),
        issuer=said(one.source.issuer, language),
        number=one.source.number,
        signed_on=one.source.signed,
        in_force_from=one.in_force_from,
        in_force_to=one.in_force_to,
        checked=one.source.checked,
        checked_words=words.checked(one.source.checked),
        note=said(one.source.note, language) if one.source.note else None,
        original=one.original,
        norms=tuple(_norm(one, norm, language) for norm in one.norms),
        examples=len(one.examples),
    )


def _norm(book: Book, norm: Norm, language: str) -> NormShown:
    return NormShown(
        id=norm.id,
        code=norm.code,
        title=said(norm.title, language),
        duty=said(norm.text, language),
        article="" if norm.cite.article == "not-established" else norm.cite.article,
        modality=words.modality(norm.kind),
        bearers=words.bearers(norm.bearer),
        deadline=words.deadline(book, norm),
        feed=norm.feed,
        feed_words=words.feed(norm.feed),
        answers_too=words.bearers((norm.answers_too,)) if norm.answers_too else "",
        note=said(norm.note, language) if norm.note else None,
        consequence=said(norm.consequence, language) if norm.consequence else None,
        wording=words.wording(norm.cite.wording),
    )


def said(texts: Texts, language: str) -> Said:
    """Return a text in a language, marked when another language stands in for it."""
    text, found = pick(texts, language)
    return Said(text=text, language=found, is_fallback=found != language.split("-", maxsplit=1)[0])
