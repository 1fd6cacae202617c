"""Domains that look like others: letters of another script that the eye takes for Latin ones. Unicode TS 39, in part.

Marks on letters are not looked at: a Vietnamese reader sees them.
"""

import unicodedata

_LATIN = {
    **dict(zip("аеорсухіјѕһԁԛԝӏкѵԍ", "aeopcyxijshdqwlkvg", strict=True)),  # Cyrillic
    **dict(zip("οανικρυγηω", "oavikpuynw", strict=True)),  # Greek
    **dict(zip("ıɡɑℓօոսհ", "igalonuh", strict=True)),  # Latin that looks like Latin, and Armenian
}
_TABLE = str.maketrans(_LATIN)


def latin(domain: str) -> str:
    """Return a domain with every letter that looks like a Latin one as that one."""
    return unicodedata.normalize("NFKC", domain).lower().translate(_TABLE)


def shown(address: str) -> str:
    """Return an address as it may be shown: labels that could be taken for others as A-labels (RFC 5890)."""
    local, at, domain = address.rpartition("@")
    if not at:
        return address
    return local + at + ".".join(_label(one) for one in domain.split("."))


def _label(label: str) -> str:
    if label.isascii() or not _deceives(label):
        return label
    plain = unicodedata.normalize("NFKC", label).lower()
    return plain if plain.isascii() else "xn--" + plain.encode("punycode").decode("ascii")


def _deceives(label: str) -> bool:
    """Tell whether a label mixes scripts, or is of another script and all of it looks Latin."""
    letters = [one for one in label if one.isalpha()]
    scripts = {unicodedata.name(one, "?").split(" ")[0] for one in letters}
    if scripts == {"LATIN"}:
        return any(one in _LATIN for one in label.lower())
    return len(scripts) > 1 or all(one in _LATIN for one in "".join(letters).lower())
