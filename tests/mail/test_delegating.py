from datetime import date, timedelta

import pytest

from congvu.base import clock
from congvu.directory.actions.leave import end_leave, grant_leave
from congvu.ledger import queries as ledger
from congvu.ledger import sequencer
from congvu.mail.actions.accepting import accept
from congvu.mail.arranging.models import DelegateReading, Delegation
from congvu.mail.models import Item
from tests.mail.letters import NOW, incoming
from tests.mail.pages import press, show

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _nine_o_clock(data_folder):
    with clock.demonstration(NOW):
        yield


@pytest.fixture
def leave(agency, an, binh, chi):
    """Bình is away this week, An acts; an old letter and a new one lie in Bình's box."""
    accept(
        [
            incoming(
                "binh@ubnd.example", at=NOW - timedelta(days=3), subject="Thư cũ", message_id="1@x.example"
            )
        ]
    )
    accept([incoming("binh@ubnd.example", subject="Thư mới", message_id="2@x.example")])
    return grant_leave(
        agency=agency,
        person=binh.person,
        valid_from=TODAY,
        valid_to=TODAY + timedelta(days=5),
        acting=an.person,
        by=chi,
        now=NOW,
    )


def item(subject):
    return Item.objects.get(message__subject=subject)


def opened_to_an(client, leave, **data):
    press(client, "delegate", leave.handle, do="open", **data)
    return Delegation.objects.filter(closed_at=None).first()


def entries(agency, kind):
    sequencer.settle()
    return [one for one in ledger.entries_from(agency.handle, 0, 0, 1000) if one.kind == kind]


def test_without_a_decision_who_acts_reads_nothing(leave, an, client_of):
    assert show(client_of(an), "message", item("Thư mới").handle).status_code == 404


def test_the_holder_lets_who_acts_read_what_comes_from_the_first_day(agency, leave, an, binh, client_of):
    held = opened_to_an(client_of(binh), leave)
    client = client_of(an)
    page = show(client, "delegated", held.handle).content.decode()
    assert "Thư mới" in page
    assert "Thư cũ" not in page
    assert "Kính gửi" not in page  # nothing of the text before it is opened
    assert show(client, "message", item("Thư mới").handle).status_code == 200
    assert show(client, "message", item("Thư cũ").handle).status_code == 404
    [entry] = entries(agency, "mail.mailbox.delegated")
    assert entry.attributes == {"by": "owner"}
    assert entry.disclosures["person"] == an.person.handle


def test_every_opening_is_evidence_and_the_holder_sees_it(agency, leave, an, binh, client_of):
    opened_to_an(client_of(binh), leave)
    letter = item("Thư mới")
    for minute in (0, 0, 1):
        with clock.demonstration(NOW.replace(minute=minute)):
            show(client_of(an), "message", letter.handle)
    found = entries(agency, "mail.message.opened_by_delegate")
    assert [one.disclosures["actor"] for one in found] == [an.person.handle] * 2
    assert DelegateReading.objects.count() == 2
    assert entries(agency, "mail.message.opened") == []
    assert item("Thư mới").opened_at is None
    page = show(client_of(binh), "absence").content.decode()
    assert "What was opened for you" in page
    assert "Nguyễn Thị An" in page
    assert (
        "Opened by Nguyễn Thị An, who acted for you"
        in show(client_of(binh), "message", letter.handle).content.decode()
    )


def test_who_reads_for_another_acknowledges_files_and_searches_nothing(leave, an, binh, client_of):
    opened_to_an(client_of(binh), leave)
    client, letter = client_of(an), item("Thư mới")
    for name in ("acknowledge", "file"):
        assert press(client, name, letter.handle).status_code == 404
    press(client, "move", to="filed", item=[letter.handle])
    letter.refresh_from_db()
    assert (letter.acknowledged_at, letter.folder) == (None, "inbox")
    page = show(client, "message", letter.handle).content.decode()
    assert "Acknowledge<" not in page
    assert "The sender waits for the acknowledgement of Trần Văn Bình." in page


def test_a_head_opens_it_with_a_reason_that_the_holder_reads(agency, leave, an, binh, chi, client_of):
    assert opened_to_an(client_of(chi), leave, reason="  ") is None
    held = opened_to_an(client_of(chi), leave, reason="Có hạn trả lời cho dân")
    assert held.by == chi.person
    assert "Có hạn trả lời cho dân" in show(client_of(binh), "delegate", leave.handle).content.decode()
    [entry] = entries(agency, "mail.mailbox.delegated")
    assert entry.attributes == {"by": "head"}
    assert len(entry.disclosures["reason"]) == 64


def test_a_head_who_acts_opens_no_mailbox_to_themselves(agency, binh, chi, ngoc, client_of):
    accept([incoming("binh@ubnd.example")])
    leave = grant_leave(
        agency=agency,
        person=binh.person,
        valid_from=TODAY,
        valid_to=TODAY + timedelta(days=2),
        acting=chi.person,
        by=ngoc,
        now=NOW,
    )
    for seat in (chi, ngoc):
        assert press(client_of(seat), "delegate", leave.handle, do="open", reason="x").status_code == 404
    assert Delegation.objects.count() == 0


def test_nobody_else_decides_or_looks(leave, an, client_of, seat_of):
    stranger = seat_of("Người Lạ", unit="ubnd", title={"vi": "Chuyên viên"}, local_part="la")
    assert show(client_of(stranger), "delegate", leave.handle).status_code == 404
    assert press(client_of(an), "delegate", leave.handle, do="open").status_code == 404


@pytest.mark.parametrize("closer", ["binh", "an", "chi"])
def test_the_mailbox_is_closed_again_by_each_of_three(agency, leave, an, binh, chi, client_of, closer):
    opened_to_an(client_of(binh), leave)
    press(client_of({"binh": binh, "an": an, "chi": chi}[closer]), "delegate", leave.handle, do="close")
    assert show(client_of(an), "message", item("Thư mới").handle).status_code == 404
    by = {"binh": "owner", "an": "delegate", "chi": "head"}[closer]
    assert [one.attributes["by"] for one in entries(agency, "mail.mailbox.delegation_closed")] == [by]


def test_an_early_return_closes_it_without_anybody_pressing(leave, an, binh, chi, client_of):
    opened_to_an(client_of(binh), leave)
    end_leave(leave=leave, valid_to=TODAY + timedelta(days=1), by=chi, now=NOW)
    with clock.demonstration(NOW + timedelta(days=1)):
        assert show(client_of(an), "message", item("Thư mới").handle).status_code == 404
