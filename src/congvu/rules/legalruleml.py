"""A version of a book as LegalRuleML 1.0 in the compact serialization (OASIS Standard, 30 August 2021)."""

import re
from collections.abc import Iterator
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from congvu.rules import shelf
from congvu.rules.book import Book, Condition, Deadline, Match, Norm, Value
from congvu.rules.norm_loader import NOT_ESTABLISHED

LRML = "http://docs.oasis-open.org/legalruleml/ns/v1.0/"
RULEML = "http://ruleml.org/spec"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XS = "http://www.w3.org/2001/XMLSchema"
WORDS = LRML + "vocab#"
# A norm's kind, the operator in its head, and what that operator is narrowed to. LegalRuleML knows no recommendation
# and no power: they are the operators that allow and never breach, named more closely by `type`, the one attribute
# for that which the schema gives to every operator.
OPERATORS = {
    "obligation": ("Obligation", ""),
    "prohibition": ("Prohibition", ""),
    "permission": ("Permission", ""),
    "recommendation": ("Permission", ":recommendation"),
    "power": ("Right", ":power"),
}
TYPES = {bool: "xs:boolean", int: "xs:integer", str: "xs:string"}
# What an event of a condition does to a norm, by the condition's key in a book: each is a constitutive statement.
EFFECTS = {
    "cancel": "annuls",
    "suspend.from": "suspends",
    "suspend.until": "resumes",
    "extend.notice": "extends",
    "compensate": "compensates",
    "cap.part": "counts-in-part",
    "cap.whole": "counts-in-whole",
}
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

for prefix, namespace in (("lrml", LRML), ("ruleml", RULEML), ("xsi", XSI)):
    register_namespace(prefix, namespace)


def encode(book: Book) -> bytes:
    """Return a version as an XML document in UTF-8; the top-level elements stand in the order of the schema."""
    root = Element(f"{{{LRML}}}LegalRuleML", {"xmlns": address(book) + "#", "xmlns:xs": XS})
    _lrml(root, "Prefix", pre="lrmlv", refID=WORDS)
    _references(root, book)
    _metadata(root, book)
    _times(root, book)
    associations = _lrml(root, "Associations")
    for norm in book.norms:
        _association(associations, norm)
    _context(root, book)
    statements = _lrml(root, "Statements", key="statements")
    for norm in book.norms:
        _statement(statements, book, norm)
    indent(root, " ")
    body: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"


def address(book: Book) -> str:
    """Return the name of a version in documents for machines."""
    return f"urn:congvu:rulebook:{book.id}:v{book.version}"


def _references(root: Element, book: Book) -> None:
    """Name the articles, and the norms of other books: a reference may leave the document only through such a name."""
    names = {f"ref-{norm.id}": shelf.cite(book, norm) for norm in book.norms if _is_cited(norm)}
    for norm in book.norms:
        names |= {f"under-{key}": name for key, name in _replaced(norm) if not name.startswith("#")}
    if names:
        references = _lrml(root, "LegalReferences")
        for key, name in names.items():
            _lrml(references, "LegalReference", refersTo=key, refID=name, refIDSystemName="congvu")


def _is_cited(norm: Norm) -> bool:
    return norm.cite.article != NOT_ESTABLISHED


def _metadata(root: Element, book: Book) -> None:
    issuer = book.source.issuer.get(book.original) or next(iter(book.source.issuer.values()), "")
    sources = _lrml(root, "LegalSources")
    _lrml(
        sources, "LegalSource", key="source", sameAs=f"urn:congvu:source:{quote(book.source.number, safe='')}"
    )
    authorities = _lrml(root, "Authorities")
    _lrml(authorities, "Authority", key="authority", sameAs=f"urn:congvu:authority:{quote(issuer, safe='')}")
    jurisdictions = _lrml(root, "Jurisdictions")
    place = quote(book.jurisdiction.replace("/", ":"), safe=":")
    _lrml(jurisdictions, "Jurisdiction", key="jurisdiction", sameAs=f"urn:congvu:jurisdiction:{place}")


def _times(root: Element, book: Book) -> None:
    days = {"signed": book.source.signed, "start": book.in_force_from, "end": book.in_force_to}
    times = _lrml(root, "Times")
    for name, day in days.items():
        if day is not None:
            time = _ruleml(times, "Time", key=f":{name}")
            _data(time, day.isoformat(), "xs:date")
    outer = _lrml(root, "TemporalCharacteristics")
    for name, development in (("start", "Starts"), ("end", "Ends")):
        if days[name] is not None:
            one = _lrml(outer, "TemporalCharacteristic", key=f"in-force-{name}")
            _lrml(one, "forStatus", iri=f"{WORDS}InForce")
            _lrml(one, "hasStatusDevelopment", iri=f"{WORDS}{development}")
            _lrml(one, "atTime", keyref=f"#{name}")


def _association(outer: Element, norm: Norm) -> None:
    one = _lrml(outer, "Association", key=f"association-{norm.id}")
    if _is_cited(norm):
        _lrml(one, "appliesSource", keyref=f"#ref-{norm.id}")
    _lrml(one, "appliesSource", keyref="#source")
    for role in ("norm", *_effects(norm)):
        _lrml(one, "toTarget", keyref=f"#{role}-{norm.id}")


def _context(root: Element, book: Book) -> None:
    context = _lrml(root, "Context", key="context")
    _lrml(context, "appliesAuthority", keyref="#authority")
    _lrml(context, "appliesJurisdiction", keyref="#jurisdiction")
    _lrml(context, "appliesTemporalCharacteristic", keyref="#in-force-start")
    if book.in_force_to:
        _lrml(context, "appliesTemporalCharacteristic", keyref="#in-force-end")
    _lrml(_lrml(context, "appliesStrength"), "DefeasibleStrength", key="strength")
    _lrml(context, "inScope", keyref="#statements")


def _statement(outer: Element, book: Book, norm: Norm) -> None:
    operator, narrower = OPERATORS.get(norm.kind, ("", ""))
    name = "PrescriptiveStatement" if operator else "ConstitutiveStatement"
    rule = _rule(outer, name, f"norm-{norm.id}")
    text = norm.text.get(book.original) or next(iter(norm.text.values()), "")
    _lrml(rule, "Paraphrase").text = _clean(text)
    _conditions(_ruleml(_ruleml(rule, "if"), "And"), norm)
    head = _ruleml(rule, "then")
    if operator:
        head = _lrml(head, operator, **({"type": narrower} if narrower else {}))
        for bearer in norm.bearer:
            slot = _ruleml(head, "slot")
            _lrml(slot, "Bearer", iri=f":{bearer}")
            _ruleml(slot, "Var").text = bearer
    _owed(head, book, norm)
    for role, condition in _effects(norm).items():
        _effect(outer, norm, role, condition)
    for key, under in _replaced(norm):
        override = _lrml(outer, "OverrideStatement", key=f"override-{key}")
        of = under if under.startswith("#") else f"#under-{key}"
        said = _lrml(override, "Override", over=f"#norm-{norm.id}", under=of)
        if norm.overrides and norm.overrides.competence and of != under:
            _lrml(said, "Comment").text = _clean(norm.overrides.competence)


def _rule(outer: Element, name: str, key: str) -> Element:
    return _ruleml(_lrml(outer, name, key=key), "Rule", key=f":{key}.rule", closure="universal")


def _effects(norm: Norm) -> dict[str, Condition]:
    return {EFFECTS[key]: one for key, one in norm.conditions.items() if key in EFFECTS}


def _effect(outer: Element, norm: Norm, role: str, condition: Condition) -> None:
    """State what an event counts as: it suspends the time of a norm, extends it, or counts in its cap."""
    rule = _rule(outer, "ConstitutiveStatement", f"{role}-{norm.id}")
    _event(_ruleml(_ruleml(rule, "if"), "And"), condition, "event")
    atom = _atom(_ruleml(rule, "then"), role)
    _ruleml(atom, "Var").text = "event"
    _ruleml(atom, "Ind", iri=f":{norm.id}")
    if norm.extend and role == "extends":
        _data(atom, str(norm.extend.amount), "xs:integer")
        _ruleml(atom, "Ind", iri=f":{norm.extend.unit}")
        _data(atom, str(norm.extend.times), "xs:integer")


def _replaced(norm: Norm) -> Iterator[tuple[str, str]]:
    """Yield a key and the name of each norm over which a norm prevails; the name starts with "#" in the same book."""
    names = list(norm.exception_to)
    names += [f"{norm.overrides.book}/{norm.overrides.norm}"] if norm.overrides else []
    for number, name in enumerate(names, 1):
        book, _, inner = name.rpartition("/")
        yield f"{norm.id}-{number}", f"urn:congvu:rulebook:{book}#norm-{inner}" if book else f"#norm-{inner}"


def _conditions(outer: Element, norm: Norm) -> None:
    trigger = norm.when or norm.report or norm.count
    if trigger:
        _event(outer, trigger, "trigger")
    windows = _ruleml(outer, "Or") if len(norm.windows) > 1 else outer
    for window in norm.windows:
        atom = _atom(windows, "window")
        _data(atom, f"{window.opens:%H:%M:%S}", "xs:time")
        _data(atom, f"{window.closes:%H:%M:%S}", "xs:time")
    if norm.rhythm:
        atom = _atom(outer, f"every-{norm.rhythm.period}")
        _data(atom, str(norm.rhythm.length), "xs:integer")
        _data(atom, str(norm.rhythm.times), "xs:integer")
    if norm.unless:
        _atom(_ruleml(outer, "Neg"), norm.unless)


def _owed(head: Element, book: Book, norm: Norm) -> None:
    """Write what the head speaks of: the event that fulfils it, else the norm itself, and by when."""
    parts = _ruleml(head, "And") if norm.fulfil or norm.deadline or norm.cap else head
    if norm.fulfil:
        _event(parts, norm.fulfil, "fulfilment")
    else:
        _atom(parts, norm.id)
    if norm.deadline:
        _deadline(parts, book, norm.deadline)
    if norm.cap:
        atom = _atom(parts, "at-most-per-cent")
        _ruleml(atom, "Ind", iri=f":{norm.id}")
        _data(atom, str(norm.cap.percent), "xs:integer")


def _deadline(outer: Element, book: Book, limit: Deadline) -> None:
    flags = {
        "same_day": limit.same_day,
        "same_or_next_working_day": limit.same_or_next_day,
        "next_working_morning": limit.next_morning,
    }
    name = next((name for name, holds in flags.items() if holds), "")
    name = name or ("by" if limit.by else "before" if limit.is_before else "within")
    atom = _atom(outer, name)
    _ruleml(atom, "Var").text = limit.start or "trigger"
    if limit.by:
        _data(atom, f"--{limit.by}", "xs:gMonthDay")
    elif limit.parameter:
        _ruleml(atom, "Ind", iri=f":{limit.parameter}")
        bounds = book.parameters.get(limit.parameter)
        _ruleml(atom, "Ind", iri=f":{bounds.unit if bounds else 'undecided'}")
    elif limit.unit:
        _data(atom, str(limit.amount), "xs:integer")
        _ruleml(atom, "Ind", iri=f":{limit.unit}")
    for flag, holds in {"from-year-end": limit.is_from_year_end, "to-working-day": limit.roll}.items():
        if holds:
            _ruleml(atom, "Ind", iri=f":{flag}")


def _event(outer: Element, condition: Condition, role: str) -> None:
    _ruleml(_atom(outer, condition.kind), "Var").text = role
    for test in condition.tests:
        _test(outer, test, role)
    for shared in condition.same:
        atom = _atom(outer, "same")
        _ruleml(atom, "Var").text = shared


def _test(outer: Element, test: Match, role: str) -> None:
    if test.operator in {"at_least", "at_most"}:
        _value(outer, f"{test.attribute}.{test.operator}", role, test.values[0])
        return
    inside = _ruleml(outer, "Neg") if test.operator == "not" else outer
    inside = _ruleml(inside, "Or") if len(test.values) > 1 else inside
    for value in test.values:
        _value(inside, test.attribute, role, value)


def _value(outer: Element, name: str, role: str, value: Value) -> None:
    atom = _atom(outer, name)
    _ruleml(atom, "Var").text = role
    text = str(value).lower() if isinstance(value, bool) else str(value)
    _data(atom, text, TYPES[type(value)])


def _atom(outer: Element, relation: str) -> Element:
    atom = _ruleml(outer, "Atom")
    _ruleml(atom, "Rel", iri=f":{relation}")
    return atom


def _data(outer: Element, text: str, kind: str) -> None:
    _ruleml(outer, "Data", **{f"{{{XSI}}}type": kind}).text = _clean(text)


def _clean(text: str) -> str:
    """Return a text without the characters that XML 1.0 cannot hold."""
    return CONTROL.sub("\ufffd", text)


def _lrml(outer: Element, name: str, **attributes: str) -> Element:
    return SubElement(outer, f"{{{LRML}}}{name}", {key: _clean(value) for key, value in attributes.items()})


def _ruleml(outer: Element, name: str, **attributes: str) -> Element:
    return SubElement(outer, f"{{{RULEML}}}{name}", {key: _clean(value) for key, value in attributes.items()})
