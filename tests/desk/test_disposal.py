"""The pages by which records are destroyed lawfully."""

from hashlib import sha256

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congvu.base import clock
from congvu.ledger.disposal.actions import deciding, holding
from congvu.ledger.disposal.models import Disposal, Hold
from congvu.ledger.sequencer import settle
from congvu_verify import verify
from tests.ledger.disposal.conftest import SECRET, attacker, story

__all__ = ["attacker", "story"]
pytestmark = pytest.mark.django_db(transaction=True)
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
APPROVE = {"approve": "1", "approval-objections": "0"}


def text(answer) -> str:
    return answer.content.decode()


def test_a_clerk_proposes_the_head_approves_the_machine_destroys_and_the_certificate_says_so(
    story, client_of
):
    clerk, head = client_of(story.clerk), client_of(story.head)
    said = {"entries": story.entry(), "basis": "Điều 16 Luật Lưu trữ", "reason": "Hết hạn"}
    page = clerk.post(reverse("desk:disposal-new"), said, follow=True, **ENGLISH)
    one = Disposal.objects.get()
    assert "being counted" in text(page)
    story.finish(one)
    assert "The head of the agency approves" in text(page)
    assert f'<a href="{reverse("desk:disposals")}" aria-current="page">' in text(page)
    act = reverse("desk:disposal-act", args=[one.handle])
    assert clerk.post(act, APPROVE).status_code == 403
    assert "approved" in text(head.post(act, APPROVE, follow=True, **ENGLISH))
    answer = clerk.post(act, {"begin": "1"}, **ENGLISH)
    assert (answer.status_code, Disposal.objects.get().state) == (422, "approved")
    clerk.post(act, {"begin": "1", "begin-sure": "on"})
    story.finish(one)
    page = text(clerk.get(reverse("desk:disposal", args=[one.handle]), **ENGLISH))
    assert page.count("nothing</span>") == 9
    assert "nobody has answered" in page
    clerk.post(act, {"copies": "1", "copies-until": "2026-03-02", "copies-text": "Không có bản sao lưu."})
    assert "none are left" in text(clerk.get(reverse("desk:disposal", args=[one.handle]), **ENGLISH))
    clerk.post(act, {"verify": "1"})
    assert "Close as verified" not in text(clerk.get(reverse("desk:disposal", args=[one.handle]), **ENGLISH))
    page = text(clerk.get(reverse("desk:disposal-certificate", args=[one.handle]), **ENGLISH))
    assert "destroyed and verified" in page
    assert SECRET not in page
    listed = clerk.get(reverse("desk:disposal-list", args=[one.handle])).content.decode()
    assert sha256(listed.encode()).hexdigest() in page
    assert " mail.message.accepted\n" in listed
    story.finish(one)
    proof = clerk.get(reverse("desk:disposal-proof", args=[one.handle, "verified"]))
    assert proof["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"entries": "a" * 26}, "no entry with one of these numbers"),
        ({"entries": "không phải số"}, "This is no number of an entry"),
        ({}, "Choose what is to be destroyed"),
        (
            {"kinds": "mail.message.accepted", "first_day": "2026-03-02", "last_day": "2026-03-01"},
            "must begin before",
        ),
        (
            {"kinds": "mail.message.accepted", "first_day": "2026-03-02", "last_day": "9999-12-31"},
            "must begin before",
        ),
        (
            {"kinds": "mail.message.accepted", "first_day": "2026-03-02", "last_day": "2036-03-01"},
            "must begin before",
        ),
        ({"kinds": "mail.mailbox.checked"}, "valid choice"),
    ],
)
def test_a_faulty_proposal_is_told_what_is_wrong_and_kept(story, client_of, said, sentence):
    said = {"basis": "Điều 16", "reason": "Hết hạn", **said}
    answer = client_of(story.clerk).post(reverse("desk:disposal-new"), said, **ENGLISH)
    assert (answer.status_code, Disposal.objects.count()) == (422, 0)
    assert sentence in text(answer)
    assert "Hết hạn" in text(answer)


def test_who_has_no_part_in_it_sees_nothing_of_it(story, client_of, ermek):
    made = story.propose()
    for seat in (story.official, ermek):
        for name, arguments in (
            ("disposals", []),
            ("disposal", [made.handle]),
            ("disposal-new", []),
            ("hold-new", []),
        ):
            assert client_of(seat).get(reverse(f"desk:{name}", args=arguments)).status_code == 403


def test_another_agencys_disposal_is_not_found(story, client_of, seat_of, akimat):
    made = story.propose()
    there = seat_of("Аян", unit="akimat", title={"kk": "Хатшы"}, functions=("clerk",), at=akimat)
    assert client_of(there).get(reverse("desk:disposal", args=[made.handle])).status_code == 404


def test_many_holds_ask_the_database_no_more_than_one(story, client_of):
    head, counted = client_of(story.head), []
    for number in range(3):
        head.post(reverse("desk:hold-new"), {"basis": f"Vụ án {number}/2026"})
        with CaptureQueriesContext(connection) as asked:
            page = head.get(reverse("desk:disposals")).content.decode()
        counted.append(len(asked))
    assert page.count(story.head.person.full_name) >= 3
    assert counted[2] == counted[0]


def test_a_hold_is_placed_shown_and_lifted_with_a_reason(story, client_of):
    head, made = client_of(story.head), story.propose()
    head.post(reverse("desk:hold-new"), {"basis": "Vụ án 12/2026"})
    hold = Hold.objects.get()
    page = text(head.get(reverse("desk:disposal", args=[made.handle]), **ENGLISH))
    assert "A hold covers this" in page
    assert 'name="approve"' not in page
    answer = head.post(reverse("desk:disposal-act", args=[made.handle]), APPROVE, follow=True, **ENGLISH)
    assert "Nothing is destroyed until it is lifted" in text(answer)
    assert client_of(story.clerk).get(reverse("desk:hold-lift", args=[hold.handle])).status_code == 403
    head.post(reverse("desk:hold-lift", args=[hold.handle]), {"reason": "Án đã xử xong"})
    hold.refresh_from_db()
    assert (hold.reason, hold.lifted_by) == ("Án đã xử xong", story.head.person.handle)


def test_an_ethics_officer_holds_and_whoever_approves_destructions_cannot_lift_it(story, client_of, seat_of):
    ethics = seat_of("Bùi Thị Yên", unit="vp", title={"vi": "Cán bộ kiểm tra"}, functions=("ethics_officer",))
    client_of(ethics).post(reverse("desk:hold-new"), {"basis": "Đơn tố cáo 7/2026"})
    lift = reverse("desk:hold-lift", args=[Hold.objects.get().handle])
    assert lift not in text(client_of(story.head).get(reverse("desk:disposals")))
    assert client_of(story.head).post(lift, {"reason": "Không cần nữa"}).status_code == 403
    assert lift in text(client_of(ethics).get(reverse("desk:disposals")))
    client_of(ethics).post(lift, {"reason": "Đã kết luận"})
    assert Hold.objects.get().lifted_by == ethics.person.handle


def test_the_period_is_shown_by_its_last_day_as_it_was_chosen(story, client_of):
    clerk = client_of(story.clerk)
    said = {"kinds": "mail.message.accepted", "first_day": "2026-02-23", "last_day": "2026-02-28"}
    page = clerk.post(
        reverse("desk:disposal-new"),
        {"basis": "Điều 16", "reason": "Hết hạn", **said},
        follow=True,
        HTTP_ACCEPT_LANGUAGE="vi",
    )
    assert "28/02/2026" in text(page)
    assert "01/03/2026" not in text(page)


def test_an_official_is_told_objects_and_the_head_decides_anew(story, client_of):
    made = story.propose()
    deciding.approve(made.handle, agency=made.agency, by=story.head.person.handle, at=clock.now())
    official, address = client_of(story.official), reverse("desk:disposal-notice", args=[made.handle])
    assert address in text(official.get(reverse("desk:day")))
    assert "Điều 16 Luật Lưu trữ 2024" in text(official.get(address))
    assert official.post(address, {"reason": " "}).status_code == 422
    page = official.post(address, {"reason": "Còn khiếu nại."}, follow=True, **ENGLISH)
    assert "Your objection is recorded" in text(page)
    assert "You have objected already" in text(
        official.post(address, {"reason": "Nữa"}, follow=True, **ENGLISH)
    )
    page = text(client_of(story.head).get(reverse("desk:disposal", args=[made.handle])))
    assert "Còn khiếu nại." in page
    assert story.official.person.full_name in page
    made.refresh_from_db()
    assert (made.state, made.decided_by, list(made.evidence)) == ("proposed", "", ["proposed"])


def test_nobody_hides_a_proposal_from_the_officials_behind_later_ones(story, client_of):
    proposed = [story.propose().handle for _ in range(7)]
    day = text(client_of(story.official).get(reverse("desk:day")))
    assert [reverse("desk:disposal-notice", args=[one]) in day for one in proposed] == [True] * 7


def test_what_is_being_destroyed_is_objected_to_in_vain(story, client_of):
    address = reverse("desk:disposal-notice", args=[story.begin().handle])
    page = text(client_of(story.official).post(address, {"reason": "Muộn"}, follow=True, **ENGLISH))
    assert "Somebody has gone on with this meanwhile" in page


def test_an_objection_that_came_after_the_page_is_read_before_it_is_approved(story, client_of):
    made, head = story.propose(), client_of(story.head)
    act = reverse("desk:disposal-act", args=[made.handle])
    said = {"by": story.official.person.handle, "reason": "Còn khiếu nại.", "at": clock.now()}
    deciding.object_to(made.handle, agency=made.agency, **said)
    assert "Somebody has gone on with this meanwhile" in text(head.post(act, APPROVE, follow=True, **ENGLISH))
    assert Disposal.objects.get().state == "proposed"
    assert 'name="approval-objections" value="1"' in text(head.get(act.removesuffix("do/")))
    head.post(act, {"approve": "1", "approval-objections": "1"})
    assert Disposal.objects.get().state == "approved"


def test_while_it_is_destroyed_the_page_shows_how_far_it_is(story, client_of):
    one = story.begin()
    address = reverse("desk:disposal", args=[one.handle])
    assert "Nothing is destroyed yet" in text(client_of(story.clerk).get(address, **ENGLISH))
    part = client_of(story.clerk).get(address, HTTP_HX_REQUEST="true", **ENGLISH)
    assert "<html" not in text(part)
    deciding.state_copies(
        one.handle,
        agency=one.agency,
        by=story.clerk.person.handle,
        until=clock.now().date(),
        text="không có",
        today=clock.now().date(),
        at=clock.now(),
    )


def test_a_clerk_takes_their_own_proposal_back_and_nobody_else_is_offered_it(story, client_of):
    made, clerk, head = story.propose(), client_of(story.clerk), client_of(story.head)
    page, act = (reverse(f"desk:{name}", args=[made.handle]) for name in ("disposal", "disposal-act"))
    assert 'name="withdraw"' not in text(head.get(page))
    assert 'name="withdraw"' in text(clerk.get(page))
    assert clerk.post(act, {"withdraw": "1", "withdraw-reason": ""}).status_code == 422
    said = {"withdraw": "1", "withdraw-reason": "Nhầm kỳ hạn"}
    assert "Nothing is destroyed" in text(clerk.post(act, said, follow=True, **ENGLISH))
    told = text(head.get(page, **ENGLISH))
    assert "Nhầm kỳ hạn" in told
    assert "Withdrawn" in told
    assert 'name="approve"' not in told
    assert reverse("desk:disposal-notice", args=[made.handle]) not in text(
        client_of(story.official).get(reverse("desk:day"))
    )


def test_who_objected_has_a_receipt_and_nobody_else(story, client_of):
    made, official = story.propose(), client_of(story.official)
    notice, proof = (
        reverse(f"desk:{name}", args=[made.handle]) for name in ("disposal-notice", "disposal-objection")
    )
    assert official.get(proof).status_code == 404
    official.post(notice, {"reason": "Còn khiếu nại."})
    settle()
    assert proof in text(official.get(notice))
    bundle = official.get(proof)
    assert bundle["Content-Type"] == "application/json"
    facts = verify(bundle.content).facts
    assert (facts.kind, facts.disclosed["reason"]) == ("ledger.disposal.objected", "Còn khiếu nại.")
    assert client_of(story.head).get(proof).status_code == 404


def test_every_hold_can_be_seen_and_lists_are_turned_apart(story, client_of):
    said = {"agency": story.agency, "by": story.head.person.handle, "at": clock.now()}
    for number in range(26):
        holding.place(basis=f"Vụ án {number:02}", **said)
    overview, head = reverse("desk:disposals"), client_of(story.head)
    pages = [text(head.get(overview, {"holds": page, "page": 1}, **ENGLISH)) for page in (1, 2)]
    assert "Vụ án 25" in pages[0]
    assert "Vụ án 00" not in pages[0]
    assert 'href="?holds=2&amp;page=1"' in pages[0]
    assert "Vụ án 00" in pages[1]
    assert "Vụ án 25" not in pages[1]
