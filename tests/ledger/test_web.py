"""What the public may fetch of a log."""

import pytest

from congvu.ledger import log_keys, sequencer
from congvu.ledger.models import Log
from congvu.ledger.store import Folder
from tests.ledger.conftest import mend


@pytest.fixture
def prefix(ledger) -> str:
    mend(ledger, 300)
    sequencer.settle()
    log = Log.objects.get(agency=ledger.agency)
    return f"/log/{ledger.slug}/{log.year}"


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_everybody_reads_checkpoint_and_hash_tiles(client, ledger, prefix):
    log = Log.objects.get(agency=ledger.agency)
    folder = Folder.of(ledger.slug, log.year)
    checkpoint = client.get(f"{prefix}/checkpoint")
    tile = client.get(f"{prefix}/tile/0/000")
    assert body(checkpoint).decode() == folder.checkpoint()
    assert body(tile) == folder.read("tile/0/000")
    assert body(client.get(f"{prefix}/key")).decode().strip() == log_keys.verifier(log.origin, folder).text
    assert checkpoint["Cache-Control"] == "no-store"
    assert "immutable" in tile["Cache-Control"]


@pytest.mark.parametrize(
    "name",
    [
        "tile/entries/000",
        "tile/entries/001.p/45",
        "tile/0/0",
        "tile/0/999",
        "tile/0/000/../../../../keys",
        "tile/0/../../../../../truth.sqlite3",
        "tile/64/000",
        "../../keys/x",
        "tile/0/000.p/300",
    ],
)
def test_nothing_else_is_public(client, prefix, name):
    assert client.get(f"{prefix}/{name}").status_code == 404


def test_nobody_writes(client, prefix):
    assert client.post(f"{prefix}/checkpoint").status_code == 405


@pytest.mark.parametrize("year", ["0", "02026", "99999", "9" * 300, "9" * 5_000, "-2026", "²"])
def test_a_year_that_is_none_is_not_found(client, ledger, prefix, year):
    assert client.get(f"/log/{ledger.slug}/{year}/checkpoint").status_code == 404


def test_an_agency_whose_name_no_file_can_have_is_not_found(client, prefix):
    assert client.get(f"/log/{'a' * 300}/2026/checkpoint").status_code == 404
