"""Acts and articles as readers of a language write them; the data says `Art 27(2)(c)` in every language."""

import re

from django.utils.translation import gettext as _

_ARTICLE = re.compile(r"\bArt (?P<article>\d+(?:-\d+)?)(?:\((?P<paragraph>\d+)\))?(?:\((?P<point>[a-z]+)\))?")


_UNKNOWN = "not-established"  # number of an act that nobody has read


def cited(text: str) -> str:
    """Return a citation with its articles in the active language."""
    if text == _UNKNOWN:
        return _("not established")
    return _ARTICLE.sub(_said, text)


def _said(found: re.Match[str]) -> str:
    parts = found.groupdict(default="")
    parts["point"] = parts["point"].replace("dd", "đ")  # a letter of Vietnamese lists, written in ASCII
    if parts["point"] and parts["paragraph"]:
        return _("Art %(article)s(%(paragraph)s)(%(point)s)") % parts
    if parts["paragraph"]:
        return _("Art %(article)s(%(paragraph)s)") % parts
    if parts["point"]:
        return _("Art %(article)s(%(point)s)") % parts
    return _("Art %(article)s") % parts
