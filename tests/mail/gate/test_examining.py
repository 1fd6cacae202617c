"""What is looked at before a letter passes the gate: where it comes from, and its files; and what is answered."""

import pytest

from congvu.ledger import queries as ledger
from congvu.ledger import sequencer
from congvu.mail import server
from congvu.mail.gate.client import AttributeFaultError, Client, attributes, client, is_signed_in
from congvu.mail.gate.server import Gate
from congvu.mail.lmtp.endpoints import Endpoint
from congvu.mail.models import Message, Origin
from tests.mail.authentication.zones import served
from tests.mail.gate.conftest import Lmtp
from tests.mail.letters import raw

pytestmark = pytest.mark.django_db(transaction=True)
BINH = "binh@ubnd.example"
ZONE = {
    ("_dmarc.dan.example", "TXT"): ["v=DMARC1; p=reject"],
    ("dan.example", "TXT"): ["v=spf1 ip4:5.5.5.7 -all"],
}
OURS = b"Received: from pc (pc [5.5.5.9]) by mail.ubnd.example (Postfix) with ESMTPSA id x; y\r\n"
FILTER = (
    b"Received: from localhost (localhost [127.0.0.1]) by mail.ubnd.example (Postfix) with ESMTP id z; y\r\n"
)


@pytest.fixture
def gate(data_folder, agency, imap, settings):
    with served(ZONE) as (setting, _):
        settings.CONGVU_DNS = setting
        running = Gate(
            where=Endpoint(host="127.0.0.1", port=0),
            mail_server=Endpoint(host="127.0.0.1", port=imap.ports["lmtp"]),
            hostname="gate.example",
            examine=server.GateExamination(),
        )
        running.open()
        yield running
        running.close()


def hand_in(gate, data, *recipients, peer="5.5.5.7"):
    with Lmtp("127.0.0.1", gate.port(), local_hostname="postfix.example") as line:
        line.ehlo_or_helo_if_needed()
        assert line.docmd("XFORWARD", f"NAME=dan ADDR={peer} HELO=dan.example SOURCE=REMOTE")[0] == 250
        return {one: code for one, (code, _) in line.hand_in(*recipients or (BINH,), data=data).items()}


def told(agency):
    sequencer.settle()
    found = [one for one in ledger.entries_from(agency.handle, 2026, 0, 1_000) if "message" in one.kind]
    return [(one.kind, one.attributes.get("origin") or one.attributes.get("reason")) for one in found]


@pytest.mark.parametrize(
    ("peer", "trace", "spf", "origin"),
    [
        ("5.5.5.7", b"", "pass", "confirmed"),
        ("5.5.5.8", b"", "fail", "doubtful"),
        ("IPV6:2a00::1", b"", "fail", "doubtful"),
        ("127.0.0.1", b"", "none", "unknown"),
        ("5.5.5.8", OURS, None, None),
        ("5.5.5.8", FILTER + OURS, None, None),
    ],
)
def test_the_origin_is_that_of_whom_postfix_spoke_with(gate, agency, binh, peer, trace, spf, origin):
    assert hand_in(gate, trace + raw(), peer=peer) == {BINH: 250}
    rows = list(Origin.objects.values_list("spf", flat=True))
    assert (rows, told(agency)[0]) == ([spf] if spf else [], ("mail.message.accepted", origin))


def test_what_its_domain_disowns_is_refused_where_the_agency_says_so(gate, imap, agency, binh, chi, settings):
    settings.CONGVU_DMARC = "refuse"
    both = (BINH, "chi@ubnd.example")
    assert set(hand_in(gate, raw(), *both, peer="5.5.5.8").values()) == {550}
    assert (Message.objects.count(), imap.messages("binh"), told(agency)) == (
        0,
        [],
        [("mail.message.rejected", "origin")],
    )
    entry = next(
        one for one in ledger.entries_from(agency.handle, 2026, 0, 1_000) if one.kind.endswith("rejected")
    )
    assert (entry.attributes, entry.disclosures["detail"]) == (
        {"channel": "gate", "reason": "origin"},
        "dan.example",
    )


def test_a_letter_that_is_under_way_is_not_refused_later(gate, imap, agency, binh, settings):
    data = raw()
    imap.stop()
    assert hand_in(gate, data, peer="5.5.5.8") == {BINH: 451}
    settings.CONGVU_DMARC = "refuse"
    imap.start()
    assert hand_in(gate, data, peer="5.5.5.8") == {BINH: 250}


def test_a_file_that_the_policy_refuses_reaches_nobody(gate, imap, agency, binh, settings):
    settings.CONGVU_ATTACHMENTS_REFUSED = "program"
    head = raw().split(b"Content-Type")[0] + b"Content-Type: application/octet-stream; name=a.exe\r\n"
    data = head + b"Content-Disposition: attachment; filename=a.exe\r\n\r\nMZ\r\n"
    assert hand_in(gate, data) == {BINH: 550}
    assert (imap.messages("binh"), told(agency)) == ([], [("mail.message.rejected", "file")])


def test_private_mail_is_not_looked_at(gate, imap, agency, binh, settings):
    settings.CONGVU_DMARC = "refuse"
    assert hand_in(gate, raw(), "stranger@elsewhere.example", peer="5.5.5.8") == {
        "stranger@elsewhere.example": 250
    }
    assert told(agency) == []


def test_what_postfix_says_of_its_client_is_read_and_nothing_else():
    assert attributes("NAME=[UNAVAILABLE] ADDR=192.0.2.1 HELO=a+20b") == {
        "NAME": "",
        "ADDR": "192.0.2.1",
        "HELO": "a b",
    }
    assert client({"ADDR": "192.0.2.1", "HELO": "x", "SOURCE": "LOCAL"}) == Client()
    for nonsense in ("", "ADDR", "=x", "A B=c"):
        with pytest.raises(AttributeFaultError):
            attributes(nonsense)


def test_only_the_uppermost_server_tells_who_signed_in():
    forged = b"Received: from x ([5.5.5.9]) by mail.ubnd.example (Postfix) with ESMTP id z; y\r\n"
    assert [is_signed_in(one + raw()) for one in (OURS, FILTER + OURS, forged + OURS, b"")] == [
        True,
        True,
        False,
        False,
    ]
