"""LegalRuleML 1.0: well-formed, in its namespaces, in the order of the compact schema, each norm under its operator.

The schema of OASIS does not lie in this repository. What it says of the elements that we write stands in `CHILDREN`
and `ATTRIBUTES`: which children in which order, which attributes, and how their values are spelled.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from django.conf import settings

from congvu.rules import legalruleml
from congvu.rules.book import Book, Override
from congvu.rules.loader import load_book
from tests.rules import findings, worlds

LRML, RULEML = f"{{{legalruleml.LRML}}}", f"{{{legalruleml.RULEML}}}"
NAME = r"[A-Za-z_][\w.-]*"
FORMULA = "(And|Or|Neg|Atom)"
OPERATOR = "(Obligation|Prohibition|Permission|Right)"
# Children of an element as an expression over their names, each followed by a space.
CHILDREN = {
    "LegalRuleML": "Prefix (LegalReferences )?LegalSources Authorities Jurisdictions Times "
    "TemporalCharacteristics Associations Context Statements ",
    "LegalReferences": "(LegalReference )+",
    "LegalSources": "LegalSource ",
    "Authorities": "Authority ",
    "Jurisdictions": "Jurisdiction ",
    "Times": "(Time ){2,3}",
    "Time": "Data ",
    "TemporalCharacteristics": "(TemporalCharacteristic ){1,2}",
    "TemporalCharacteristic": "forStatus hasStatusDevelopment atTime ",
    "Associations": "(Association )+",
    "Association": "(appliesSource ){1,2}(toTarget )+",
    "Context": "appliesAuthority appliesJurisdiction (appliesTemporalCharacteristic ){1,2}appliesStrength inScope ",
    "appliesStrength": "DefeasibleStrength ",
    "Statements": "((Prescriptive|Constitutive|Override)Statement )+",
    "PrescriptiveStatement": "Rule ",
    "ConstitutiveStatement": "Rule ",
    "OverrideStatement": "Override ",
    "Override": "(Comment )?",
    "Rule": "(Paraphrase )?if then ",
    "if": "And ",
    "then": f"({OPERATOR}|{FORMULA}) ",
    **dict.fromkeys(("Obligation", "Prohibition", "Permission", "Right"), f"(slot )*{FORMULA} "),
    "slot": "Bearer Var ",
    **dict.fromkeys(("And", "Or"), f"({FORMULA} )*"),
    "Neg": f"{FORMULA} ",
    "Atom": "Rel ((Var|Ind|Data) )*",
}
KEY, RULE_KEY, REFERENCE = NAME, f":{NAME}", f"#{NAME}"
CURIE = r":[^\s/]\S*"
# Required attributes with the spelling of their values; those with "?" may be missing. What is not named is refused.
ATTRIBUTES = {
    name: forms
    for names, forms in {
        "Prefix": {"pre": NAME, "refID": "[^:].*"},
        "LegalReference": {"refersTo": KEY, "refID": ".+", "refIDSystemName": ".+"},
        "LegalSource Authority Jurisdiction": {"key": KEY, "sameAs": r"urn:\S+"},
        "Time": {"key": RULE_KEY},
        "Data": {f"{{{legalruleml.XSI}}}type": "xs:(date|time|gMonthDay|integer|boolean|string)"},
        "TemporalCharacteristic Association Context DefeasibleStrength": {"key": KEY},
        "Statements PrescriptiveStatement ConstitutiveStatement OverrideStatement": {"key": KEY},
        "forStatus hasStatusDevelopment": {"iri": r"https?://\S+#\w+"},
        "atTime appliesSource toTarget appliesAuthority appliesJurisdiction": {"keyref": REFERENCE},
        "appliesTemporalCharacteristic inScope": {"keyref": REFERENCE},
        "Override": {"over": REFERENCE, "under": REFERENCE},
        "Rule": {"key": RULE_KEY, "closure": "universal"},
        "Obligation Prohibition Permission Right": {"type?": CURIE},
        "Bearer Rel Ind": {"iri": CURIE},
    }.items()
    for name in names.split()
}
ALMANAC = Path(__file__).parents[1] / "portal" / "almanac.yaml"


@pytest.fixture(params=["almanac", "vn.binh-duong.mail-2009", "vn.mic.mail-2016"])
def book(request) -> Book:
    shipped = settings.CONGVU_RULEBOOK / f"{request.param}.yaml"
    found = load_book(ALMANAC if request.param == "almanac" else shipped).book
    assert found
    return found


def root_of(book: Book) -> Element:
    return fromstring(legalruleml.encode(book))  # noqa: S314 -- our own document


def books() -> Iterator[Book]:
    """Yield every book of the rulebook, and books of random norms that override norms of this and of other books."""
    yield from worlds.SHELF.books
    kinds = ("power", "recommendation", "permission", "legal_effect", "consequence", "prohibition")
    above = Override(book="vn.higher", norm="rule", competence="vn.law Điều 3")
    for seed in range(12):
        (book, _) = findings.law(random.Random(seed)).books  # noqa: S311 -- books, not secrets
        norms = [
            replace(
                one, kind=kind, unless="exempt", overrides=above, exception_to=("norm-0", "vn.other/rule")
            )
            for one, kind in zip(book.norms, kinds, strict=True)
        ]
        yield replace(book, norms=tuple(norms))


def names(outer: Element) -> str:
    return "".join(f"{one.tag.partition('}')[2]} " for one in outer)


def test_every_element_has_the_children_and_attributes_of_the_schema():
    for book in books():
        for one in root_of(book).iter():
            name = one.tag.partition("}")[2]
            assert re.fullmatch(CHILDREN.get(name, ""), names(one)), (book.id, name, names(one))
            forms = ATTRIBUTES.get(name, {})
            required = {form for form in forms if not form.endswith("?")}
            assert required <= set(one.attrib) <= {form.rstrip("?") for form in forms}, (book.id, name)
            for key, value in one.attrib.items():
                assert re.fullmatch(forms.get(key) or forms[f"{key}?"], value), (book.id, name, key, value)


def test_texts_stand_only_where_the_schema_has_them():
    told = {"Paraphrase", "Comment", "Var", "Data"}
    for book in books():
        root = root_of(book)
        assert {one.tag.partition("}")[2] for one in root.iter() if (one.text or "").strip()} <= told
        assert not [one for one in root.iter() if (one.tail or "").strip()]
        assert {one.text for one in root.iter(f"{LRML}Comment")} <= {"vn.law Điều 3"}


def test_only_days_stand_among_the_times():
    for book in books():
        data = root_of(book).findall(f"{LRML}Times/{RULEML}Time/{RULEML}Data")
        assert {one.get(f"{{{legalruleml.XSI}}}type") for one in data} == {"xs:date"}


def test_the_document_is_of_the_two_namespaces(book):
    root = root_of(book)
    assert root.tag == f"{LRML}LegalRuleML"
    assert {re.match(r"\{.*\}", one.tag)[0] for one in root.iter()} == {LRML, RULEML}


def test_every_key_is_one_of_a_kind_and_every_reference_leads_to_one():
    for book in books():
        root = root_of(book)
        keys = [one.get("key", "").lstrip(":") for one in root.iter() if one.get("key")]
        keys += [one.get("refersTo") for one in root.iter() if one.get("refersTo")]
        assert len(keys) == len(set(keys)), book.id
        named = {value[1:] for one in root.iter() for value in one.attrib.values() if value.startswith("#")}
        assert named - set(keys) == set(), book.id


def test_every_norm_stands_under_the_operator_of_its_kind(book):
    root = root_of(book)
    for norm in book.norms:
        (statement,) = (one for one in root.iter() if one.get("key") == f"norm-{norm.id}")
        operator, narrower = legalruleml.OPERATORS.get(norm.kind, ("", ""))
        (head,) = statement.findall(f"{RULEML}Rule/{RULEML}then")
        assert statement.tag == LRML + ("PrescriptiveStatement" if operator else "ConstitutiveStatement")
        if operator:
            assert head[0].tag == f"{LRML}{operator}"
            assert head[0].get("type", "") == narrower
            assert len(head[0].findall(f"{RULEML}slot/{LRML}Bearer")) == len(norm.bearer)
        assert statement.find(f"{RULEML}Rule/{LRML}Paraphrase").text == norm.text[book.original]
        assert [one.tag for one in statement[0]] == [f"{LRML}Paraphrase", f"{RULEML}if", f"{RULEML}then"]


@pytest.mark.parametrize(
    ("kind", "tag"),
    [
        ("obligation", "Obligation"),
        ("prohibition", "Prohibition"),
        ("permission", "Permission"),
        ("recommendation", "Permission"),
        ("power", "Right"),
        ("legal_effect", None),
        ("consequence", None),
    ],
)
def test_kinds_become_operators(kind, tag):
    book = load_book(ALMANAC).book
    one = replace(book, norms=(replace(book.norms[0], kind=kind),))
    heads = root_of(one).findall(f".//{RULEML}then/*")
    assert [head.tag for head in heads] == [f"{LRML}{tag}" if tag else f"{RULEML}And"]


def test_a_time_limit_and_days_in_force_are_written():
    root = root_of(load_book(ALMANAC).book)
    data = {one.text for one in root.iter(f"{RULEML}Data")}
    assert {"2020-01-01", "2026-11-01", "--12-15"} <= data
    developments = [one.get("iri").rsplit("#")[-1] for one in root.iter(f"{LRML}hasStatusDevelopment")]
    assert developments == ["Starts", "Ends"]


def test_what_suspends_extends_and_annuls_counts_as_that():
    story = findings.law(random.Random(1)).books[0]  # noqa: S311 -- a book, not a secret
    norm = next(one for one in story.norms if one.suspend and one.extend)
    root = root_of(story)
    for role, kind in {
        "suspends": "stopped",
        "resumes": "resumed",
        "extends": "extended",
        "annuls": "cancelled",
        "compensates": "compensated",
    }.items():
        (found,) = (one for one in root.iter() if one.get("key") == f"{role}-{norm.id}")
        assert found.find(f"{RULEML}Rule/{RULEML}if//{RULEML}Rel").get("iri") == f":test.{kind}"
        said = found.find(f"{RULEML}Rule/{RULEML}then/{RULEML}Atom")
        assert said[0].get("iri") == f":{role}"
        assert said.find(f"{RULEML}Ind").get("iri") == f":{norm.id}"
    (more,) = (one for one in root.iter() if one.get("key") == f"extends-{norm.id}")
    numbers = [one.text for one in more.findall(f"{RULEML}Rule/{RULEML}then/{RULEML}Atom/{RULEML}Data")]
    assert numbers == [str(norm.extend.amount), str(norm.extend.times)]


def test_a_cap_says_its_part_its_whole_and_its_share():
    book = next(one for one in worlds.SHELF.books if one.id == "vn.emulation-law-2022")
    norm = next(one for one in book.norms if one.cap)
    root = root_of(book)
    for role, condition in {"part": norm.cap.part, "whole": norm.cap.whole}.items():
        (found,) = (one for one in root.iter() if one.get("key") == f"counts-in-{role}-{norm.id}")
        assert found.find(f"{RULEML}Rule/{RULEML}if//{RULEML}Rel").get("iri") == f":{condition.kind}"
    (share,) = (one for one in root.iter(f"{RULEML}Atom") if one[0].get("iri") == ":at-most-per-cent")
    assert share.find(f"{RULEML}Data").text == str(norm.cap.percent)


def test_an_exception_prevails_over_its_rule_also_in_another_book():
    (book, _) = findings.law(random.Random(0)).books  # noqa: S311 -- a book, not a secret
    above = Override(book="vn.higher", norm="rule", competence="vn.law Điều 3")
    book = replace(
        book, norms=(book.norms[0], replace(book.norms[1], exception_to=("norm-0",), overrides=above))
    )
    root = root_of(book)
    pairs = [(one.get("over"), one.get("under")) for one in root.iter(f"{LRML}Override")]
    assert pairs == [("#norm-norm-1", "#norm-norm-0"), ("#norm-norm-1", "#under-norm-1-2")]
    known = {one.get("refersTo"): one.get("refID") for one in root.iter(f"{LRML}LegalReference")}
    assert known["under-norm-1-2"] == "urn:congvu:rulebook:vn.higher#norm-rule"


def test_hostile_words_stay_words():
    book = load_book(ALMANAC).book
    said = "</lrml:LegalRuleML><script>&\x00\x1b]]>"
    one = replace(book, norms=(replace(book.norms[0], text={"vi": said}),))
    (paraphrase,) = root_of(one).iter(f"{LRML}Paraphrase")
    assert paraphrase.text == "</lrml:LegalRuleML><script>&\ufffd\ufffd]]>"
