import subprocess
import sys
import threading
from pathlib import Path

import pytest

from congvu.base.confined import asking, inside
from congvu.base.confined.asking import BusyError, Limits, RefusedError, Task, asked

TASKS = """
import os, time
from pathlib import Path
class RefusedError(Exception):
    pass
def count(name, most):
    if most == "0":
        raise RefusedError("too_large")
    if most == "link":
        os.symlink(name, "made")
    elif most in ("mkfifo", "mkdir"):
        getattr(os, most)("made")
    else:
        Path("made").write_bytes(Path(name).read_bytes()[: int(most)])
    return {"counted": most}
def deceive(name, said):
    Path("out.json").write_text("[" * 9_000 if said == "deep" else '{"refused": []}')
    os._exit(0)
def sleep(name):
    time.sleep(9)
def burst(name):
    return {"held": len(bytearray(1 << 30))}
"""


@pytest.fixture
def task(tmp_path):
    source = tmp_path / "tasks.py"
    source.write_text(TASKS)

    def named(name, wait=9):
        return Task(source=source, name=name, limits=Limits(memory=1 << 28, seconds=5, wait=wait))

    return named


def refusal(task, *arguments, most=9):
    with pytest.raises(RefusedError) as found, asked(task, *arguments, content=b"abc") as answer:
        answer.made("made", most=most)
    return found.value.reason


def test_a_task_works_on_the_file_and_leaves_nothing(task):
    with asked(task("count"), "2", content=b"abc") as answer:
        assert answer.said == {"counted": "2", "is_hidden": True, "is_shut": True}
        assert answer.made("made", most=2) == b"ab"
    assert not answer.folder.exists()


def test_what_is_not_made_says_why(task):
    assert refusal(task("count"), "0") == "too_large"
    assert refusal(task("count"), "3", most=2) == "too_large"
    for unreadable in ("link", "mkfifo", "mkdir", "no number"):
        assert refusal(task("count"), unreadable) == "damaged"
    assert refusal(task("deceive"), "deep") == refusal(task("deceive"), "list") == "damaged"
    assert refusal(task("burst")) == "too_large"


CONFINED = """
import socket, sys, os
sys.path.insert(0, {folder!r})
import inside
print(inside.confine(memory=1 << 30, seconds=15, open_files=64))
for path in ({secret!r}, "/etc/hostname", "/proc/self/environ", "/proc/1/environ"):
    try:
        open(path).close()
        print("seen")
    except PermissionError:
        print("hidden")
open("own", "w").close()
os.remove("own")
try:
    open("/usr/own", "w")
    print("written")
except PermissionError:
    print("not written")
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK):
    try:
        socket.socket(family, socket.SOCK_DGRAM)
        print("open")
    except PermissionError:
        print("shut")
socket.socket(socket.AF_UNIX).close()
try:
    bytearray(2 << 30)
    print("memory")
except MemoryError:
    print("no memory")
print(sorted(os.environ), flush=True)
if os.fork() == 0:
    try:
        socket.socket()
        print("child open")
    except PermissionError:
        print("child shut", flush=True)
    os._exit(0)
os.wait()
"""


def test_the_process_reaches_no_network_and_no_files_and_takes_little_memory(tmp_path):
    secret, own = tmp_path / "secret", tmp_path / "own"
    secret.write_text("x")
    own.mkdir()
    code = CONFINED.format(folder=str(Path(inside.__file__).parent), secret=str(secret))
    command = [sys.executable, "-I", "-c", code]
    run = subprocess.run(command, cwd=own, env={"A": "1"}, capture_output=True, text=True, check=True)
    assert sorted(run.stdout.split("\n")) == sorted(
        [
            "{'is_hidden': True, 'is_shut': True}",
            *["hidden"] * 4,
            "not written",
            *["shut"] * 3,
            "no memory",
            "['A', 'LC_CTYPE']",
            "child shut",
            "",
        ]
    )


def test_a_process_that_does_not_end_is_killed(task):
    assert refusal(task("sleep", wait=0.2)) == "too_slow"


def test_too_many_at_once_wait_and_are_told(task, monkeypatch):
    monkeypatch.setattr(asking, "QUEUE", 0.01)
    one = threading.BoundedSemaphore(1)
    monkeypatch.setitem(asking._places, task("count").source, one)
    with one, pytest.raises(BusyError), asked(task("count"), "1", content=b""):
        pass
