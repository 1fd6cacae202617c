"""Every message that arrived, by import or through the door, can be read, found and proven."""

import collections
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.installation import Installation
from tests import requires
from tests.corpus import feeder
from tests.torture import processes
from tests.torture.proof import tell

pytestmark = pytest.mark.corpus

ENDINGS = (".mbox", ".mbox.gz", ".eml", ".tar", ".tar.gz", ".tgz")


@pytest.fixture(scope="module")
def corpus() -> list[Path]:
    """The archives of the corpus."""
    folder = Path(requires.setting("CONGVU_CORPUS", meaning="the folder that holds mail/")) / "mail"
    found = sorted(path for path in folder.iterdir() if path.name.endswith(ENDINGS) or path.is_dir())
    assert found, f"no archive in {folder}"
    return found


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """An installation that nothing runs in yet."""
    made = Installation(tmp_path)
    try:
        yield made
    finally:
        processes.end(made)


def test_every_message_that_was_imported_is_read_found_and_proven(corpus, installation, tmp_path):
    addresses = installation.ask("bench.inside", "found", str(len(corpus)))["addresses"]
    results: collections.Counter[str] = collections.Counter()
    odd = []
    for path, address in zip(corpus, addresses, strict=True):
        rows = _imported(installation, path, address, tmp_path / f"{path.name}.jsonl")
        results.update(row["result"] for row in rows)
        odd += [row for row in rows if row["result"] in ("refused", "difficult")]
    found = installation.ask("tests.corpus.inspection")
    tell("imported", **results, **_counts(found))
    _list(
        "not taken over",
        [f"{row['source']}@{row['offset']}: {row.get('reason', row['result'])}" for row in odd],
    )
    _list("read with difficulty", found["marked"])
    _list("not read, found or proven", found["trouble"])
    assert found["messages"] == results["imported"]
    assert _without_words(found) == []


def test_every_message_that_came_through_the_door_is_read_found_and_proven(corpus, installation):
    addresses = installation.ask("bench.inside", "found", str(len(corpus)))["addresses"]
    with installation.serving("door", "clerk"):
        fed = feeder.feed(dict(zip(corpus, addresses, strict=True)), port=installation.ports["smtp"])
    found = installation.ask("tests.corpus.inspection")
    accepted = sum(one.accepted for one in fed.values())
    sent = sum(one.sent for one in fed.values())
    tell("through the door, line ends made canonical first", sent=sent, accepted=accepted, **_counts(found))
    for name, one in fed.items():
        for answer, count in one.refused.most_common():
            _list(f"{name}: {count} refused with {answer}", one.where[answer])
        _list(f"{name}: no message in the archive", one.unreadable)
    _list("read with difficulty", found["marked"])
    _list("not read, found or proven", found["trouble"])
    answers = {answer for one in fed.values() for answer in one.refused}
    assert [one for one in answers if not one.startswith("5")] == []
    assert found["messages"] == accepted
    assert _without_words(found) == []
    assert "Traceback" not in installation.log.read_text()


def _imported(installation: Installation, path: Path, address: str, report: Path) -> list[dict]:
    done = installation.congvu("mail", "import", str(path), "--mailbox", address, "--report", str(report))
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    return [json.loads(line) for line in report.read_text().splitlines()]


def _counts(found: dict) -> dict:
    return {"stored": found["messages"], "proofs": found["proofs"], "defects": found["defects"]}


def _without_words(found: dict) -> list:
    """Return the trouble other than having no word to be found by, which is a message's own affair."""
    return [one for one in found["trouble"] if not one[2].startswith("LookupError: has no word")]


def _list(words: str, rows: list) -> None:
    if rows:
        print(f"  {words}: {len(rows)}")  # noqa: T201 -- the figures are what the run is for
        for row in rows[:40]:
            print(f"    {row}")  # noqa: T201 -- the same
