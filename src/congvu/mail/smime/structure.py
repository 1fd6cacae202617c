"""Where signatures stand in a message, found by the same splitter that takes it apart for display. RFC 8551, RFC 1847.

What is checked are the octets as they are stored; nothing is written anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from congvu.mail import headers, mime, opaque
from congvu.mail.mime import Part, Tree

DEEPEST = 8  # signatures in signatures
SIGNATURES = frozenset(("application/pkcs7-signature", "application/x-pkcs7-signature"))
_HEAD = frozenset(("from", "subject", "to", "cc"))
_MESSAGES = frozenset(("message/rfc822", "message/global"))
_MANY = 200  # parts that are looked into for a signature that covers not all
_PARTS_OF_SIGNED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One signature (CMS, as it came) and the octets that it covers; `content` is None when it carries them itself."""

    cms: bytes
    content: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The signatures of a message, the outermost first.

    `innermost` is the part that all of them cover. `fault` is a reason why not even this can be told.
    """

    layers: tuple[Layer, ...]
    innermost: Part
    is_partial: bool = False
    fault: str = ""


def may_be_signed(tree: Tree) -> bool:
    """Tell, from a message taken apart anyway, whether it is worth to look for a signature."""
    return any(
        "signed" in part.parents or opaque.SIGNED in part.parents or part.content_type in opaque.TYPES
        for part in tree.leaves
    )


def find(raw: bytes) -> Found | None:
    """Find the signatures over a message; None when there is none, and for whatever is only encrypted."""
    part, layers, is_partial = mime.entity(raw), list[Layer](), False
    while len(layers) < DEEPEST:
        if part.content_type == "multipart/signed":
            layer = _detached(part)
            if isinstance(layer, str):
                return Found(layers=tuple(layers), innermost=part, is_partial=is_partial, fault=layer)
            layers.append(layer)
            part = mime.entity(layer.content or b"")
        elif (inner := _carried(part)) is not None:
            layers.append(Layer(cms=part.content(), content=None))
            part = mime.entity(inner)
        else:
            wrapped, is_all = _wrapped(part)
            if wrapped is None or (layers and not is_all):
                break
            part, is_partial = wrapped, is_partial or not is_all
    return Found(layers=tuple(layers), innermost=part, is_partial=is_partial) if layers else None


def names_other_head(raw: bytes, found: Found) -> bool:
    """Tell whether fields within what was signed are others than the letter's own (RFC 9788, RFC 8551, 3.1)."""
    inner = found.innermost
    if inner.content_type in _MESSAGES:
        inner = mime.entity(inner.content())
    outer, signed = _head(mime.entity(raw)), _head(inner)
    return any(outer.get(name) != value for name, value in signed.items())


def _head(part: Part) -> dict[str, list[str]]:
    """Return what a part says of its sender, subject and recipients, spaces aside."""
    said: dict[str, list[str]] = {}
    for field in part.fields:
        if field.name in _HEAD:
            said.setdefault(field.name, []).append(
                " ".join(headers.words(headers.unfold(field.value)).split())
            )
    return said


def enveloped(raw: bytes) -> bytes | None:
    """Return the CMS of a message that is encrypted as a whole, or within its signatures; else None."""
    found = find(raw)
    part = found.innermost if found else mime.entity(raw)
    if part.content_type not in opaque.TYPES:
        return None
    return part.content()


def _detached(part: Part) -> Layer | str:
    """Return the layer of a multipart/signed, or the reason why it is none."""
    places = mime.inside(part)
    parts = mime.parts(part)[: _PARTS_OF_SIGNED + 1]
    kinds = [one.content_type for one in parts]
    if "pgp" in part.parameters.get("protocol", "").lower() or "application/pgp-signature" in kinds:
        return "other_protocol"
    if len(parts) != _PARTS_OF_SIGNED or kinds[1] not in SIGNATURES:
        return "malformed"
    start, end = places[0]
    return Layer(cms=parts[1].content(), content=part.raw[start:end])


def _carried(part: Part) -> bytes | None:
    return opaque.content(part.content()) if part.content_type in opaque.TYPES else None


def _wrapped(part: Part) -> tuple[Part | None, bool]:
    """Return a signed part that others were put beside, as lists and scanners do, and whether it is all there is."""
    inside = mime.parts(part)
    if len(inside) == 1:
        return inside[0], True
    return next(_signed(inside), None), False


def _signed(parts: list[Part]) -> Iterator[Part]:
    waiting, seen = list(reversed(parts)), 0
    while waiting and seen < _MANY:
        seen += 1
        part = waiting.pop()
        if part.content_type == "multipart/signed" or _carried(part) is not None:
            yield part
        waiting.extend(reversed(mime.parts(part)))
