"""The page, the command and the doors for machines."""

import argparse
import time

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from prometheus_client import parser

from congvu.base import clock
from congvu.cli.__main__ import _parser
from congvu.desk import cli
from congvu.desk.watching import prometheus
from congvu.desk.watching.models import Incident
from congvu.desk.watching.prometheus import Family
from congvu.ledger import chores, full_checks, sequencer
from congvu.ledger.models import Ledger, Log, Outbox
from tests.desk.watching.conftest import look

TOKEN = "a-token-of-the-monitoring"


def page(client, **fields):
    return client.get(reverse("desk:watch"), HTTP_ACCEPT_LANGUAGE="en", **fields)


@pytest.fixture
def auditor(agency, seat_of):
    seat = seat_of("Tạ Quang Huy", unit="ubnd", title={"vi": "Kiểm toán"}, functions=("auditor",))
    sequencer.settle()
    return seat


def test_in_good_times_the_page_says_so_with_the_facts(watched, ngoc, client_of):
    text = page(client_of(ngoc)).content.decode()
    assert "All of this holds" in text
    assert "What to do" not in text
    for fact in (
        "covers every entry",
        "Last full check",
        "Nobody cosigns for this agency",
        "of the checkpoint",
    ):
        assert fact in text


@pytest.mark.django_db(transaction=True)
def test_administrators_and_auditors_see_it_and_nobody_else(watched, ngoc, binh, auditor, client_of):
    seats = (ngoc, auditor, binh)
    assert [page(client_of(one)).status_code for one in seats] == [200, 200, 403]
    assert page(Client()).status_code == 302
    bad = reverse("desk:watch-acknowledge", args=["a" * 26])
    assert [client_of(one).post(bad, {"note": "x"}).status_code for one in seats] == [404, 403, 403]


@pytest.mark.django_db(transaction=True)
def test_an_incident_stands_with_its_meaning_its_steps_and_its_acknowledgement(
    watched, ngoc, auditor, client_of
):
    chores.failed(watched.handle, "stamp", "<b>refused", now=clock.now())
    look()
    client = client_of(ngoc)
    text = page(client).content.decode()
    assert "It holds, but look at this" in text
    assert "asking the time authority for a stamp" in text
    assert "&lt;b&gt;refused" in text
    assert "Read what went wrong, and mend it" in text
    assert "<textarea" in text
    assert "<textarea" not in page(client_of(auditor)).content.decode()
    path = reverse("desk:watch-acknowledge", args=[Incident.objects.get().handle])
    refused = client.post(path, {"note": " "}, HTTP_ACCEPT_LANGUAGE="en", follow=True).content.decode()
    assert "Nothing was saved" in refused
    done = client.post(path, {"note": "<i>moved"}, HTTP_ACCEPT_LANGUAGE="en", follow=True).content.decode()
    assert ("Acknowledged. It is recorded" in done, "&lt;i&gt;moved" in done) == (True, True)
    again = client.post(path, {"note": "x"}, HTTP_ACCEPT_LANGUAGE="en", follow=True).content.decode()
    assert "Somebody has acknowledged this before" in again
    assert Incident.objects.get().note == "<i>moved"


@pytest.mark.django_db(transaction=True)
def test_a_sealed_ledger_is_shown_with_its_reason_and_the_page_only_reads(watched, sealed, ngoc, client_of):
    sealed("forked")
    look()
    answer = page(client_of(ngoc))
    text = answer.content.decode()
    assert (answer.status_code, "Stop: the evidence is in danger" in text) == (200, True)
    assert "Two different histories of this log were found" in text
    assert ("this page only reads" in text, "<textarea" in text) == (True, False)
    path = reverse("desk:watch-acknowledge", args=[Incident.objects.get().handle])
    assert client_of(ngoc).post(path, {"note": "x"}).status_code == 503


def test_before_the_first_entry_and_without_a_ledger_the_page_says_so(agency, ngoc, client_of):
    assert "Nothing is recorded yet" in page(client_of(ngoc)).content.decode()
    Outbox.objects.all().delete()
    Ledger.objects.filter(agency=agency.handle).delete()
    assert "Nothing is recorded yet" in page(client_of(ngoc)).content.decode()


def test_a_silent_clerk_is_told_by_the_page_itself(watched, ngoc, client_of):
    chores.done(watched.handle, "watch", now=clock.now().replace(year=2020))
    assert "The clerk does not answer" in page(client_of(ngoc)).content.decode()


def test_the_page_asks_as_much_of_a_large_log_as_of_a_small_one(watched, ngoc, client_of):
    client = client_of(ngoc)
    page(client)
    asked = []
    for size in (None, 1_000_000):
        if size:
            Log.objects.filter(agency=watched.handle).update(size=size, signed_size=size)
        with CaptureQueriesContext(connection) as seen:
            assert page(client).status_code == 200
        asked.append(len(seen))
        assert [one["sql"] for one in seen if "ledger_entry" in one["sql"]] == []
    assert asked[1] <= asked[0]


def status(capsys, **given) -> tuple[int, str]:
    code = cli.run(argparse.Namespace(**({"agency": None} | given)))
    out = capsys.readouterr()
    return code, out.out + out.err


def test_the_command_says_by_its_status_whether_the_evidence_holds(watched, sealed, capsys):
    assert status(capsys) == (0, "all of the evidence holds\n")
    chores.failed(watched.handle, "stamp", "no\nanswer", now=clock.now())
    code, text = status(capsys)
    assert (code, text.count("\n")) == (1, 1)
    assert text.startswith("LOOK ubnd chore_failed asking the time authority for a stamp since ")
    sealed("forked")
    code, text = status(capsys, agency="ubnd")
    assert (code, [line.split()[:3] for line in text.splitlines()]) == (
        2,
        [["STOP", "ubnd", "sealed"], ["LOOK", "ubnd", "chore_failed"]],
    )
    assert status(capsys, agency="nobody") == (2, "congvu: there is no agency nobody\n")


def test_a_database_that_does_not_answer_says_stop(watched, capsys, monkeypatch):
    def gone(*_):
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(cli, "facts", gone)
    assert status(capsys) == (2, "STOP database: disk I/O error\n")


@pytest.mark.django_db
def test_without_an_agency_the_command_says_so(capsys):
    assert status(capsys) == (0, "there is no agency yet\n")


def test_the_check_by_hand_is_noted_and_damage_is_found_on_the_page(watched, ngoc, client_of, capsys):
    command = _parser().parse_args(["ledger", "check", "--agency", "ubnd"])
    assert command.run(command) == 0
    log = Log.objects.get(agency=watched.handle)
    assert full_checks.last(watched.handle)[log.name].done_at is not None
    from congvu.ledger.store import Folder  # noqa: PLC0415 -- this test alone

    bundle = next(one for one in Folder.of("ubnd", log.year).entries.rglob("*") if one.is_file())
    data = bytearray(bundle.read_bytes())
    data[-3] ^= 1
    bundle.write_bytes(data)
    assert command.run(command) == 1
    text = page(client_of(ngoc)).content.decode()
    assert ("A full check found damage in the log" in text, "entry" in text) == (True, True)
    assert "this entry is not the one that was signed" in full_checks.last(watched.handle)[log.name].failure


def metrics(**fields):
    return Client().get(reverse("metrics"), **fields)


def test_there_are_no_metrics_without_a_token_and_none_for_another(watched, settings):
    assert metrics().status_code == 404
    settings.CONGVU_METRICS_TOKEN = TOKEN
    wrong = (None, "", "Bearer ", "Bearer x", f"Basic {TOKEN}", "Bearer ключ")
    assert {metrics(**({} if one is None else {"HTTP_AUTHORIZATION": one})).status_code for one in wrong} == {
        401
    }


def test_the_metrics_are_read_by_prometheus_own_parser(watched, sealed, settings, ngoc):
    settings.CONGVU_METRICS_TOKEN = TOKEN
    chores.failed(watched.handle, "stamp", "refused", now=clock.now())
    answer = metrics(HTTP_AUTHORIZATION=f"Bearer {TOKEN}")
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    text = answer.content.decode()
    families = list(parser.text_string_to_metric_families(text))
    found = {(one.name, *sorted(one.labels.items())): one.value for each in families for one in each.samples}
    log = Log.objects.get(agency=watched.handle)
    of = (("agency", "ubnd"), ("year", str(log.year)))
    assert found["congvu_ledger_entries", *of] == log.size
    assert 0 <= found["congvu_ledger_checkpoint_age_seconds", *of] < 600
    assert found["congvu_evidence_verdict", ("agency", "ubnd")] == 1
    assert found["congvu_disk_free_bytes", ("place", "data")] > 0
    assert found[("congvu_mail_queue_letters",)] == 0
    assert all(each.documentation and each.type in {"gauge", "counter"} for each in families)
    for private in (ngoc.person.full_name, ngoc.person.handle, "@", "ubnd.example"):
        assert private not in text
    sealed("forked")
    assert (
        'congvu_evidence_verdict{agency="ubnd"} 2'
        in metrics(HTTP_AUTHORIZATION=f"Bearer {TOKEN}").content.decode()
    )


def test_labels_and_numbers_of_every_kind_come_back_as_they_were():
    labels = {"a": 'x"y\\z\nw', "b": "xin chào"}
    rows = [(labels, 1.5), ({"a": "", "b": ""}, 10**15), ({}, -0.25)]
    text = prometheus.written(
        [Family("congvu_x", "gauge", "A\\B\nC.", rows), Family("congvu_y", "gauge", "")]
    )
    (family,) = parser.text_string_to_metric_families(text)
    assert family.documentation == "A\\B\nC."
    assert [(one.labels, one.value) for one in family.samples] == rows


@pytest.mark.django_db
def test_whoever_asks_for_its_health_gets_a_cheap_answer():
    with CaptureQueriesContext(connection) as seen:
        answer = Client().get("/healthz")
    assert (answer.status_code, answer.content, len(seen)) == (200, b"ok\n", 1)


def test_the_page_is_quick(watched, ngoc, client_of):
    client = client_of(ngoc)
    page(client)
    begun = time.process_time()
    page(client)
    assert time.process_time() - begun < 0.5  # a bound for any machine; bench/watch_page.py says the figure
    sequencer.settle()
