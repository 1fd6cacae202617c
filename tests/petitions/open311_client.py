"""A program that asks the Open311 door, and reads both formats."""

import json
from typing import Any

from django.test import Client

from tests.petitions import georeport_schemas
from tests.standards import spark

V2 = "/open311/v2"
ENGLISH = {"Accept-Language": "en"}


def ask(path: str, **query: Any) -> Any:
    """Ask by GET in English; return the response."""
    return Client().get(f"{V2}/{path}", query, headers=ENGLISH)


def read(resource: str, schema: str, **query: Any) -> Any:
    """Ask in both formats, hold the answer to its schema, and return what both say."""
    as_json = ask(f"{resource}.json", **query)
    assert as_json.status_code == 200, as_json.content.decode()
    said = json.loads(as_json.content)
    assert spark.read(ask(f"{resource}.xml", **query).content.decode()) == said
    assert georeport_schemas.faults(schema, said) == []
    return said


def hand_in(fields: dict[str, Any], *, resource: str = "requests", form: str = "json") -> Any:
    """Hand a form in, with parts where it has files; return the response."""
    return Client().post(f"{V2}/{resource}.{form}", fields, headers=ENGLISH)


def refusal(response: Any) -> tuple[int, list[str]]:
    """Return the status and the sentences of a refusal, which must be the document that the specification asks for."""
    text = response.content.decode()
    said = json.loads(text) if response["Content-Type"].startswith("application/json") else spark.read(text)
    assert georeport_schemas.faults("errors", said) == []
    assert {one["code"] for one in said} == {response.status_code}
    return response.status_code, [one["description"] for one in said]
