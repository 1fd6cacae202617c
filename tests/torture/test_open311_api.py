"""Schemathesis sends the Open311 door whatever its description allows, and more; every answer must keep to it.

CONGVU_EXAMPLES says how many requests each operation gets.
"""

import os
import sys
from collections import Counter
from datetime import timedelta

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from congvu.directory.policies import OPERATOR
from congvu.petitions.actions import api_keys
from congvu.petitions.actions.api_keys import give_key
from congvu.petitions.models import Petition
from congvu.petitions.open311 import door
from tests.petitions import georeport_schemas
from tests.petitions.conftest import NOW, complaint, lamp, office, ward  # noqa: F401 -- fixtures

EXAMPLES = int(os.environ.get("CONGVU_EXAMPLES", "300"))
pytestmark = [pytest.mark.torture, pytest.mark.django_db(transaction=True)]
V2 = "/open311/v2"
KNOWN = {"service_code": "street-lamp", "service_request_id": "26-000001-5"}
PUBLISHED = {
    "GET /discovery.{format}": "discovery",
    "GET /services.{format}": "services",
    "GET /services/{service_code}.{format}": "definition",
    "GET /requests.{format}": "requests",
    "GET /requests/{service_request_id}.{format}": "requests",
    "GET /servicerequestupdates.{format}": "updates",
    "POST /requests.{format}": "numbered",
}
LENIENT = [checks.positive_data_acceptance, checks.negative_data_rejection]


@pytest.fixture
def secret(agency, data_folder, lamp, complaint, ward, monkeypatch):  # noqa: F811 -- fixtures
    """A key; nobody is told to wait."""
    monkeypatch.setattr(door, "MOST_READS", 10**9)
    monkeypatch.setattr(door, "MOST_WRITES", 10**9)
    monkeypatch.setattr(api_keys, "MOST", 10**9)
    return give_key(agency=agency, label="Schemathesis", by=OPERATOR, at=NOW).secret


def guide(case) -> None:
    """Name what there is, so that something is found and something taken in."""
    case.query.pop("jurisdiction_id", None)
    for name, known in KNOWN.items():
        if name in case.path_parameters:
            case.path_parameters[name] = known
    if isinstance(case.body, dict):
        for name in ("jurisdiction_id", "address_id", "email", "media_url"):
            case.body.pop(name, None)
        case.body |= KNOWN | {"lat": 20.005, "long": 105.005}


def send(operation, mode: GenerationMode, secret: str, seen: Counter[tuple[str, int]]) -> None:
    """Send what the description allows, or forbids, of one operation; every other request with names that there are.

    What is allowed may still be refused, for no description says what is in the register; what is forbidden may be
    taken, for a form has only texts, and what nobody asked is left out.
    """
    name = f"{operation.method.upper()} {operation.path}"

    @settings(
        max_examples=EXAMPLES,
        deadline=timedelta(seconds=5),
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    @given(case=operation.as_strategy(mode))
    def check(case) -> None:
        if isinstance(case.body, dict):
            case.body["api_key"] = secret
        if seen.total() % 2:
            guide(case)
        response = case.call()
        seen[name, response.status_code] += 1
        case.validate_response(response, excluded_checks=LENIENT)
        if response.headers["content-type"][0].startswith("application/json"):
            schema = PUBLISHED.get(name) if response.status_code == 200 else "errors"
            assert not schema or georeport_schemas.faults(schema, response.json()) == []

    check()


def test_every_answer_keeps_to_the_description(secret, live_server, capsys):
    schema = schemathesis.openapi.from_url(f"{live_server.url}{V2}/openapi.json", timeout=60)
    seen: Counter[tuple[str, int]] = Counter()
    for found in schema.get_all_operations():
        for mode in GenerationMode:
            send(found.ok(), mode, secret, seen)
    with capsys.disabled():
        sys.stdout.writelines(
            f"{count:6} {status} {name}\n" for (name, status), count in sorted(seen.items())
        )
    assert not [key for key in seen if key[1] >= 500]
    unguided = {"GET /tokens/{token}.{format}"}  # a token is a secret
    assert {name for name, status in seen if status == 200} == {name for name, _ in seen} - unguided
    assert Petition.objects.count() == seen["POST /requests.{format}", 200]
