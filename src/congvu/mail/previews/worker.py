"""One page of a file as a picture, in a process of its own; run by path, imports nothing of Congvu.

It shuts itself in before it touches the file: memory, time, file size, open files, no network, and of the file system
only programs, fonts and its own folder. What it says stands in `out.json`, the picture in `out.png`, a converted
document in `out.pdf`, all in its folder.
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
# Landlock (landlock(7)): system calls, rights, and what programs, libraries and LibreOffice read.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION, _BENEATH = 1, 1
_EXECUTE, _WRITE, _READ, _LIST, _REMOVE, _SOCKET, _TRUNCATE = (1 << bit for bit in (0, 1, 2, 3, 5, 9, 14))
_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1}  # by version; from the third on, all below _IOCTL
_IOCTL = 1 << 15
_PROGRAMS = ("/usr", "/bin", "/lib", "/lib64", sys.prefix, sys.base_prefix)
_DATA = (
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/libreoffice",
    "/etc/locale.alias",
    "/etc/localtime",
    "/etc/nsswitch.conf",
    "/etc/passwd",
    "/var/cache/fontconfig",
    "/var/lib/libreoffice",
    "/var/spool/libreoffice",
)
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
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


def confine(kind: str, program: str = "") -> dict[str, bool]:
    """Set the limits; return whether the network is shut, and whether the file system is hidden."""
    for name, most in (
        (resource.RLIMIT_AS, MEMORY[kind]),
        (resource.RLIMIT_CPU, SECONDS[kind]),
        (resource.RLIMIT_FSIZE, FILE_SIZE),
        (resource.RLIMIT_NOFILE, OPEN_FILES[kind]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (most, most))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    libc.syscall.restype = ctypes.c_long
    no_new_privileges = 38
    is_bound = sys.platform == "linux" and libc.prctl(no_new_privileges, 1, 0, 0, 0) == 0
    return {
        "is_hidden": is_bound and _hide_files(libc, program),
        "is_shut": is_bound and _shut_network(libc),
    }


def _hide_files(libc: ctypes.CDLL, program: str) -> bool:
    """Let this process and all that it starts read programs and fonts, and change its own folder (Landlock)."""
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))
    if version < 1:
        return False
    rights = _RIGHTS.get(version, _IOCTL - 1)
    handled = struct.pack("Q", rights)
    rules = libc.syscall(_CREATE_RULESET, handled, ctypes.c_size_t(len(handled)), ctypes.c_uint32(0))
    if rules < 0:
        return False
    look = _EXECUTE | _READ | _LIST
    own = [str(Path(program).resolve().parents[1])] if program else []  # where LibreOffice lies
    allowed = [(one, look) for one in (*_PROGRAMS, *own)] + [(one, _READ | _LIST) for one in _DATA]
    allowed += [(one, _READ | _WRITE) for one in _DEVICES] + [(str(Path.cwd()), rights)]
    allowed += [("/tmp", _SOCKET | _REMOVE)] if program else []  # noqa: S108 -- LibreOffice insists on it
    is_whole = all(_allow(libc, rules, Path(one), mask & rights) for one, mask in allowed)
    is_bound = libc.syscall(_RESTRICT_SELF, ctypes.c_int(rules), ctypes.c_uint32(0)) == 0
    os.close(rules)
    return is_whole and is_bound


def _allow(libc: ctypes.CDLL, rules: int, path: Path, rights: int) -> bool:
    """Add a rule for a path and what lies under it; what is not there needs none."""
    if not path.exists():
        return True
    of_files = _EXECUTE | _WRITE | _READ | _TRUNCATE
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    rule = struct.pack("=Qi", rights if path.is_dir() else rights & of_files, descriptor)
    said = libc.syscall(_ADD_RULE, ctypes.c_int(rules), ctypes.c_int(_BENEATH), rule, ctypes.c_uint32(0))
    os.close(descriptor)
    return bool(said == 0)


def _shut_network(libc: ctypes.CDLL) -> bool:
    """Let socket(2) make local sockets only, for this process and all that it starts (seccomp)."""
    machine = _MACHINES.get(os.uname().machine)
    if machine is None:
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
    set_seccomp, by_filter = 22, 2
    return bool(libc.prctl(set_seccomp, by_filter, ctypes.addressof(whole), 0, 0) == 0)


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
    confined = confine(kind, argument if kind == "office" else "")
    try:
        if kind == "office":
            said = office(Path(name), argument)
        else:
            said = (pdf if kind == "pdf" else picture)(Path(name), int(argument))
    except RefusedError as error:
        said = {"refused": str(error)}
    except MemoryError:
        said = {"refused": "too_large"}
    Path("out.json").write_text(json.dumps(said | confined))


if __name__ == "__main__":
    main(*sys.argv[1:4])
