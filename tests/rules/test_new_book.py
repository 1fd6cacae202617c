"""A book that nobody has adopted yet, tried on old evidence: as if it had been, and said so."""

import csv
import io
from datetime import date

import pytest

from congvu.cli.__main__ import main
from congvu.ledger import queries as ledger
from congvu.rules import shelf, trial
from congvu.rules.assumption import OutOfBoundsError, UnknownParameterError
from congvu.rules.drafts import actions as drafts
from congvu.rules.models import Adoption, Obligation, Replay, ReplayDifference, ReplayState
from congvu.rules.readers import digest
from congvu.rules.replays import tasks
from tests.rules.test_readers import live_a_day
from tests.rules.worlds import BOOK, RULEBOOK, at

NEW = "vn.test.mail-rules"
NAME = f"{NEW}.yaml"
ASKED_AT = at("2026-03-04 09:00")
# Whoever gets a letter from outside opens it within the minutes that the agency decides.
TEXT = f"""\
book: {NEW}
version: 1
original: vi
title: {{vi: "Quy định thử", en: "Rules on trial"}}
source:
  issuer: {{vi: "Cơ quan", en: "Agency"}}
  number: "7/QĐ"
  signed: 2026-03-01
  checked: nothing
jurisdiction: vn
level: agency
calendar: vn
in_force: {{from: 2026-06-01}}

parameters:
  open_within:
    unit: working_minute
    at_least: 5
    at_most: 480
    title: {{vi: "Thời hạn mở thư", en: "Time to open mail"}}

norms:
  - id: open-mail
    code: OPEN-1
    kind: obligation
    title: {{vi: "Mở thư", en: "Open mail"}}
    text: {{vi: "Người nhận mở thư.", en: "The recipient opens mail."}}
    cite: {{article: not-established, wording: none, checked: nothing}}
    bearer: recipient
    when: {{kind: mail.message.delivered, direction: in, automatic: false, box: [personal, unit, agency]}}
    deadline: {{after: open_within}}
    fulfil: {{kind: mail.message.opened, same: [message, mailbox]}}
"""
WINDOWED = (
    (TEXT[: TEXT.index("parameters:")] + TEXT[TEXT.index("norms:") :])
    .replace(
        """    when: {kind: mail.message.delivered, direction: in, automatic: false, box: [personal, unit, agency]}
    deadline: {after: open_within}
    fulfil: {kind: mail.message.opened, same: [message, mailbox]}
""",
        """    every: working_day
    windows: ["10:00/11:00"]
    fulfil: {kind: mail.mailbox.checked, box: [personal, unit, agency]}
""",
    )
    .replace("bearer: recipient", "bearer: official")
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lived(bound, binh, chi, settle):
    live_a_day(bound, binh, chi, settle)
    return bound


@pytest.fixture
def desk(lived, chi, client_of):
    return client_of(chi)


def try_it(desk, text=TEXT, **said):
    file = io.BytesIO(text.encode())
    file.name = NAME
    return desk.post("/rules/replays/", {"file": file, **said})


def tried(desk, text=TEXT, **said):
    """Ask, let the clerk work, and return the replay with its page."""
    answer = try_it(desk, text, **said)
    assert answer.status_code == 302
    assert tasks.run_next(lambda: ASKED_AT)
    replay = Replay.objects.get()
    assert replay.state == ReplayState.FINISHED
    return replay, desk.get(answer.url).content.decode()


def found(replay):
    rows = ReplayDifference.objects.filter(replay=replay)
    return [(one.kind, one.book, one.norm, one.body["new"]["status"], one.is_worse) for one in rows]


def test_every_duty_of_a_new_book_is_new_and_what_was_not_done_is_worse(desk):
    replay, page = tried(desk)
    assert found(replay) == [("new", NEW, "open-mail", "breached", True)] * 3
    assert replay.figures["duties_new"] == replay.figures["duties_old"] + 3
    assert "3 duties would be judged worse" in page
    assert "Nobody is judged for the past" in page
    assert "Rules on trial" in page


def test_the_report_says_what_it_assumes_on_every_face(desk):
    replay, page = tried(desk)
    said = "It is assumed that the agency had adopted it from 2 Mar 2026 on."
    least = "Time to open mail 5 working minutes (the least that it allows)"
    assert said in page
    assert least in page
    printed = desk.get(f"/rules/replays/{replay.handle}/print/").content.decode()
    assert (said in printed, least in printed) == (True, True)


def test_the_assumed_adoption_is_nowhere_but_in_the_report(desk, lived, settle):
    before = (
        digest(agency=lived.handle),
        shelf.shelf(),
        set(Adoption.objects.values_list("book", flat=True)),
    )
    tried(desk)
    settle()
    after = (digest(agency=lived.handle), shelf.shelf(), set(Adoption.objects.values_list("book", flat=True)))
    assert after[1] is before[1]
    assert (after[0], after[2]) == (before[0], {BOOK})
    kinds = [one.kind for one in ledger.entries_from(lived.handle, 0, 0, 1_000)]
    assert kinds.count("rules.book.adopted") == 1
    assert not Obligation.objects.filter(book=NEW).exists()


def test_the_officer_says_how_its_parameters_are_decided(desk):
    replay, page = tried(desk, values="open_within = 480")
    due = {one.body["new"]["due_at"] for one in ReplayDifference.objects.filter(replay=replay)}
    assert due == {
        at(text).isoformat() for text in ("2026-03-04 07:40", "2026-03-04 14:30", "2026-03-04 16:50")
    }
    assert "Time to open mail 480 working minutes." in page


@pytest.mark.parametrize(("day", "expected"), [("2026-03-02", 3), ("2026-03-03", 0)])
def test_it_binds_from_the_day_that_the_officer_chose(desk, day, expected):
    replay, _ = tried(desk, WINDOWED, assumed_from=day)
    windows = [one for one in found(replay) if one[3] == "breached"]
    assert len(windows) == expected  # of three people; the agency closed the third


def test_the_text_that_binds_is_judged_on_as_it_was(desk):
    replay, _ = tried(desk)
    assert replay.figures["kinds"] == {"new": 3}
    assert not ReplayDifference.objects.filter(replay=replay, book=BOOK).exists()


def test_a_book_of_the_rulebook_that_was_not_adopted_is_tried_in_the_same_way(desk):
    text = (RULEBOOK / "vn.mic.mail-2016.yaml").read_text()
    replay, page = tried(desk, text)
    assert replay.figures["kinds"] == {}
    assert "It is assumed that the agency had adopted it from" in page


def test_the_report_keeps_the_titles_of_its_time(desk):
    replay, _ = tried(desk)
    Replay.objects.update(text="not readable any more")
    page = desk.get(f"/rules/replays/{replay.handle}/").content.decode()
    assert page.count("Open mail") >= 4
    rows = list(csv.reader(io.StringIO(b"".join(desk.get(f"/rules/replays/{replay.handle}/csv/")).decode())))
    assert [row[2] for row in rows[1:]] == ["Open mail"] * 3


def test_a_book_that_was_withdrawn_before_its_day_is_tried_as_a_new_one(lived, chi, seat_of):
    hoa = seat_of("Hoa", unit="vp", title={"vi": "Pháp chế", "en": "Lawyer"}, functions=("legal_officer",))
    draft = drafts.begin(by=chi, text=TEXT, at=ASKED_AT)
    drafts.submit(by=chi, draft=draft, at=ASKED_AT)
    drafts.approve(by=hoa, draft=draft, valid_from=date(2026, 6, 1), number="7/QĐ", at=ASKED_AT)
    tried_before = trial.prepare(agency=lived, draft=trial.read_draft(TEXT, name=NAME))
    drafts.withdraw(by=hoa, draft=draft, reason="Nhầm", at=ASKED_AT)
    Adoption.objects.filter(book=NEW).update(valid_from=date(2026, 3, 2))
    tried_after = trial.prepare(agency=lived, draft=trial.read_draft(TEXT, name=NAME))
    assert [one.assumed.day for one in (tried_before, tried_after)] == [date(2026, 3, 2)] * 2


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"values": "open_within = 4"}, "from 5 working minutes to 480 working minutes"),
        ({"values": "open_soon = 5"}, "The book has no parameter open_soon. It has: open_within."),
        ({"assumed_from": "2026-03-04", "last": "2026-03-03"}, "This day lies after the period"),
    ],
)
def test_what_cannot_be_assumed_is_refused_beside_its_field(desk, said, words):
    answer = try_it(desk, **said)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Replay.objects.exists()


def test_the_command_tries_a_new_book_and_says_what_it_assumes(lived, tmp_path, capsys):
    path = tmp_path / NAME
    path.write_text(TEXT)
    assert (
        main(["rules", "replay", str(path), "--adopted-from", "2026-03-02", "--parameter", "open_within=30"])
        == 1
    )
    printed = capsys.readouterr().out
    assert "It is assumed that the agency had adopted it from 2 Mar 2026 on." in printed
    assert "Time to open mail 30 working minutes." in printed
    assert f"{NEW} open-mail: new 3" in printed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--parameter", "open_within=4"), "Choose from 5 to 480 (working_minute)"),
        (("--parameter", "open_soon=4"), "It has: open_within."),
        (("--adopted-from", "2026-03-04", "--to", "2026-03-03"), "lies after the period"),
    ],
)
def test_the_command_refuses_what_cannot_be_assumed(lived, tmp_path, capsys, words, said):
    path = tmp_path / NAME
    path.write_text(TEXT)
    assert main(["rules", "replay", str(path), *words]) == 2
    assert said in capsys.readouterr().err


def test_an_assumption_fills_every_parameter_within_its_bounds(lived):
    draft = trial.read_draft(TEXT, name=NAME)
    ready = trial.prepare(agency=lived, draft=draft, first=date(2026, 3, 3))
    assert ready.assumed is not None
    assert (ready.assumed.day, dict(ready.assumed.values)) == (date(2026, 3, 3), {"open_within": 5})
    with pytest.raises(OutOfBoundsError):
        trial.prepare(agency=lived, draft=draft, values={"open_within": 481})
    with pytest.raises(UnknownParameterError):
        trial.prepare(agency=lived, draft=draft, values={"nothing": 5})
