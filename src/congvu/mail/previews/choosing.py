"""Which files get a preview, and why others do not."""

from congvu.mail.attaching import kinds
from congvu.mail.attaching.concerns import Concern, Findings

PICTURES = frozenset(("png", "jpeg", "gif", "webp", "tiff", "bmp"))
OFFICE = frozenset(
    [
        "doc",
        "docx",
        "dot",
        "dotx",
        "xls",
        "xlsx",
        "xlt",
        "xltx",
        "ppt",
        "pptx",
        "pps",
        "ppsx",
        "odt",
        "ods",
        "odp",
        "odg",
        "rtf",
    ]
)
REFUSED = frozenset(Concern) - {Concern.SEALED, Concern.DAMAGED, Concern.NOT_SCANNED}


def of_name(name: str) -> str:
    """Return how a file of a name would be drawn: pdf, picture, office, "" for not at all."""
    ending = (kinds.extensions(name) or [""])[-1]
    if ending in OFFICE:
        return "office"
    families = kinds.of_name(name)
    return "pdf" if ending == "pdf" else "picture" if families and families <= PICTURES else ""


def of_file(name: str, content: bytes) -> str:
    """Return how a file is drawn, by what it is: pdf, picture, office, "" for not at all."""
    family = kinds.of_content(content[: kinds.HEAD])
    if family in PICTURES:
        return "picture"
    if family == "pdf":
        return "pdf"
    return "office" if family in {"zip", "ole", "rtf"} and of_name(name) == "office" else ""


def is_refused(findings: Findings) -> bool:
    """Tell whether the policy about attached files lets a file have no preview."""
    return not REFUSED.isdisjoint(findings.concerns)
