"""An agency's own book that brings a national one into force and takes the place of one of its norms."""

from datetime import date

import pytest
from django.utils import translation

from congvu.base import clock
from congvu.cli.demonstration import OWN
from congvu.directory.events import AppointmentEnded
from congvu.rules import public, shelf
from congvu.rules.drafts import actions
from congvu.rules.drafts.examination import examine
from congvu.rules.models import BookDraft, Obligation
from tests.rules.conftest import tell
from tests.rules.worlds import at

pytestmark = pytest.mark.usefixtures("data_folder", "told_time", "transactional_db")
NOW, TOMORROW = at("2026-03-02 07:00"), date(2026, 3, 3)
OWN_BOOK, NATIONAL = "vn.phuong-binh-minh.mail-2025", "vn.mic.mail-2016"


@pytest.fixture
def hoa(seat_of):
    """A second legal officer."""
    return seat_of(
        "Phan Thị Hoa", unit="vp", title={"vi": "Pháp chế", "en": "Lawyer"}, functions=("legal_officer",)
    )


@pytest.fixture
def issued(chi, hoa):
    """The book of the demonstration, written by one and approved by another."""
    draft = actions.begin(by=hoa, text=OWN.read_text(), at=NOW)
    actions.submit(by=hoa, draft=draft, at=NOW)
    actions.approve(by=chi, draft=draft, valid_from=TOMORROW, number="05/2025/QĐ-UBND", at=NOW)


def test_the_book_of_the_demonstration_is_sound_and_says_that_it_is_fictional():
    found = examine(OWN.read_text())
    assert (found.problems, found.failures, len(found.by_this)) == ((), (), 3)
    assert "hư cấu" in found.book.title["vi"]
    assert "fictional" in found.book.title["en"]


def test_who_leaves_owes_the_agencys_own_time_and_not_the_national_one(issued, agency, binh, settle):
    settle()
    for day, rank in (("2026-03-04", "staff"), ("2026-03-05", "department_head")):
        event = AppointmentEnded(rank=rank, head=False, deputy=False, clerk=False)
        tell(
            agency,
            event,
            at(f"{day} 10:00"),
            membership=f"m{day}".ljust(26, "a"),
            person=binh.person.handle,
            unit=binh.unit.handle,
            address=f"a{day}".ljust(26, "a"),
            valid_to=day,
        )
    settle()
    owed = Obligation.objects.order_by("opened_at").values_list("book", "norm")
    assert list(owed) == [(OWN_BOOK, "withdraw-after-one-month"), (NATIONAL, "withdraw-after-twelve-months")]


def test_each_book_names_the_other_where_one_takes_the_others_place(issued):
    with translation.override("en"):
        own, national = (public.book(name, language="en") for name in (OWN_BOOK, NATIONAL))
    [adopted] = own.adopts
    assert (adopted.book, adopted.number) == (NATIONAL, "652/QĐ-BTTTT")
    replaces = own.norms[0].replaces
    assert (replaces.norm, replaces.title.text) == (
        "withdraw-after-six-months",
        "Withdraw the mailbox after six months",
    )
    by = {norm.id: [(one.book, one.norm) for one in norm.replaced_by] for norm in national.norms}
    assert by == {
        "withdraw-after-six-months": [(OWN_BOOK, "withdraw-after-one-month")],
        "withdraw-after-twelve-months": [],
    }


def test_the_portal_links_both_ways(issued, client):
    client.cookies["django_language"] = "en"
    own = client.get(f"/books/{OWN_BOOK}/").content.decode()
    assert f'href="/books/{NATIONAL}/#withdraw-after-six-months"' in own
    assert "Brings into force" in own
    national = client.get(f"/books/{NATIONAL}/").content.decode()
    assert f'href="/books/{OWN_BOOK}/#withdraw-after-one-month"' in national


def test_the_desk_says_by_which_book_another_binds_from_its_day_on(issued, hoa, client_of, settle):
    settle()
    client = client_of(hoa)
    client.cookies["django_language"] = "en"
    path = f"/rules/books/{NATIONAL}/"
    assert "It does not bind the agency" in client.get(path).content.decode()
    with clock.demonstration(at("2026-03-03 07:00")):
        page = client.get(path).content.decode()
        listed = client.get("/rules/").content.decode()
    assert "It binds the agency by another book" in page
    assert f'href="/rules/books/{OWN_BOOK}/"' in page
    assert "Binds by 05/2025/QĐ-UBND (hư cấu)" in listed


def test_withdrawn_before_its_day_it_replaces_nothing(issued, chi):
    actions.withdraw(by=chi, draft=BookDraft.objects.get(), reason="Nhầm", at=NOW)
    assert shelf.versions(OWN_BOOK) == ()
    assert [one.replaced_by for one in public.book(NATIONAL, language="en").norms] == [(), ()]
