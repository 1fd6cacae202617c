"""LegalRuleML 1.0: well-formed, in its namespaces, in the order of the compact schema, each norm under its operator.

The schema itself is not at hand; what is checked is its top-level order, the children that each element may have as
far as we write them, and that every reference leads to a key of the same document.
"""

import re
import shutil
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from django.conf import settings

from congvu.rules import legalruleml
from congvu.rules.book import Book
from congvu.rules.loader import load_book
from congvu.rules.shelf import shelve

LRML, RULEML = f"{{{legalruleml.LRML}}}", f"{{{legalruleml.RULEML}}}"
ORDER = [
    f"{LRML}{name}"
    for name in (
        *("Prefix", "LegalReferences", "LegalSources", "Authorities", "Jurisdictions", "Times"),
        *("TemporalCharacteristics", "Associations", "Context", "Statements"),
    )
]
ALMANAC = Path(__file__).parents[1] / "portal" / "almanac.yaml"


@pytest.fixture(params=["almanac", "vn.binh-duong.mail-2009", "vn.mic.mail-2016"])
def book(request, tmp_path) -> Book:
    shutil.copytree(settings.CONGVU_RULEBOOK, tmp_path / "rulebook")
    shutil.copy(ALMANAC, tmp_path / "rulebook")
    found = shelve(tmp_path / "rulebook", with_examples=False)
    return next(one for one in found.books if one.file == f"{request.param}.yaml")


def root_of(book: Book) -> Element:
    return fromstring(legalruleml.encode(book))  # noqa: S314 -- our own document


def test_the_document_is_of_the_two_namespaces_in_the_order_of_the_schema(book):
    root = root_of(book)
    assert root.tag == f"{LRML}LegalRuleML"
    assert [ORDER.index(one.tag) for one in root] == sorted(ORDER.index(one.tag) for one in root)
    assert {re.match(r"\{.*\}", one.tag)[0] for one in root.iter()} == {LRML, RULEML}


def test_every_key_is_one_of_a_kind_and_every_reference_leads_to_one(book):
    root = root_of(book)
    keys = [one.get("key", "").lstrip(":") for one in root.iter() if one.get("key")]
    keys += [one.get("refersTo") for one in root.iter() if one.get("refersTo")]
    assert len(keys) == len(set(keys))
    named = {value[1:] for one in root.iter() for value in one.attrib.values() if value.startswith("#")}
    assert named - set(keys) == set()


def test_every_norm_stands_under_the_operator_of_its_kind(book):
    root = root_of(book)
    for norm in book.norms:
        (statement,) = (one for one in root.iter() if one.get("key") == f"norm-{norm.id}")
        operator, narrower = legalruleml.OPERATORS.get(norm.kind, ("", ""))
        (head,) = statement.findall(f"{RULEML}Rule/{RULEML}then")
        assert statement.tag == LRML + ("PrescriptiveStatement" if operator else "ConstitutiveStatement")
        if operator:
            assert head[0].tag == f"{LRML}{operator}"
            assert head[0].get("iri", "") == narrower
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


def test_hostile_words_stay_words():
    book = load_book(ALMANAC).book
    said = "</lrml:LegalRuleML><script>&\x00\x1b]]>"
    one = replace(book, norms=(replace(book.norms[0], text={"vi": said}),))
    (paraphrase,) = root_of(one).iter(f"{LRML}Paraphrase")
    assert paraphrase.text == "</lrml:LegalRuleML><script>&\ufffd\ufffd]]>"
