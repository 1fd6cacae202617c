"""In January the witnesses take on the new year's log, since the old year's key vouches for it."""

import functools
import http.server
import threading
from datetime import UTC, datetime

import pytest

from congvu.ledger.neighbors import actions, following, queries
from congvu.ledger.neighbors.models import Neighbor
from congvu.ledger.sequencer import Sequencer
from congvu.ledger.store import Folder
from congvu.standards import notes, successions
from tests.ledger.conftest import found, mend

DECEMBER, JANUARY = datetime(2031, 12, 30, tzinfo=UTC), datetime(2032, 1, 2, tzinfo=UTC)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_) -> None:
        pass


@pytest.fixture
def logs(transactional_db, data_folder):
    """Two years' logs of an agency, and the address of their public files."""
    ledger = found()
    with Sequencer() as fenced:
        for now in (DECEMBER, JANUARY):
            mend(ledger)
            fenced.step(now)
    folder = Folder.of(ledger.slug, 2031).public.parent
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))
    )
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    old, new = (
        notes.parse_verifier_key((folder / str(year) / "key").read_text().strip()) for year in (2031, 2032)
    )
    type(ledger).objects.update(slug="another")  # from here on this installation is the neighbor's witness
    yield f"http://127.0.0.1:{server.server_address[1]}", folder, old, new
    server.shutdown()
    server.server_close()


def test_the_new_log_is_taken_on_by_the_old_ones_word(logs):
    url, _, old, new = logs
    actions.add_neighbor(old.text, url=f"{url}/2031", now=DECEMBER)
    assert following.follow(datetime(2031, 12, 30, tzinfo=UTC)) == []
    assert following.follow(JANUARY) == [new.name]
    assert following.follow(JANUARY) == []
    assert [(one.key, one.url) for one in queries.neighbors()] == [
        (old, f"{url}/2031"),
        (new, f"{url}/2032"),
    ]


def test_nobody_elses_key_is_taken_on(logs):
    url, folder, old, _ = logs
    thief = notes.generate(old.name)
    stolen = successions.vouch(notes.generate(old.name.replace("2031", "2032")).verifier, by=thief)
    for text in (stolen, "", "nonsense", "x" * 20_000):
        (folder / "2032" / "succession").write_text(text)
        Neighbor.objects.all().delete()
        actions.add_neighbor(old.text, url=f"{url}/2031", now=DECEMBER)
        assert following.follow(JANUARY) == []


def test_a_log_that_misbehaved_has_no_successor(logs):
    url, _, old, _ = logs
    actions.add_neighbor(old.text, url=f"{url}/2031", now=DECEMBER)
    Neighbor.objects.update(distrusted_at=DECEMBER)
    assert following.follow(JANUARY) == []


@pytest.mark.parametrize("tail", ["", "/2030", "/elsewhere"])
def test_without_the_logs_address_nothing_is_followed(logs, tail):
    url, _, old, _ = logs
    actions.add_neighbor(old.text, url=f"{url}{tail}" if tail else "", now=DECEMBER)
    assert following.follow(JANUARY) == []
