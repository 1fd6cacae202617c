"""One task on one file, in a process of its own; run by path, imports nothing of Congvu but the task's own file.

It shuts itself in before the task touches the file: memory, time, file size, open files, no network, and of the file
system only programs, fonts and its own folder. What it says stands in `out.json`, what it makes beside that.
"""

import ctypes
import importlib.util
import json
import os
import resource
import struct
import sys
from pathlib import Path
from types import ModuleType

FILE_SIZE = 64 << 20
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


def confine(*, memory: int, seconds: int, open_files: int, program: str = "") -> dict[str, bool]:
    """Set the limits; return whether the network is shut, and whether the file system is hidden."""
    for name, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, FILE_SIZE),
        (resource.RLIMIT_NOFILE, open_files),
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


def main(source: str, task: str, limits: str, *arguments: str) -> None:
    """Do one task of a source file, once; its RefusedError carries one closed word."""
    tasks = _loaded(source)
    confined = confine(**json.loads(limits))
    try:
        said = getattr(tasks, task)(*arguments)
    except tasks.RefusedError as error:
        said = {"refused": str(error)}
    except MemoryError:
        said = {"refused": "too_large"}
    Path("out.json").write_text(json.dumps(said | confined))


def _loaded(source: str) -> ModuleType:
    """Load the file with the tasks while it can still be read."""
    spec = importlib.util.spec_from_file_location("tasks", source)
    if spec is None or spec.loader is None:
        raise ImportError(source)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main(*sys.argv[1:])
