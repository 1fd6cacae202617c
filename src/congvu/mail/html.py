"""HTML of messages made harmless: cleaned, framed, and cut off from the network."""

import html as entities
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html.entities import html5
from types import MappingProxyType

import nh3

from congvu.mail import charsets
from congvu.mail.tags import tame

LONGEST = 1_000_000  # characters; what is longer is shown as plain text

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox; img-src data:"
)
FRAME_CSP = _POLICY  # header of the frame's answer, until remote images are asked for
FRAME_CSP_REMOTE = f"{_POLICY} https: http:"
FRAME_SANDBOX = "allow-popups allow-popups-to-escape-sandbox"  # attribute of the iframe

_TAG_WORDS = (
    "a abbr address b big blockquote br caption center cite code col colgroup dd del div dl dt em figcaption "
    "figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li ol p pre q s samp small span strike strong sub sup "
    "table tbody td tfoot th thead tr tt u ul var"
)
_TAGS = frozenset(_TAG_WORDS.split())
_LAYOUT = {"align", "valign", "width", "height", "bgcolor"}
_ATTRIBUTES = {
    "*": {"dir", "lang", "title", "style"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "font": {"color", "size"},
    "ol": {"start", "type"},
    "table": _LAYOUT | {"border", "cellpadding", "cellspacing"},
    "td": _LAYOUT | {"colspan", "rowspan"},
    "th": _LAYOUT | {"colspan", "rowspan", "scope"},
    "tr": _LAYOUT,
    "col": {"span", "width"},
    "div": {"align"},
    "p": {"align"},
}
# Properties whose values can name no address: nothing that takes url() is among them.
_STYLE_WORDS = (
    "color background-color font-size font-style font-weight line-height text-align text-decoration-line "
    "text-indent vertical-align white-space padding margin margin-left margin-right margin-top "
    "margin-bottom width border-collapse"
)
_HIDDEN_CONTENT = {"script", "style", "title", "svg", "math", "template", "noscript", "iframe", "object"}
_LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s\x00-\x20]", re.IGNORECASE)
_REMOTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|gif|jpeg|webp);base64,[A-Za-z0-9+/=\s]*")
_PAGE = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
    '<meta http-equiv="Content-Security-Policy" content="{policy}">'
    '<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">'
    "<title></title><style>body{{font:16px/1.5 sans-serif;margin:0;overflow-wrap:anywhere}}"
    "img,table{{max-width:100%}}pre{{white-space:pre-wrap}}</style></head><body>{body}</body></html>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sanitized:
    """Clean HTML, how many remote images were held back, and whether remote images may load."""

    html: str
    blocked_remote: int
    remote: bool = False


def sanitize(page: str, *, remote: bool = False, cid: Mapping[str, str] = MappingProxyType({})) -> Sanitized:
    """Clean the HTML of a message: no script, style sheet, form, frame, SVG or MathML is left.

    `cid` maps content ids to data: addresses of pictures, since a sandboxed frame sends no cookies and
    could not fetch them. Remote images are left out and counted unless `remote` is asked for. What follows
    very many tags is shown as plain text.
    """
    blocked = 0

    def judge(tag: str, attribute: str, value: str) -> str | None:
        nonlocal blocked
        if (tag, attribute) == ("a", "href"):
            return value if _LINK.match(value) else None
        if (tag, attribute) != ("img", "src"):
            return value
        if _REMOTE.match(value.strip()):
            blocked += not remote
            return value.strip() if remote else None
        picture = cid.get(value[4:].strip("<>"), "") if value[:4].lower() == "cid:" else value
        return picture if _PICTURE.fullmatch(picture) else None

    if len(page) > LONGEST:
        return Sanitized(html=as_html(plain(page)), blocked_remote=0, remote=remote)
    tamed, rest = tame(page, tags=_TAGS)
    clean = nh3.clean(
        tamed,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=judge,
        clean_content_tags=_HIDDEN_CONTENT,
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        filter_style_properties=set(_STYLE_WORDS.split()),
        set_tag_attribute_values={"a": {"target": "_blank"}, "img": {"referrerpolicy": "no-referrer"}},
        link_rel="noopener noreferrer",
    )
    return Sanitized(
        html=clean + (as_html(plain(rest)) if rest else ""), blocked_remote=blocked, remote=remote
    )


def as_html(text: str) -> str:
    """Show plain text as HTML, with its line ends."""
    return f"<pre>{entities.escape(text)}</pre>"


def document(sanitized: Sanitized, *, language: str) -> str:
    """Return a whole page for a sandboxed frame; serve it with `FRAME_CSP` (or `FRAME_CSP_REMOTE`).

    The frame wants an address of its own (not srcdoc, which inherits the page's policy).
    """
    images = "data: https: http:" if sanitized.remote else "data:"
    policy = f"default-src 'none'; style-src 'unsafe-inline'; img-src {images}"
    return _PAGE.format(language=entities.escape(language), policy=policy, body=sanitized.html)


_MANY_TAGS = 20_000  # of a page whose text is taken; what follows is left out
_MANY_REFERENCES = 20_000  # of characters; what follows stays as it is
_TAG = re.compile(
    r"<(?:(?:script|style|title)[^>]*+(?:>[^<]*+(?:<(?!/)[^<]*+)*+)?"
    r"|(br|/?p|/?div|/?tr|li|h[123]|/h|/table|blockquote)|(t[dh]|/td))?[^>]*+(?:>|\Z)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"&(?:#(?:[0-9]{1,7}(?![0-9])|[xX][0-9a-fA-F]{1,6}(?![0-9a-fA-F]));?|[A-Za-z][A-Za-z0-9]{1,30};?)"
)
_LONGEST_OLD_NAME = 6  # letters; the names that HTML knows without a semicolon
_LINE_ENDS = "\n\x85\u2028\u2029"
_MARK = "\0"  # stands for a line end; no text has one


def plain(page: str) -> str:
    """Take the tags off HTML for search and preview; linear in length, no claim to safety."""
    split = _TAG.split(page, _MANY_TAGS)
    rest = split[-1].partition("<")[0]
    pieces = [
        text + ("\n" if is_line else " " if is_cell else "")
        for text, is_line, is_cell in zip(split[:-1:3], split[1::3], split[2::3], strict=True)
    ]
    shown = _REFERENCE.sub(_referenced, "".join([*pieces, rest]), _MANY_REFERENCES)
    return _closed_up(charsets.composed(shown))


def _closed_up(text: str) -> str:
    """Make one blank of several, and one line end of several; all in a few passes, however many there are."""
    for one in _LINE_ENDS:
        text = text.replace(one, f" {_MARK} ")
    text = " ".join(text.split()).replace(f" {_MARK}", _MARK).replace(f"{_MARK} ", _MARK)
    while _MARK * 2 in text:
        text = text.replace(_MARK * 2, _MARK)
    return text.strip(_MARK).replace(_MARK, "\n")


def _referenced(match: re.Match[str]) -> str:
    return _named(match[0])


@lru_cache(4_096)
def _named(reference: str) -> str:
    """Return what a reference stands for; old names count without their semicolon too, as the beginning of more."""
    if reference[1] == "#":
        return charsets.sensible(entities.unescape(reference))
    ends = (len(reference), *range(min(len(reference), _LONGEST_OLD_NAME + 1), 2, -1))
    end = next((end for end in ends if reference[1:end] in html5), 0)
    return html5[reference[1:end]] + reference[end:] if end else reference
