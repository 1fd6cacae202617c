"""One page of a file as a picture, in a process of its own; run by path, imports nothing of Congvu.

It shuts itself in before it touches the file: memory, time, file size, open files, no network. What it says stands
in `out.json`, the picture in `out.png`, a converted document in `out.pdf`, all in its folder.
"""

import ctypes
import json
import os
import resource
import struct
import subprocess  # runs LibreOffice
import sys
from pathlib import Path
from typing import Any

WIDTH, HEIGHT = 1_400, 2_000  # pixels of a picture, at most
MANY_PIXELS = 60_000_000  # of a picture that is decoded
MANY_PAGES = 500
LONGEST_TEXT = 20_000
MEMORY = {"pdf": 1 << 30, "picture": 1 << 30, "office": 4 << 30}  # octets of address space
SECONDS = {"pdf": 15, "picture": 10, "office": 40}
FILE_SIZE = 64 << 20
OPEN_FILES = {"pdf": 64, "picture": 64, "office": 512}
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}  # AUDIT_ARCH, number of socket(2)
_IO_URING_SETUP = 425
_UNIX = 1
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


def confine(kind: str) -> bool:
    """Set the limits; return whether the network is shut."""
    for name, most in (
        (resource.RLIMIT_AS, MEMORY[kind]),
        (resource.RLIMIT_CPU, SECONDS[kind]),
        (resource.RLIMIT_FSIZE, FILE_SIZE),
        (resource.RLIMIT_NOFILE, OPEN_FILES[kind]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (most, most))
    return _shut_network()


def _shut_network() -> bool:
    """Let socket(2) make local sockets only, for this process and all that it starts (seccomp)."""
    machine = _MACHINES.get(os.uname().machine)
    if machine is None or sys.platform != "linux":
        return False
    architecture, socket = machine
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    kill, refuse, allow = 0x80000000, 0x00050000 | 13, 0x7FFF0000  # EACCES
    program = [
        (load, 0, 0, 4),  # architecture
        (equal, 1, 0, architecture),
        (answer, 0, 0, kill),
        (load, 0, 0, 0),  # number of the call
        (at_least, 5, 0, 0x40000000),  # x32
        (equal, 4, 0, _IO_URING_SETUP),
        (equal, 0, 2, socket),
        (load, 0, 0, 16),  # its first argument: the family
        (equal, 0, 1, _UNIX),
        (answer, 0, 0, allow),
        (answer, 0, 0, refuse),
    ]
    filters = b"".join(struct.pack("HBBI", *one) for one in program)
    held = ctypes.create_string_buffer(filters)
    whole = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(held)))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    no_new_privileges, set_seccomp, by_filter = 38, 22, 2
    if prctl(no_new_privileges, 1, 0, 0, 0) != 0:
        return False
    return bool(prctl(set_seccomp, by_filter, ctypes.addressof(whole), 0, 0) == 0)


def pdf(path: Path, number: int) -> dict[str, Any]:
    """Draw one page of a PDF."""
    import pypdfium2  # type: ignore[import-untyped]  # has none  # noqa: PLC0415 -- only after the limits are set

    try:
        document = pypdfium2.PdfDocument(path)
        pages = len(document)
        page = document[min(number, pages, MANY_PAGES) - 1]
        width, height = page.get_size()
        scale = min(WIDTH / max(width, 1), HEIGHT / max(height, 1), 4)
        picture = page.render(scale=scale).to_pil().convert("RGB")
        text = page.get_textpage().get_text_bounded()
    except pypdfium2.PdfiumError as error:
        raise RefusedError("encrypted" if "password" in str(error).lower() else "damaged") from error
    picture.save("out.png", "PNG")
    return {"pages": min(pages, MANY_PAGES), "text": text[:LONGEST_TEXT], "is_cut": pages > MANY_PAGES}


def picture(path: Path, number: int) -> dict[str, Any]:
    """Draw one frame of a picture again; what it unpacks to is known before it is unpacked."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415 -- only after the limits are set

    Image.MAX_IMAGE_PIXELS = MANY_PIXELS // 2  # Pillow warns above it and refuses above twice as much
    try:
        found = Image.open(path, formats=("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP"))
        pages = min(getattr(found, "n_frames", 1), MANY_PAGES) if found.format == "TIFF" else 1
        found.seek(min(number, pages) - 1)
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


def office(path: Path, program: str) -> dict[str, Any]:
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
        str(path),
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


def main(kind: str, name: str, argument: str) -> None:
    """Do what is asked, once."""
    is_shut = confine(kind)
    try:
        if kind == "office":
            said = office(Path(name), argument)
        else:
            said = (pdf if kind == "pdf" else picture)(Path(name), int(argument))
    except RefusedError as error:
        said = {"refused": str(error)}
    except MemoryError:
        said = {"refused": "too_large"}
    Path("out.json").write_text(json.dumps(said | {"is_shut": is_shut}))


if __name__ == "__main__":
    main(*sys.argv[1:4])
