"""A book and its norms in a reader's language: frozen, and without anything that only the engine needs."""

from dataclasses import dataclass
from datetime import date

from congvu.base.texts import Texts, pick
from congvu.rules import feeding, shelf, words
from congvu.rules.book import Book, Norm, Parameter
from congvu.rules.force import CHAINS
from congvu.rules.norm_loader import NOT_ESTABLISHED
from congvu.rules.subjects import subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A legal text in the reader's language, or in the language that stands in for it."""

    text: str
    language: str
    is_fallback: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Another book, or a norm of it, by number and title; `norm` is empty for the whole book."""

    book: str
    norm: str
    number: str
    title: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class NormShown:
    """One norm as a citizen reads it; `article` is empty when none is established."""

    id: str
    code: str
    title: Said
    duty: Said
    quote: Said | None  # in the original language
    article: str
    is_article_from_memory: bool
    kind: str
    modality: str
    bearers: str
    deadline: str
    parameter: str  # the name of what the agency decides, else empty
    treatment: str  # encoded, human, not_applicable
    treatment_words: str
    reason: Said | None  # why it is not applicable
    checklist: tuple[Said, ...]
    feed: str  # evidence, report, count, people, nothing
    feed_words: str
    is_off: bool  # on opinion: ships disabled
    answers_too: str
    exceptions: tuple[str, ...]  # ids of norms, or book/norm
    replaces: Reference | None
    competence: str
    replaced_by: tuple[Reference, ...]  # where those books bind
    note: Said | None
    consequence: Said | None
    wording: str
    checked: str
    checked_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenShown:
    """What a text leaves to the agency, with its bounds."""

    name: str
    title: Said
    least: str
    most: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookShown:
    """One version of one book as a citizen reads it. `checked` is one of norm_loader.CHECKED."""

    id: str
    version: int
    title: Said
    issuer: Said
    number: str
    country: str  # ISO 3166-1, lower case
    level: str
    subject: str
    signed_on: date
    in_force_from: date
    in_force_to: date | None
    checked: str
    checked_words: str
    note: Said | None
    original: str
    norms: tuple[NormShown, ...]
    parameters: tuple[OpenShown, ...]
    examples: int
    adopts: tuple[Reference, ...]  # books that this one brings into force


def book_shown(one: Book, language: str) -> BookShown:
    """Return a version of a book in a language."""
    return BookShown(
        id=one.id,
        version=one.version,
        title=said(one.title, language),
        issuer=said(one.source.issuer, language),
        number=one.source.number,
        country=one.jurisdiction.split("/")[0],
        level=one.level,
        subject=subject(one),
        signed_on=one.source.signed,
        in_force_from=one.in_force_from,
        in_force_to=one.in_force_to,
        checked=one.source.checked,
        checked_words=words.checked(one.source.checked),
        note=said(one.source.note, language) if one.source.note else None,
        original=one.original,
        norms=tuple(norm_shown(one, norm, language) for norm in one.norms),
        parameters=tuple(_open(parameter, language) for parameter in one.parameters.values()),
        examples=len(one.examples),
        adopts=tuple(_reference(name, "", language) for name in one.adopts),
    )


def norm_shown(book: Book, norm: Norm, language: str) -> NormShown:
    """Return a norm in a language."""
    feed = feeding.feed(norm)
    replaced = norm.overrides
    return NormShown(
        id=norm.id,
        code=norm.code,
        title=said(norm.title, language),
        duty=said(norm.text, language),
        quote=said(norm.quote, book.original) if norm.quote else None,
        article="" if norm.cite.article == NOT_ESTABLISHED else norm.cite.article,
        is_article_from_memory=norm.cite.is_article_from_memory,
        kind=norm.kind,
        modality=words.modality(norm.kind),
        bearers=words.bearers(norm.bearer),
        deadline=words.deadline(book, norm),
        parameter=norm.deadline.parameter if norm.deadline else "",
        treatment=norm.treatment,
        treatment_words=words.treatment(norm.treatment),
        reason=said(norm.not_applicable, language) if norm.not_applicable else None,
        checklist=tuple(said(one, language) for one in norm.checklist),
        feed=feed,
        feed_words=words.feed(feed),
        is_off=norm.is_opinion,
        answers_too=words.bearers((norm.answers_too,)) if norm.answers_too else "",
        exceptions=norm.exception_to,
        replaces=_reference(replaced.book, replaced.norm, language) if replaced else None,
        competence=replaced.competence if replaced else "",
        replaced_by=tuple(
            _reference(other.id, overrider.id, language)
            for other, overrider in CHAINS.of(shelf.shelf().books).overriders.get((book.id, norm.id), ())
        ),
        note=said(norm.note, language) if norm.note else None,
        consequence=said(norm.consequence, language) if norm.consequence else None,
        wording=words.wording(norm.cite.wording),
        checked=norm.cite.checked,
        checked_words=words.checked(norm.cite.checked),
    )


def _reference(book: str, norm: str, language: str) -> Reference:
    """Return another book or norm by what its newest version is called; by its id when there is none."""
    versions = shelf.versions(book)
    title = shelf.norm_title(book, norm) if norm else versions[-1].title if versions else {}
    number = versions[-1].source.number if versions else book
    return Reference(
        book=book, norm=norm, number=number, title=said(title or {language: norm or book}, language)
    )


def said(texts: Texts, language: str) -> Said:
    """Return a text in a language, marked when another language stands in for it."""
    text, found = pick(texts, language)
    return Said(text=text, language=found, is_fallback=found != language.split("-", maxsplit=1)[0])


def _open(parameter: Parameter, language: str) -> OpenShown:
    return OpenShown(
        name=parameter.name,
        title=said(parameter.title, language),
        least=words.amount(parameter.at_least, parameter.unit),
        most=words.amount(parameter.at_most, parameter.unit),
    )
