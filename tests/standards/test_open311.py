"""A document says the same in XML and in JSON: GeoReport v2, the Spark convention."""

import json
import random
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from congvu.standards.open311 import documents, instants, mapping
from tests.standards import georeport, spark

DUSK = datetime(2026, 11, 22, 18, 5, 9, 999999, timezone(timedelta(hours=7)))


@settings(max_examples=60)
@given(st.randoms(use_true_random=False))
def test_what_the_xml_says_the_json_says(chance: random.Random) -> None:
    for name, value in georeport.answers(8, chance, members=2):
        assert spark.read(mapping.to_xml(name, value)) == json.loads(mapping.to_json(value))


def test_an_error_is_written_as_the_specification_shows_it() -> None:
    errors = [documents.Error(code=403, description="<key> & more")]
    assert mapping.to_json(errors) == '[{"code":403,"description":"<key> & more"}]'
    assert mapping.to_xml("errors", errors) == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        "<errors><error><code>403</code><description>&lt;key&gt; &amp; more</description></error></errors>\n"
    )


def test_what_is_empty_is_written_and_what_is_optional_is_left_out() -> None:
    created = documents.Created(token="t", service_notice="", account_id=None)
    assert mapping.plain(created) == {"token": "t", "service_notice": None, "account_id": None}
    assert mapping.element("request", created) == (
        "<request><token>t</token><service_notice/><account_id/></request>"
    )
    assert (mapping.to_json([]), mapping.to_xml("services", []).splitlines()[1]) == ("[]", "<services/>")


def test_a_list_keeps_its_shape_when_it_holds_one_or_none() -> None:
    asked = documents.Attribute(
        variable=True,
        code="pole",
        datatype="singlevaluelist",
        required=False,
        datatype_description=None,
        order=1,
        description="Which pole?",
        values=(documents.Value(key="001", name="Left"),),
    )
    definition = documents.ServiceDefinition(service_code="lamp", attributes=(asked,))
    value = "<values><value><key>001</key><name>Left</name></value></values>"
    assert value in mapping.to_xml("service_definition", definition)
    assert json.loads(mapping.to_json(definition))["attributes"][0]["values"] == [
        {"key": "001", "name": "Left"}
    ]
    bare = documents.ServiceDefinition(service_code="lamp", attributes=())
    assert mapping.plain(bare) == {"service_code": "lamp", "attributes": []}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), b"bytes", {"a": 1}])
def test_what_no_document_holds_is_refused(value: object) -> None:
    with pytest.raises(mapping.UnwritableError):
        mapping.plain(documents.Error(code=400, description=value))  # type: ignore[arg-type]  # what a careless caller may do


def test_an_instant_is_written_in_utc_to_the_second() -> None:
    assert instants.text(DUSK) == "2026-11-22T11:05:09Z"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-22T11:05:09Z", "2026-11-22T11:05:09"),
        ("2026-11-22T18:05+07:00", "2026-11-22T11:05:00"),
        ("2026-11-22T18:05:09.25 07:00", "2026-11-22T11:05:09.250000"),
        ("2026-11-22T06:05:09-05:00", "2026-11-22T11:05:09"),
    ],
)
def test_an_instant_is_read_with_its_zone(written: str, meant: str) -> None:
    assert instants.read(written) == datetime.fromisoformat(meant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2026-11-22",
        "2026-11-22T11:05:09",
        "2026-02-30T00:00:00Z",
        "2026-11-22 11:05:09Z",
        "٢٠٢٦-11-22T11:05Z",
        "0001-01-01T00:00:00+23:00",
        "9999-12-31T23:59:59-10:00",
        "2026-11-22T11:05:09+25:00",
        "2026-11-22T25:00Z",
    ],
)
def test_a_day_without_an_hour_or_a_zone_is_refused(written: str) -> None:
    with pytest.raises(instants.MalformedInstantError):
        instants.read(written)
