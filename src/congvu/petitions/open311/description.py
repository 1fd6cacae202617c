"""The description of the interface for programs (OpenAPI 3.1)."""

from typing import Any, Final

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from congvu.petitions.open311.bulk import BULK_FORMATS
from congvu.petitions.open311.handing import LONGEST
from congvu.standards.open311 import documents, schemas

Part = dict[str, Any]
_INSTANT: Final = {"type": "string", "format": "date-time"}
_TEXT: Final = {"type": "string"}
_FILTERS: Final[dict[str, Part]] = {
    "service_request_id": _TEXT,
    "service_code": _TEXT,
    "start_date": _INSTANT,
    "end_date": _INSTANT,
    "status": {"type": "string", "pattern": "^(open|closed)(,(open|closed))*$"},
    "updated_after": _INSTANT,
    "updated_before": _INSTANT,
    "lat": {"type": "number", "minimum": -90, "maximum": 90},
    "long": {"type": "number", "minimum": -180, "maximum": 180},
    "radius": {"type": "number", "exclusiveMinimum": 0, "maximum": 50000},
    "q": {"type": "string", "maxLength": 200},
    "extensions": {"type": "boolean"},
    "page": {"type": "integer", "minimum": 1, "maximum": 1_000_000},
    "page_size": {"type": "integer", "minimum": 1, "maximum": documents.ROWS},
}
_SPANNED: Final = ("service_request_id", "start_date", "end_date", "page", "page_size")
_READ: Final = (400, 404, 406, 429)
_WRITTEN: Final = (400, 403, 404, 406, 413, 429, 503)


@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """Describe the interface."""
    server = request.build_absolute_uri(reverse("open311:root")).rstrip("/")
    answer = JsonResponse(described(server), json_dumps_params={"ensure_ascii": False})
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def described(server: str) -> Part:
    """Return the description of the interface at an address."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Open311 GeoReport v2", "version": "2"},
        "servers": [{"url": server}],
        "paths": {
            "/discovery.{format}": {"get": _read("Discovery")},
            "/services.{format}": {"get": _read("Service", many=True)},
            "/services/{service_code}.{format}": {"get": _read("ServiceDefinition", place="service_code")},
            "/requests.{format}": {
                "get": _read("ServiceRequest", many=True, given=tuple(_FILTERS)),
                "post": _write("Created", _handed(), ["service_code"]),
            },
            "/requests/{service_request_id}.{format}": {
                "get": _read("ServiceRequest", many=True, place="service_request_id", given=("extensions",))
            },
            "/tokens/{token}.{format}": {"get": _read("Redeemed", many=True, place="token")},
            "/servicerequestupdates.{format}": {
                "get": _read("Update", many=True, given=_SPANNED),
                "post": _write("UpdateReceived", _answered(), ["service_request_id", "description"]),
            },
            "/bulk.{format}": {"get": _bulk()},
        },
        "components": {"schemas": schemas.schemas()},
    }


def _read(name: str, *, many: bool = False, place: str = "", given: tuple[str, ...] = ()) -> Part:
    parameters = [_format(("json", "xml"))]
    if place:
        parameters.append({"name": place, "in": "path", "required": True, "schema": _TEXT})
    parameters += [
        {"name": one, "in": "query", "schema": _FILTERS.get(one, _TEXT)}
        for one in (*given, "jurisdiction_id")
    ]
    return {"parameters": parameters, "responses": _responses(name, _READ, many=many)}


def _write(name: str, form: dict[str, Part], required: list[str]) -> Part:
    schema = {
        "type": "object",
        "properties": {"api_key": _TEXT, "jurisdiction_id": _TEXT, **form},
        "required": ["api_key", *required],
    }
    kinds = ("application/x-www-form-urlencoded", "multipart/form-data")
    return {
        "parameters": [_format(("json", "xml"))],
        "requestBody": {"required": True, "content": {kind: {"schema": schema} for kind in kinds}},
        "responses": _responses(name, _WRITTEN, many=True),
    }


def _handed() -> dict[str, Part]:
    words = {name: {"type": "string", "maxLength": most} for name, most in LONGEST.items()}
    return {
        "service_code": _TEXT,
        "lat": _FILTERS["lat"],
        "long": _FILTERS["long"],
        "address_id": _TEXT,
        **words,
        "description": {"type": "string", "maxLength": documents.LONGEST_DESCRIPTION},
        "media_url": {"type": "string", "format": "uri"},
        "device_id": _TEXT,
        "account_id": _TEXT,
    }


def _answered() -> dict[str, Part]:
    return {
        "service_request_id": _TEXT,
        "description": {"type": "string", "maxLength": documents.LONGEST_DESCRIPTION},
    }


def _bulk() -> Part:
    found = _responses("BulkRequest", _READ, many=True)
    content = found["200"]["content"]
    content.update({kind.partition(";")[0]: {} for kind in BULK_FORMATS.values()} | content)
    jurisdiction = {"name": "jurisdiction_id", "in": "query", "schema": _TEXT}
    return {"parameters": [_format(tuple(BULK_FORMATS)), jurisdiction], "responses": found}


def _format(forms: tuple[str, ...]) -> Part:
    return {
        "name": "format",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "enum": list(forms)},
    }


def _responses(name: str, refusals: tuple[int, ...], *, many: bool) -> Part:
    found = {"200": _content(name, "What was asked for", many=many)}
    return found | {str(status): _content("Error", "Why not", many=True) for status in refusals}


def _content(name: str, said: str, *, many: bool) -> Part:
    one: Part = {"$ref": schemas.PLACE + name}
    schema = {"type": "array", "items": one} if many else one
    return {"description": said, "content": {"application/json": {"schema": schema}, "text/xml": {}}}
