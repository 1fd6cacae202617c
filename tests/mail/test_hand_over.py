"""The agency's DKIM keys and TLS rules: what administrators command, and what the relay then gets."""

import asyncio
import re
import smtplib

import pytest

from congvu.base import blobs
from congvu.cli.__main__ import main
from congvu.mail import relay, tasks
from congvu.mail.actions.accepting import accept
from congvu.mail.authentication import dkim, signatures
from congvu.mail.models import DkimKey, Message, Transfer
from congvu.mail.queries import dkim_keys, tls_rules
from tests.mail.authentication.zones import Table, served
from tests.mail.doors import AN, client_tls, front
from tests.mail.letters import NOW, submitted
from tests.mail.test_transfers import kinds, peer  # noqa: F401 -- a fixture

pytestmark = pytest.mark.django_db(transaction=True)


def command(capsys, *words):
    status = main(["mail", *words])
    said = capsys.readouterr()
    return status, said.out, said.err


def zone():
    return {(dkim_keys.name(one), "TXT"): [dkim_keys.text(one)] for one in DkimKey.objects.all()}


def verified(raw):
    return asyncio.run(dkim.verify(signatures.message(raw), Table(zone()), now=NOW))


def test_a_key_is_made_published_and_started(agency, binh, peer, capsys, settings):  # noqa: F811 -- the fixture
    status, said, _ = command(capsys, "dkim", "create")
    key = DkimKey.objects.get()
    assert (status, f"{key.selector}._domainkey.ubnd.example. IN TXT" in said) == (0, True)
    assert "".join(re.findall(r'"(.*)"', said)) == dkim_keys.text(key)
    with served({}) as (setting, _):
        settings.CONGVU_DNS = setting
        status, _, complaint = command(capsys, "dkim", "start")
        assert (status, "is missing; nothing was changed" in complaint) == (2, True)
    with served(zone()) as (setting, _):
        settings.CONGVU_DNS = setting
        assert command(capsys, "dkim", "start")[0] == 0
        assert f"{key.selector}: signs; its record is published" in command(capsys, "dkim", "show")[1]
    assert ("mail.dkim_key.started", {"algorithm": "rsa"}) in kinds(agency)


def test_the_private_key_is_sealed_as_other_content_is(agency, data_folder, capsys):
    command(capsys, "dkim", "create")
    key = DkimKey.objects.get()
    stored = (data_folder / "blobs" / key.blob[:2] / key.blob).read_bytes()
    assert (len(blobs.get(key.blob)) > 1000, blobs.get(key.blob) in stored) == (True, False)


def test_what_the_relay_gets_is_signed_and_what_is_stored_stays(agency, binh, peer, capsys):  # noqa: F811 -- the fixture
    command(capsys, "dkim", "create")
    accept([submitted(binh, "dung@dan.example", message_id="1@ubnd.example")])
    tasks.run_queue(NOW)
    command(capsys, "dkim", "start", "--unchecked")
    accept([submitted(binh, "dung@dan.example", message_id="2@ubnd.example")])
    tasks.run_queue(NOW)
    before, after = [content for _, _, content in peer.kept]
    stored = blobs.get(Message.objects.get(message_id="2@ubnd.example").blob)
    assert verified(before) == []
    assert verified(after) == [dkim.Signature("pass", "ubnd.example")]
    assert after.rstrip(b"\r\n").endswith(
        stored.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n").rstrip(b"\r\n")
    )


def test_while_keys_change_the_old_one_signs_until_the_new_one_is_started(agency, binh, peer, capsys):  # noqa: F811 -- the fixture
    command(capsys, "dkim", "create")
    command(capsys, "dkim", "start", "--unchecked")
    assert command(capsys, "dkim", "create")[0] == 2
    assert command(capsys, "dkim", "rotate")[0] == 0
    assert command(capsys, "dkim", "rotate")[0] == 2
    old, new = DkimKey.objects.order_by("id")
    assert (dkim_keys.signing(agency), old.selector != new.selector) == (old, True)
    said = command(capsys, "dkim", "start", "--unchecked")[1]
    assert (dkim_keys.signing(agency), f"Leave the record of {old.selector} in place" in said) == (new, True)
    old.refresh_from_db()
    assert old.blob == ""


def test_mail_that_shows_another_domain_is_not_signed(agency, binh, peer, capsys):  # noqa: F811 -- the fixture
    from congvu.mail import signing  # noqa: PLC0415 -- beside the case

    command(capsys, "dkim", "create")
    command(capsys, "dkim", "start", "--unchecked")
    message = Message(agency=agency, sender_address="dung@dan.example")
    assert signing.signed(b"From: dung@dan.example\r\n\r\nx", message, now=NOW).startswith(b"From")


def test_a_domain_that_requires_tls_gets_nothing_in_the_clear(agency, binh, peer, capsys):  # noqa: F811 -- the fixture
    assert command(capsys, "tls", "require", "Dan.example")[0] == 0
    accept([submitted(binh, "dung@dan.example", "em@else.example")])
    tasks.run_queue(NOW)
    assert [recipients for _, recipients, _ in peer.kept] == [["em@else.example"]]
    waiting = Transfer.objects.get(recipient="dung@dan.example")
    assert (waiting.state, waiting.reason, waiting.answer) == (
        "queued",
        "policy",
        "the relay does not offer STARTTLS",
    )
    assert ("mail.tls_rule.decided", {"required": "relay"}) in kinds(agency)
    assert "dan.example  to the relay" in command(capsys, "tls", "list")[1]
    assert command(capsys, "tls", "release", "dan.example")[0] == 0
    assert command(capsys, "tls", "release", "dan.example")[0] == 2
    assert tls_rules.ways(agency, ["dung@dan.example"]) == {"dung@dan.example": "any"}


def test_no_domain_no_rule(agency, capsys):
    assert [command(capsys, "tls", "require", one)[0] for one in ("x", "a b.example", "")] == [2, 2, 2]


def test_what_must_be_safe_all_the_way_waits_for_a_relay_that_promises_it():
    own = b"From: stranger@outside.example\r\n\r\nx\r\n"
    with front(tls=True) as opened:
        path = relay.Relay(
            host="localhost", port=opened.mx, hostname="c.example", tls=client_tls(), starttls=False
        )
        given = [
            relay.send(own, mail_from="stranger@outside.example", recipients=[AN], relay=path, way=way)[0]
            for way in ("onward", "relay")
        ]
        assert [(one.state, one.status) for one in given] == [("temporary", "4.7.30"), ("relayed", "2.0.0")]
        assert [one.tls for one in opened.counter.kept] == [True]


@pytest.mark.parametrize(
    ("offers", "way", "options"),
    [
        (["requiretls"], "relay", ["REQUIRETLS"]),
        (["requiretls"], "onward", ["REQUIRETLS"]),
        (["requiretls"], "any", []),
    ],
)
def test_tls_onward_is_asked_for_where_it_is_offered(offers, way, options):
    client = smtplib.SMTP()
    client.does_esmtp, client.esmtp_features = True, dict.fromkeys(offers, "")
    assert relay._tls_options(client, way) == options
