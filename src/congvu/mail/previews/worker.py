"""One page of a file as a picture: tasks of a confined process, which imports nothing else of Congvu.

The picture stands in `out.png`, a converted document in `out.pdf`, both in the folder of that process.
"""

import subprocess  # runs LibreOffice
from pathlib import Path
from typing import Any

WIDTH, HEIGHT = 1_400, 2_000  # pixels of a picture, at most
MANY_PIXELS = 60_000_000  # of a picture that is decoded
MANY_PAGES = 500
LONGEST_TEXT = 20_000
_SCRIPTING = "/org.openoffice.Office.Common/Security/Scripting"
_SETTINGS = (
    (_SCRIPTING, "MacroSecurityLevel", "3"),
    (_SCRIPTING, "DisableMacrosExecution", "true"),
    (_SCRIPTING, "DisableActiveContent", "true"),
    (_SCRIPTING, "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "2"),
)


class RefusedError(Exception):
    """There is no picture; the argument is one closed word."""


def pdf(name: str, number: str) -> dict[str, Any]:
    """Draw one page of a PDF."""
    import pypdfium2  # type: ignore[import-untyped]  # has none  # noqa: PLC0415 -- only after the limits are set

    try:
        document = pypdfium2.PdfDocument(Path(name))
        pages = len(document)
        page = document[min(int(number), pages, MANY_PAGES) - 1]
        width, height = page.get_size()
        scale = min(WIDTH / max(width, 1), HEIGHT / max(height, 1), 4)
        picture = page.render(scale=scale).to_pil().convert("RGB")
        text = page.get_textpage().get_text_bounded()
    except pypdfium2.PdfiumError as error:
        raise RefusedError("encrypted" if "password" in str(error).lower() else "damaged") from error
    picture.save("out.png", "PNG")
    return {"pages": min(pages, MANY_PAGES), "text": text[:LONGEST_TEXT], "is_cut": pages > MANY_PAGES}


def picture(name: str, number: str) -> dict[str, Any]:
    """Draw one frame of a picture again; what it unpacks to is known before it is unpacked."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415 -- only after the limits are set

    Image.MAX_IMAGE_PIXELS = MANY_PIXELS // 2  # Pillow warns above it and refuses above twice as much
    try:
        found = Image.open(name, formats=("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP"))
        pages = min(getattr(found, "n_frames", 1), MANY_PAGES) if found.format == "TIFF" else 1
        found.seek(min(int(number), pages) - 1)
        if found.width * found.height > MANY_PIXELS:
            raise RefusedError("too_large")
        if found.format == "JPEG":
            found.draft("RGB", (WIDTH, HEIGHT))
        found.thumbnail((WIDTH, HEIGHT))
        whole = ImageOps.exif_transpose(found).convert("RGBA")
    except Image.DecompressionBombError as error:
        raise RefusedError("too_large") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise RefusedError("damaged") from error
    paper = Image.new("RGB", whole.size, "white")
    paper.paste(whole, mask=whole.getchannel("A"))
    paper.save("out.png", "PNG")
    return {"pages": pages, "text": "", "is_cut": False}


def office(name: str, program: str) -> dict[str, Any]:
    """Convert a document to PDF with LibreOffice in a profile that is thrown away, macros off."""
    here = Path.cwd()
    profile = here / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_profile())
    command = [
        program,
        f"-env:UserInstallation=file://{here}/profile",
        "--headless",
        "--norestore",
        "--nologo",
    ]
    command += [
        "--nolockcheck",
        "--nodefault",
        "--convert-to",
        "pdf",
        "--outdir",
        str(here / "made"),
        name,
    ]
    environment = {"HOME": str(here), "TMPDIR": str(here), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    subprocess.run(  # noqa: S603 -- a path of our own
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )
    made = sorted((here / "made").glob("*.pdf"))
    if not made:
        raise RefusedError("damaged")
    made[0].replace(here / "out.pdf")
    return {"pages": 0, "text": "", "is_cut": False}


def _profile() -> str:
    """Write LibreOffice's settings: no macros, no active content, no links followed."""
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'
    )
