"""From the norms of a file to Norms: conditions, deadlines, rhythms, and every problem that stands in the way."""

import re
from collections.abc import Sequence
from typing import cast, get_args

from congvu.rules import vocabulary
from congvu.rules.book import (
    Bearer,
    Cap,
    Citation,
    Condition,
    Deadline,
    Extension,
    Kind,
    Match,
    Norm,
    Override,
    Period,
    Rhythm,
    Suspension,
    Unit,
    Value,
    Window,
)
from congvu.rules.calendars import span
from congvu.rules.conditions import OPERATORS
from congvu.rules.reading import Reading
from congvu.rules.sentences import Sentence
from congvu.rules.sentences import sentence as _
from congvu.rules.shape import Range
from congvu.rules.source import Located

WORDINGS = (
    "legal_text",
    "unofficial_copy",
    "secondary",
    "official_guidance",
    "public_code",
    "press",
    "memory",
    "none",
)
CHECKED = (
    "gazette",
    "unofficial_copy",
    "secondary",
    "official_guidance",
    "public_code",
    "press",
    "memory",
    "nothing",
)
READ = (
    "legal_text",
    "unofficial_copy",
    "secondary",
    "official_guidance",
    "public_code",
    "memory",
)  # may name an article
NOT_ESTABLISHED = "not-established"
WORDS_OF_TYPE = {bool: _("true, false"), int: _("whole numbers"), str: _("words in quotes")}
NORM_TEXT = "id code kind title text cite"
NORM_LAW = (
    "bearer when unless every times windows deadline fulfil cancel suspend extend compensate cap exception_to "
    "overrides report count decided_by breach note consequence quote checklist not_applicable opinion"
)
LIMITS = ("after", "within", "same_day", "same_or_next_working_day", "next_working_morning", "by")
MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


def read_norm(reading: Reading) -> Norm:
    """Return the norm of a mapping."""
    reading.where = reading.text("id") if isinstance(reading.node.value, dict) else "norms"
    reading.keys(NORM_TEXT, NORM_LAW)
    cite, breach = reading.inner("cite"), reading.inner("breach")
    if breach:
        breach.keys("answers_too")
    rhythm = _rhythm(reading)
    if "windows" in reading.fields and (rhythm is None or rhythm.period != "working_day"):
        reading.complain(_("`windows` open on no day."), _("Add `every: working_day`."), at="windows")
    return Norm(
        id=reading.text("id"),
        code=reading.text("code"),
        kind=cast("Kind", reading.text("kind", known=get_args(Kind))),
        title=reading.texts("title"),
        text=reading.texts("text"),
        cite=_citation(cite),
        bearer=cast("tuple[Bearer, ...]", reading.words("bearer", known=get_args(Bearer))),
        when=_condition(reading, "when"),
        unless=reading.text("unless", known=vocabulary.EXEMPTIONS),
        windows=tuple(Window(opens=a, closes=b) for a, b in reading.parsed("windows", span)),
        rhythm=rhythm,
        deadline=_deadline(reading),
        fulfil=_condition(reading, "fulfil"),
        cancel=_condition(reading, "cancel"),
        suspend=_suspension(reading),
        extend=_extension(reading),
        compensate=_condition(reading, "compensate"),
        cap=_cap(reading),
        exception_to=reading.words("exception_to"),
        overrides=_override(reading),
        report=_condition(reading, "report"),
        count=_condition(reading, "count"),
        decided_by=reading.text("decided_by", known=vocabulary.DECIDERS),
        answers_too=breach.text("answers_too", known=get_args(Bearer)) if breach else "",
        note=reading.texts("note") or None,
        consequence=reading.texts("consequence") or None,
        quote=reading.texts("quote", required=()) or None,
        checklist=tuple(one.here() for one in reading.each("checklist")),
        not_applicable=reading.texts("not_applicable") or None,
        is_opinion=reading.flag("opinion"),
        line=reading.node.line,
    )


def _citation(reading: Reading | None) -> Citation:
    if reading is None:
        return Citation(article=NOT_ESTABLISHED, wording="press", checked="press")
    reading.keys("article wording checked", "article_from_memory")
    article, wording = reading.text("article"), reading.text("wording", known=WORDINGS)
    if article != NOT_ESTABLISHED and wording not in READ:
        reading.complain(
            _(
                "article %(article)s is cited, and its words come from `%(wording)s`.",
                article=article,
                wording=wording,
            ),
            _("Write `article: %(word)s` until the text was read.", word=NOT_ESTABLISHED),
            at="article",
        )
    return Citation(
        article=article,
        wording=wording,
        checked=reading.text("checked", known=CHECKED),
        is_article_from_memory=reading.flag("article_from_memory"),
    )


def _deadline(reading: Reading) -> Deadline | None:
    inner = reading.inner("deadline")
    if inner is None:
        return None
    inner.keys("", " ".join(LIMITS) + " start before from day_off")
    if len(set(LIMITS) & set(inner.fields)) != 1:
        inner.complain(
            _("a deadline needs one of %(keys)s.", keys=", ".join(f"`{name}`" for name in LIMITS)),
            _("Keep exactly one."),
        )
    if "start" in inner.fields and "before" in inner.fields:
        inner.complain(
            _("a deadline counts from `start` or back from `before`."), _("Keep one."), at="before"
        )
    by = inner.text("by")
    if by and not MONTH_DAY.fullmatch(by):
        inner.complain(
            _("`by: %(day)s` is no day of a year.", day=by), _("Write month and day, as 12-15."), at="by"
        )
    amount, unit = _span(inner, "within")
    return Deadline(
        parameter=inner.text("after"),
        amount=amount,
        unit=unit,
        same_day=inner.flag("same_day"),
        same_or_next_day=inner.flag("same_or_next_working_day"),
        next_morning=inner.flag("next_working_morning"),
        by=by,
        start=inner.text("before") or inner.text("start"),
        is_before="before" in inner.fields,
        is_from_year_end=inner.text("from", known=("year_end",)) != "",
        roll=inner.text("day_off", known=("next_working_day",)) != "",
    )


def _span(reading: Reading, key: str) -> tuple[int, Unit | None]:
    """Return how much and in which unit, as `{working_day: 5}`."""
    inner = reading.inner(key)
    if inner is None:
        return 0, None
    inner.keys("", " ".join(get_args(Unit)))
    if len(inner.fields) != 1:
        inner.complain(_("`%(key)s` needs one unit.", key=key), _one_of(get_args(Unit)))
    for name in inner.fields:
        if name in get_args(Unit):
            return inner.number(name, default=1), cast("Unit", name)
    return 0, None


def _one_of(words: Sequence[str]) -> Sentence:
    return _("Use one of %(words)s.", words=", ".join(words))


def _rhythm(reading: Reading) -> Rhythm | None:
    node = reading.fields.get("every")
    if node is None:
        if "times" in reading.fields:
            reading.complain(_("`times` of no period."), _("Add `every:`."), at="times")
        return None
    length = 1
    if isinstance(node.value, dict):
        inner = reading.inner("every") or reading
        inner.keys("", " ".join(get_args(Period)))
        period = next(iter(inner.fields), "")
        length = inner.number(period, default=1) if period else 1
        if len(inner.fields) != 1:
            inner.complain(_("`every` needs one period."), _one_of(get_args(Period)))
    else:
        period = reading.text("every", known=get_args(Period))
    return Rhythm(period=cast("Period", period), length=length, times=reading.number("times", default=1))


def _suspension(reading: Reading) -> Suspension | None:
    inner = reading.inner("suspend")
    if inner is None:
        return None
    inner.keys("from until")
    begin, end = _condition(inner, "from"), _condition(inner, "until")
    return Suspension(begin=begin, end=end) if begin and end else None


def _extension(reading: Reading) -> Extension | None:
    inner = reading.inner("extend")
    if inner is None:
        return None
    inner.keys("notice by", "times")
    notice, (amount, unit) = _condition(inner, "notice"), _span(inner, "by")
    if notice is None or unit is None:
        return None
    return Extension(notice=notice, amount=amount, unit=unit, times=inner.number("times", default=1))


def _cap(reading: Reading) -> Cap | None:
    inner = reading.inner("cap")
    if inner is None:
        return None
    inner.keys("part whole percent")
    part, whole, percent = (
        _condition(inner, "part"),
        _condition(inner, "whole"),
        inner.number("percent", default=1),
    )
    if percent > 100:  # noqa: PLR2004 -- per cent
        inner.complain(
            _("%(part)s per cent is more than the whole.", part=percent), _("Write 1 to 100."), at="percent"
        )
    return Cap(part=part, whole=whole, percent=percent) if part and whole else None


def _override(reading: Reading) -> Override | None:
    inner = reading.inner("overrides")
    if inner is None:
        return None
    inner.keys("book norm", "competence")
    return Override(book=inner.text("book"), norm=inner.text("norm"), competence=inner.text("competence"))


def _condition(reading: Reading, key: str) -> Condition | None:
    inner = reading.inner(key)
    if inner is None:
        return None
    kind = inner.text("kind")
    if kind not in vocabulary.KINDS:
        known = ", ".join(vocabulary.KINDS)
        inner.complain(
            _("`%(key)s` names the event `%(kind)s`, which nothing records.", key=key, kind=kind),
            _("Known are: %(known)s.", known=known),
            at="kind",
        )
        return Condition(kind=kind)
    shape = vocabulary.KINDS[kind]
    inner.keys("kind", " ".join(["same", *shape.attributes]))
    tests = tuple(
        _test(inner, name, shape.attributes[name]) for name in inner.fields if name in shape.attributes
    )
    return Condition(kind=kind, tests=tests, same=inner.words("same", known=sorted(shape.disclosures)))


def _test(reading: Reading, name: str, allowed: Range) -> Match:
    node = reading.fields[name]
    operator, operand = "is", node
    if isinstance(node.value, list):
        operator = "in"
    elif isinstance(node.value, dict):
        inner = Reading(reading.file, reading.where, node, reading.problems)
        inner.keys("", " ".join(OPERATORS[1:]))
        if len(inner.fields) != 1:
            inner.complain(_("`%(key)s` needs exactly one operator.", key=name), _one_of(OPERATORS[1:]))
        operator, operand = next(iter(inner.fields.items()), ("in", Located([], node.line)))
    values = tuple(read_value(reading, name, one, allowed) for one in _list(operand))
    if operator in {"at_least", "at_most"} and allowed is not int:
        reading.complain(
            _("`%(key)s` is no number, so `%(operator)s` cannot hold.", key=name, operator=operator),
            _("Use a list of words."),
            at=name,
        )
        return Match(attribute=name, operator="in", values=())
    return Match(attribute=name, operator=operator, values=values)


def _list(node: Located) -> list[Located]:
    return node.value if isinstance(node.value, list) else [node]


def read_value(reading: Reading, name: str, node: Located, allowed: Range) -> Value:
    """Return the value of an attribute, complaining of one that the attribute can never have."""
    value = node.value
    fits = value in allowed if isinstance(allowed, tuple) else type(value) is allowed
    if not fits or not isinstance(value, (str, int)):
        known = ", ".join(allowed) if isinstance(allowed, tuple) else WORDS_OF_TYPE[allowed]
        what = _("`%(key)s` can never be `%(value)s`.", key=name, value=value)
        reading.complain(what, _("Possible are: %(known)s.", known=known), at=name)
        return ""
    return value
