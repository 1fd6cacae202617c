"""What the operator reads of stamps, and what an auditor takes along for openssl."""

import argparse

import pytest

from congvu.ledger import sequencer
from congvu.ledger.models import Log
from congvu.ledger.queries import NoAgencyError
from congvu.ledger.store import Folder
from congvu.ledger.timestamping import cli, records
from tests.ledger.conftest import mend


@pytest.fixture
def log(ledger, data_folder, authority) -> Log:
    mend(ledger, 3)
    sequencer.settle()
    return Log.objects.get(agency=ledger.agency)


def said(verb, capsys, **arguments: object) -> tuple[int, str, str]:
    capsys.readouterr()
    status = verb(argparse.Namespace(**{"agency": None, **arguments}))
    told = capsys.readouterr()
    return status, told.out, told.err


def test_a_stamp_is_asked_for_once_and_holds(ledger, log, capsys, web) -> None:
    first = said(cli.run_ask, capsys)
    assert (first[0], first[1].startswith(f"{log.origin}: size 4 stamped at 20")) == (0, True)
    assert said(cli.run_ask, capsys) == first
    assert len(web.asked) == 1
    status, out, _ = said(cli.run_check, capsys, agency=ledger.slug)
    assert (status, "size 4: holds: stood at 20" in out) == (0, True)


def test_a_changed_record_is_said_not_to_hold(ledger, log, capsys) -> None:
    said(cli.run_ask, capsys)
    place = records.path(Folder.of(ledger.slug, log.year), "4.note")
    place.write_bytes(place.read_bytes().replace(b"\n4\n", b"\n5\n"))
    status, out, _ = said(cli.run_check, capsys)
    assert (status, "size 4: DOES NOT HOLD: " in out) == (1, True)


def test_openssl_is_given_each_step(ledger, log, capsys, tmp_path, authority) -> None:
    said(cli.run_ask, capsys)
    place = {"agency": ledger.slug, "year": log.name, "size": 4, "folder": tmp_path / "out"}
    status, out, _ = said(cli.run_export, capsys, **place)
    assert (status, out) == (
        0,
        "openssl ts -verify -data 1.data -in 1.token -token_in -CAfile ROOT.pem\n",
    )
    assert authority.believes((tmp_path / "out/1.data").read_bytes(), (tmp_path / "out/1.token").read_bytes())


def test_what_is_missing_is_said(ledger, log, capsys, tmp_path, settings) -> None:
    place = {"agency": "nobody", "year": 2020, "size": 4, "folder": tmp_path / "out"}
    with pytest.raises(NoAgencyError, match="nobody"):
        cli.run_export(argparse.Namespace(**place))
    for one in ({"year": log.name, "size": 3}, {"year": "2020", "size": 4}):
        status, _, err = said(cli.run_export, capsys, **{**place, "agency": ledger.slug, **one})
        assert (status, err.startswith(f"congvu: no stamp of {ledger.slug}, {one['year']}, is over")) == (
            1,
            True,
        )
    settings.CONGVU_TIME_AUTHORITY = ""
    status, _, err = said(cli.run_ask, capsys)
    assert (status, "CONGVU_TIME_AUTHORITY is not set" in err) == (1, True)


def test_anybody_may_fetch_a_stamp_and_nothing_else(ledger, log, capsys, client) -> None:
    said(cli.run_ask, capsys)
    start = f"/log/{ledger.slug}/{log.year}/time"
    folder = Folder.of(ledger.slug, log.year)
    note = client.get(f"{start}/4.note")
    assert b"".join(note.streaming_content) == log.checkpoint.encode()
    record = b"".join(client.get(f"{start}/4.ers").streaming_content)
    assert record == records.path(folder, "4.ers").read_bytes()
    for name in ("5.ers", "4.key", "..%2Fkey", "04.ers", "4.ers.new", "9" * 40 + ".ers"):
        assert client.get(f"{start}/{name}").status_code == 404
