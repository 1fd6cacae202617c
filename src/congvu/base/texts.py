"""Legal and agency texts in several languages: data, not interface strings."""

from collections.abc import Mapping

Texts = Mapping[str, str]
ORDER = ("en", "vi", "ru", "kk")


def pick(texts: Texts, language: str) -> tuple[str, str]:
    """Return the text in a language, or the first fallback, with the language that it is in."""
    code = language.split("-", maxsplit=1)[0]
    for candidate in (code, *ORDER, *texts):
        if texts.get(candidate):
            return texts[candidate], candidate
    return "", code
