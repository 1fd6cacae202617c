"""Whether an office document brings a program of its own."""

import re

_OOXML = re.compile(
    r"(?:^|/)(?:vbaProject\.bin|vbaData\.xml|activeX\d*\.(?:bin|xml)|macrosheets/)", re.IGNORECASE
)
_ODF = re.compile(r"^(?:Basic/.+\.xml|Scripts/(?:beanshell|javascript|python)/.+)$", re.IGNORECASE)
# Names of streams in the directory of a compound file, in UTF-16 ([MS-CFB], 2.6.1; [MS-OVBA], 2.2).
_PROGRAMS = tuple(name.encode("utf-16-le") for name in ("_VBA_PROJECT", "Macros", "\x01Ole10Native"))
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO], 1.3.2
_RTF_OBJECT = re.compile(rb"\\obj(?:data|update|autlink)\b", re.IGNORECASE)


def in_member(name: str) -> bool:
    """Tell whether a file in a zipped document is a macro or a control."""
    return bool(_OOXML.search(name) or _ODF.match(name))


def in_compound(content: bytes) -> bool:
    """Tell whether an old office document names a macro's stream, or an embedded program."""
    return any(one in content for one in _PROGRAMS)


def is_locked(content: bytes) -> bool:
    """Tell whether a compound file is an office document with a password."""
    return _ENCRYPTED in content


def in_rtf(content: bytes) -> bool:
    """Tell whether a rich text brings an embedded object."""
    return bool(_RTF_OBJECT.search(content))
