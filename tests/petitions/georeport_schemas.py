"""What the published JSON Schemas of GeoReport v2 ask of answers, in our own notation.

Source: github.com/open311/schema-validation, schema/georeport-v2 (service, service-definition, request); for the other
answers the tables of wiki.open311.org/GeoReport_v2 and /Service_Discovery. A name with `?` may be null.
"""

from collections.abc import Mapping
from typing import Any

import jsonschema_rs

_KINDS: Mapping[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "truth": {"type": "boolean"},
    "count": {"type": "integer"},
    "number": {"type": "number"},
    "instant": {"type": "string", "format": "date-time"},
    "address": {"type": "string", "format": "uri"},
    "status": {"enum": ["open", "closed"]},
    "service": {"enum": ["realtime", "batch", "blackbox"]},
    "datatype": {"enum": ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]},
    "words": {"type": "string", "maxLength": 4000},
    "endpoint": {"enum": ["production", "test"]},
    "texts": {"type": "array", "items": {"type": "string"}, "minItems": 1},
}


def _object(required: str, /, **members: Any) -> dict[str, Any]:
    found = {name: _member(kind) for name, kind in members.items()}
    return {"type": "object", "required": required.split(), "properties": found}


def _member(kind: Any) -> dict[str, Any]:
    if isinstance(kind, dict):
        return {"type": "array", "items": kind}
    if kind.endswith("?"):
        return {"anyOf": [_KINDS[kind[:-1]], {"type": "null"}]}
    return _KINDS[kind]


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


SERVICE = _object(
    "service_code service_name metadata type",
    service_code="text",
    service_name="text",
    description="text?",
    metadata="truth",
    type="service",
    keywords="text?",
    group="text?",
)
DEFINITION = _object(
    "service_code attributes",
    service_code="text",
    attributes=_object(
        "variable code datatype required",
        variable="truth",
        code="text",
        datatype="datatype",
        required="truth",
        datatype_description="text?",
        order="count?",
        description="text?",
        values=_object("key name", key="text", name="text"),
    ),
)
REQUEST = _object(
    "service_request_id status service_code requested_datetime",
    service_request_id="text",
    status="status",
    status_notes="text?",
    service_name="text?",
    service_code="text",
    description="words?",
    agency_responsible="text?",
    service_notice="text?",
    requested_datetime="instant",
    updated_datetime="instant?",
    expected_datetime="instant?",
    address="text?",
    address_id="text?",
    zipcode="text?",
    lat="number?",
    long="number?",
    media_url="address?",
)
NUMBERED = _object(
    "service_request_id", service_request_id="text", service_notice="text?", account_id="text?"
)
TOKEN = _object("token", token="text", service_notice="text?", account_id="text?")
REDEEMED = _object("service_request_id token", service_request_id="text", token="text")
UPDATE = _object(
    "update_id service_request_id status updated_datetime description",
    update_id="text",
    service_request_id="text",
    status="status",
    updated_datetime="instant",
    description="text?",
    media_url="address?",
)
ERROR = _object("code description", code="count", description="text")
DISCOVERY = _object(
    "changeset contact key_service endpoints",
    changeset="text",
    contact="text",
    key_service="text",
    endpoints=_object(
        "specification url changeset type formats",
        specification="address",
        url="address",
        changeset="text",
        type="endpoint",
        formats="texts",
    ),
)
SCHEMAS: Mapping[str, dict[str, Any]] = {
    "services": _list(SERVICE),
    "definition": DEFINITION,
    "requests": _list(REQUEST),
    "numbered": _list({**NUMBERED, "not": {"required": ["token"]}}),
    "token": _list({**TOKEN, "not": {"required": ["service_request_id"]}}),
    "redeemed": _list(REDEEMED),
    "updates": _list(UPDATE),
    "errors": {**_list(ERROR), "minItems": 1},
    "discovery": DISCOVERY,
}


def faults(name: str, answer: Any) -> list[str]:
    """Return what an answer does not keep."""
    validator = jsonschema_rs.validator_for(SCHEMAS[name], validate_formats=True)
    return [str(fault) for fault in validator.iter_errors(answer)]
