"""Every statement that a message from outside makes about messages, whatever scheme it follows."""

import logging

from congvu.mail import headers, mime
from congvu.mail.certified import etsi, mdn, pec, xmltree
from congvu.mail.certified.saying import MANY, Said
from congvu.mail.certified.xmltree import NotReadableError
from congvu.mail.mime import Part, Tree

NAMES = frozenset({"daticert.xml", "certdata.xml"})
_XML = frozenset({"application/xml", "text/xml"})
DOCUMENTS = 5  # documents of certification data of one message that are read

log = logging.getLogger(__name__)


def statements(tree: Tree) -> tuple[Said, ...]:
    """Return what a message says of other messages; never raises. What the content says stands before the header."""
    try:
        found = _in_parts(tree)
    except Exception:  # a stranger's statement holds up no mail
        log.exception("statements of a message could not be read")
        return ()
    transports = [one for one in found if one.word == pec.TRANSPORT]
    others = [one for one in found if one.word != pec.TRANSPORT] or pec.from_fields(tree.fields)
    kept = others + (transports if pec.is_transport(tree.fields) else [])
    return tuple(kept[:MANY])


def _in_parts(tree: Tree) -> list[Said]:
    found: list[Said] = []
    documents = 0
    for part in tree.leaves:
        if part.content_type in mdn.TYPES and tree.content_type == "multipart/report":
            found += mdn.from_part(part)
        elif documents < DOCUMENTS and _is_document(part):
            documents += 1
            found += _in_document(part)
    return found


def _is_document(part: Part) -> bool:
    if part.content_type == "application/octet-stream":
        return _name(part) in NAMES
    return part.content_type in _XML


def _name(part: Part) -> str:
    given = part.disposition()[1].get("filename") or part.parameters.get("name", "")
    return headers.words(given).rpartition("/")[2].strip().lower()


def _in_document(part: Part) -> list[Said]:
    if part.size() > xmltree.LARGEST:
        return []
    try:
        root = xmltree.read(part.content())
    except NotReadableError:
        return []
    return pec.from_document(root) or etsi.from_document(root)


def in_message(raw: bytes) -> tuple[Said, ...]:
    """Return what a whole message says of other messages."""
    return statements(mime.take_apart(raw))
