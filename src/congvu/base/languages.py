"""The language in which a command answers, as the environment asks for it."""

from collections.abc import Mapping

LANGUAGES = ("vi", "kk", "ru", "en")


def asked(environment: Mapping[str, str]) -> str:
    """Return the language that LC_ALL, LC_MESSAGES or LANG names, in the order of POSIX; else English."""
    name = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or ""
    return name[:2] if name[:2] in LANGUAGES and not name[2:3].isalpha() else "en"
