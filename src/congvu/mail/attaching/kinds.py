"""What a file is by its first octets, and what its name says that it is."""

import re

HEAD = 4_096  # octets by which a file is known

# Families of content. A name may stand for one family only; "" is content that nothing here knows, such as text.
_MAGIC = (
    (b"MZ", "program"), (b"\x7fELF", "program"), (b"\xfe\xed\xfa\xce", "program"), (b"\xfe\xed\xfa\xcf", "program"),
    (b"\xce\xfa\xed\xfe", "program"), (b"\xcf\xfa\xed\xfe", "program"), (b"\xca\xfe\xba\xbe", "program"),
    (b"dex\n", "program"), (b"\x4c\x00\x00\x00\x01\x14\x02\x00", "shortcut"), (b"#!", "script"),
    (b"%PDF-", "pdf"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!\x1a\x07", "rar"), (b"MSCF", "cab"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"), (b"{\\rtf", "rtf"), (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"), (b"GIF87a", "gif"), (b"GIF89a", "gif"), (b"II*\x00", "tiff"), (b"MM\x00*", "tiff"),
    (b"ITSF", "help"), (b"!BDN", "store"),
)  # fmt: skip
_FAMILIES = {
    "program": "exe dll com scr pif cpl sys drv ocx msi msp so dylib apk dex class elf efi",
    "script": "bat cmd ps1 psm1 vbs vbe js jse mjs ws wsf wsc wsh hta sct reg sh bash py pl rb jar msc inf gadget",
    "shortcut": "lnk url scf desktop website library-ms search-ms appref-ms settingcontent-ms",
    "help": "chm hlp",
    "disk": "iso img vhd vhdx dmg udf",
    "page": "html htm xhtml shtml mht mhtml svg svgz xsl xht",
    "addin": "xll wll ppam xlam dotm xltm potm ppsm sldm one onepkg accde accdb mdb mde ade adp",
    "zip": "zip docx xlsx pptx docm xlsm pptm dotx xltx potx ppsx odt ods odp odg epub jar apk xpi kmz asice bdoc xps",
    "gzip": "gz tgz svgz", "bzip2": "bz2 tbz2", "xz": "xz txz", "tar": "tar", "7z": "7z", "rar": "rar", "cab": "cab",
    "ole": "doc xls ppt dot xlt pot pps msg msi vsd pub mpp xla wps", "rtf": "rtf doc", "pdf": "pdf ai",
    "png": "png", "jpeg": "jpg jpeg jpe jfif", "gif": "gif", "tiff": "tif tiff", "webp": "webp", "bmp": "bmp dib",
    "text": "txt xml csv tsv log md ics vcf eml json yaml yml asc pem p7s p7m crt cer",
}  # fmt: skip
_BY_EXTENSION: dict[str, frozenset[str]] = {}
for _family, _words in _FAMILIES.items():
    for _word in _words.split():
        _BY_EXTENSION[_word] = _BY_EXTENSION.get(_word, frozenset()) | {_family}

RUNS = frozenset(
    {"program", "script", "shortcut", "help", "disk", "addin"}
)  # opening it may run what it holds
ARCHIVES = frozenset({"zip", "gzip", "bzip2", "xz", "tar"})  # that are looked into
SEALED = frozenset({"7z", "rar", "cab"})  # archives that nothing here opens
_PICTURES = frozenset({"png", "jpeg", "gif", "tiff", "webp", "bmp"})
_OTHERS = "pdf program shortcut help zip gzip bzip2 xz 7z rar cab ole rtf"
_EXACT = _PICTURES | frozenset(_OTHERS.split())
_BOM = b"\xef\xbb\xbf"
_MARKUP = re.compile(
    rb"\s*(?:<\?xml[^>]{0,300}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html|svg|script|body|head|iframe)\b",
    re.IGNORECASE | re.DOTALL,
)
_PDF = 1_024  # octets in which its mark may stand (ISO 32000-1, H.3)


def of_content(head: bytes) -> str:
    """Return the family of content by a file's first octets; "" when nothing here knows it."""
    for mark, family in _MAGIC:
        if head.startswith(mark):
            return family
    if head[257:262] == b"ustar":
        return "tar"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return "bmp"
    if b"%PDF-" in head[:_PDF]:
        return "pdf"
    return "page" if _MARKUP.match(head[:HEAD].removeprefix(_BOM)) else ""


def extensions(name: str) -> list[str]:
    """Return the endings of a file name, the last one last, in lower case."""
    return [one.strip() for one in name.lower().rstrip(". ").split(".")[1:]]


def of_name(name: str) -> frozenset[str]:
    """Return the families that a file name may stand for; empty when it says nothing that is known here."""
    found = extensions(name)
    return _BY_EXTENSION.get(found[-1], frozenset()) if found else frozenset()


def contradicts(name: str, content: str) -> bool:
    """Tell whether a name promises one thing and the content is another; where either is unknown, nothing is told."""
    promised = of_name(name)
    if not promised or promised & {content}:
        return False
    if content in _EXACT:
        return not (content in {"program", "zip"} and promised & RUNS)
    return bool(promised & (_EXACT - {"program"}) and not promised & RUNS)


def hides_its_end(name: str) -> bool:
    """Tell whether a harmless ending stands before one that runs, as in `invoice.pdf.exe`."""
    found = extensions(name)
    if len(found) < 2 or not _BY_EXTENSION.get(found[-1], frozenset()) & RUNS:  # noqa: PLR2004 -- two endings
        return False
    return bool(_BY_EXTENSION.get(found[-2], frozenset()) - RUNS - {"page"})
