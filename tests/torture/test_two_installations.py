"""Two real installations witness each other; one is restored from an old backup, and its neighbor stops the fork."""

import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

import congvu_verify
from bench.installation import Installation
from congvu.standards import cosignatures
from tests.torture import processes

pytestmark = pytest.mark.torture
SECONDS = 90.0


@pytest.fixture
def two(tmp_path: Path):
    made = []
    for slug in ("lamson", "luutru"):
        (tmp_path / slug).mkdir()
        made.append(Installation(tmp_path / slug, extra={"CONGVU_HOST": f"{slug}.example"}))
    try:
        yield made
    finally:
        for one in made:
            processes.end(one)


def address(one: Installation, path: str) -> str:
    return f"http://127.0.0.1:{one.ports['web']}/{path}"


def get(one: Installation, path: str) -> str:
    with urllib.request.urlopen(address(one, path), timeout=20) as answer:  # noqa: S310 -- http, by us
        return answer.read().decode()


def until(what, *arguments):
    ended = time.monotonic() + SECONDS
    while not (found := what(*arguments)):
        assert time.monotonic() < ended, what
        time.sleep(0.5)
    return found


def start(one: Installation) -> None:
    one.start("web", "clerk")
    until(processes.answers_web, one)


def run(one: Installation, *arguments: str) -> str:
    done = one.congvu(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def prepare(one: Installation, slug: str) -> None:
    names = ("--domain", f"{slug}.example", "--administrator", "Phạm Minh Ngọc")
    run(one, "init", "--agency", "Ủy ban nhân dân", "--slug", slug, *names)
    run(one, "witness", "make")
    start(one)


def year_of(one: Installation, slug: str) -> str:
    folders = (one.data / "ledger" / "public" / slug).glob("*/checkpoint")
    return next((path.parent.name for path in sorted(folders)), "")


def introduce(one: Installation, other: Installation, slug: str, policy: Path) -> None:
    """Let `other` witness the log of `one`, whose policy asks for it."""
    year = until(year_of, one, slug)
    path = f"log/{slug}/{year}"
    run(other, "witness", "add", get(one, f"{path}/key").strip(), "--url", address(one, path))
    key = run(other, "witness", "key").splitlines()[0]
    policy.write_text(f"witness neighbor {key} {address(other, 'witness/')}\nquorum neighbor\n")
    run(one, "witness", "policy", str(policy))


def is_witnessed(one: Installation) -> bool:
    return one.congvu("witness", "status").returncode == 0


def entries(one: Installation) -> list[str]:
    asked = "Entry.objects.order_by('index').values_list('entry', flat=True)"
    return shell(one, f"from congvu.ledger.models import Entry; print(*{asked})").split()


def shell(one: Installation, code: str) -> str:
    command = [sys.executable, "-c", f"import django; django.setup()\n{code}"]
    done = subprocess.run(command, env=one.environment(), capture_output=True, text=True, check=True)
    return done.stdout


def test_neighbors_witness_each_other_and_stop_a_restored_backup(two, tmp_path):
    lamson, luutru = two
    prepare(lamson, "lamson")
    prepare(luutru, "luutru")
    introduce(lamson, luutru, "lamson", tmp_path / "lamson.policy")
    introduce(luutru, lamson, "luutru", tmp_path / "luutru.policy")
    until(is_witnessed, lamson)
    until(is_witnessed, luutru)
    year = year_of(lamson, "lamson")
    key = cosignatures.parse_key(run(luutru, "witness", "key").splitlines()[0])
    assert [
        one.key for one in cosignatures.cosigned(get(lamson, f"log/lamson/{year}/checkpoint"), known=[key])
    ] == [key]
    run(lamson, "ledger", "prove", entries(lamson)[0], "--output", str(tmp_path / "receipt"))
    verdict = congvu_verify.verify(
        (tmp_path / "receipt").read_bytes(), policy=f"witness archive {key.text}\nquorum archive\n"
    )
    assert (verdict.reasons, verdict.facts.witnessing.met) == ((), True)
    lamson.stop()
    shutil.copytree(lamson.folder, tmp_path / "backup")
    size = _size(lamson)
    start(lamson)
    run(lamson, "witness", "policy", str(tmp_path / "lamson.policy"))  # an act, so that the log grows
    until(_is_witnessed_beyond, luutru, size)
    lamson.stop()
    shutil.rmtree(lamson.folder)
    shutil.copytree(tmp_path / "backup", lamson.folder)
    start(lamson)
    assert "witnesses-ahead" in until(sealed, lamson)
    assert _size(lamson) == size  # nothing was signed a second time


def _size(one: Installation) -> int:
    (path,) = (one.data / "ledger" / "public" / "lamson").glob("*/checkpoint")
    return int(path.read_text().split("\n")[1])


def _is_witnessed_beyond(one: Installation, size: int) -> bool:
    return any(int(line.split()[1]) > size for line in run(one, "witness", "list").splitlines())


def sealed(one: Installation) -> str:
    code = "from congvu.ledger.models import Ledger; print(Ledger.objects.values_list('sealed', flat=True).get())"
    return shell(one, code).strip()
