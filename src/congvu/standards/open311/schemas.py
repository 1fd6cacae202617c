"""The documents as JSON Schema (2020-12), made from their fields."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from congvu.standards.open311 import documents

Schema = dict[str, Any]
PLACE: Final = "#/components/schemas/"
DATATYPES: Final = ("string", "number", "datetime", "text", "singlevaluelist", "multivaluelist")
_PLAIN: Final[Mapping[type, Schema]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    datetime: {"type": "string", "format": "date-time"},
}
_STATUS: Final = (documents.OPEN, documents.CLOSED)
_WORDS: Final[Mapping[tuple[type, str], tuple[str, ...]]] = {
    (documents.Service, "type"): ("realtime", "batch", "blackbox"),
    (documents.Attribute, "datatype"): DATATYPES,
    (documents.ServiceRequest, "status"): _STATUS,
    (documents.Update, "status"): _STATUS,
    (documents.Endpoint, "type"): ("production", "test"),
}


def schemas() -> dict[str, Schema]:
    """Return the schema of every document by its name."""
    found = [one for one in vars(documents).values() if isinstance(one, type) and is_dataclass(one)]
    return {one.__name__: _schema(one) for one in found}


def _schema(form: type) -> Schema:
    hints = get_type_hints(form)
    members = {one.name: _member(form, one.name, hints[one.name]) for one in fields(form)}
    required = [name for name in members if name not in documents.OPTIONAL or hints[name] is str]
    return {"type": "object", "properties": members, "required": required, "additionalProperties": False}


def _member(form: type, name: str, hint: Any) -> Schema:
    if words := _WORDS.get((form, name)):
        return {"type": "string", "enum": list(words)}
    return _value(hint)


def _value(hint: Any) -> Schema:
    if get_origin(hint) in {Union, types.UnionType}:
        inner = _value(get_args(hint)[0])
        if "$ref" in inner:  # such a member is left out while it is empty
            return inner
        return {**inner, "type": [inner["type"], "null"]}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _value(get_args(hint)[0])}
    return dict(_PLAIN[hint]) if hint in _PLAIN else {"$ref": PLACE + hint.__name__}
