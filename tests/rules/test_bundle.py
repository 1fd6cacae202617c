"""A finding taken out of the database is found again: of a cap with what it counted, of a person with the leave."""

import json
from datetime import date

import pytest

import congvu_recheck
from congvu.directory.events import LeaveEnded, LeaveGranted
from congvu.mail.events import MessageAccepted
from congvu.rules import actions, bundle, shelf
from congvu.rules.models import Obligation
from tests.rules.conftest import tell
from tests.rules.test_readers import deliver
from tests.rules.worlds import at

BOOK = "vn.test.automatic-2026"
CAPPED = """
book: vn.test.automatic-2026
version: 1
original: vi
title: {vi: "Quy định thử nghiệm về thư tự động", en: "Test regulation on automatic mail"}
source:
  issuer: {vi: "Bộ Thử nghiệm", en: "Ministry of Tests"}
  number: "2/2026/TT-BTN"
  signed: 2026-01-01
  checked: gazette
jurisdiction: vn
level: ministry
calendar: vn
in_force: {from: 2026-01-01}
norms:
  - id: few-automatic
    code: TEST-1
    kind: obligation
    title: {vi: "Ít thư tự động", en: "Little automatic mail"}
    text: {vi: "Mỗi tuần không quá 40% thư gửi tự động.", en: "At most 40 per cent of a week's mail is automatic."}
    cite: {article: "Điều 1", wording: legal_text, checked: gazette}
    bearer: agency
    every: week
    cap:
      part: {kind: mail.message.accepted, automatic: true}
      whole: {kind: mail.message.accepted}
      percent: 40
"""


def exported(duty: Obligation) -> dict:
    return json.loads(bundle.export(duty.handle, agency=duty.agency, shown=lambda _: None))


def answered(told: dict) -> int:
    return congvu_recheck.answer(json.dumps(told).encode())[0]


@pytest.fixture
def capped(bound, chi, settle):
    """A week in which two of four messages were automatic, where two of five may be."""
    shelf.publish(CAPPED.encode())
    moment = at("2026-03-02 09:00")
    actions.adopt(by=chi, book=BOOK, valid_from=date(2026, 3, 2), number="1/QĐ", at=moment)
    settle()
    common = {"channel": "web", "direction": "internal", "communication": "other"}
    for number in range(4):
        event = MessageAccepted(**common, automatic=number < 2)
        tell(bound, event, at(f"2026-03-1{number} 09:00"), message=f"m{number}")
    actions.tick(agency=bound, at=at("2026-03-17 09:00"))
    settle()
    return Obligation.objects.get(norm="few-automatic")


def test_a_cap_comes_with_the_entries_that_it_counted(capped):
    told = exported(capped)
    assert (told["finding"]["part"], told["finding"]["whole"], told["finding"]["status"]) == (
        2,
        4,
        "breached",
    )
    counted = [one for one in told["entries"] if one["kind"] == "mail.message.accepted"]
    assert len(counted) == 4
    assert all("receipt" in one for one in told["entries"])
    assert answered(told) == 0


def test_another_count_is_named(capped):
    told = exported(capped)
    told["finding"]["part"] = 1
    points = dict(congvu_recheck.replay(congvu_recheck.read(json.dumps(told).encode())))
    assert points == {"count": {"claimed": [1, 4], "found": [2, 4]}}
    told = exported(capped)
    told["finding"]["status"] = "fulfilled"
    points = dict(congvu_recheck.replay(congvu_recheck.read(json.dumps(told).encode())))
    assert list(points) == ["status"]


def test_a_cap_of_very_many_entries_comes_with_its_counts_alone(capped, monkeypatch):
    monkeypatch.setattr(bundle, "COUNTED", 3)
    told = exported(capped)
    assert {one["kind"] for one in told["entries"]} == {"rules.book.adopted"}
    assert answered(told) == 0


def test_leave_comes_with_its_days_and_without_who_acts(bound, an, binh, settle):
    who, days = binh.person.handle, {"valid_from": "2026-03-03", "valid_to": "2026-03-10"}
    tell(
        bound,
        LeaveGranted(acting=True),
        at("2026-03-02 07:10"),
        leave="l",
        person=who,
        acting=an.person.handle,
        **days,
    )
    deliver(bound, binh.person, "2026-03-02 16:50")
    tell(bound, LeaveEnded(), at("2026-03-04 09:00"), leave="l", person=who, valid_to="2026-03-05")
    settle()
    told = exported(Obligation.objects.get(norm="acknowledge"))
    assert told["finding"]["due_at"] == "2026-03-10T00:50:00.000000Z"  # 07:50, the first day back as granted
    said = [one["disclosures"] for one in told["entries"] if one["kind"].startswith("directory.leave.")]
    assert said == [
        {"leave": "l", "person": who, **days},
        {"leave": "l", "person": who, "valid_to": "2026-03-05"},
    ]
    assert answered(told) == 0
    told["entries"] = [one for one in told["entries"] if one["kind"] != "directory.leave.granted"]
    points = dict(congvu_recheck.replay(congvu_recheck.read(json.dumps(told).encode())))
    assert list(points) == ["due", "segment", "status"]
