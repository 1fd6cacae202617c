"""Drafts of books: written by one person, approved by another, published for good, withdrawn before their day."""

from datetime import date, timedelta

import pytest

from congvu.directory.policies import NotAllowedError
from congvu.ledger import queries as ledger
from congvu.rules import shelf, trial
from congvu.rules.drafts import actions, publication, queries
from congvu.rules.drafts.blocks import NoBlockError, added, blocks, changed, fields
from congvu.rules.drafts.examination import examine
from congvu.rules.models import Adoption, BookDraft
from tests.rules.worlds import BOOK, at

pytestmark = pytest.mark.usefixtures("data_folder", "told_time", "transactional_db")
NOW, LATER = at("2026-03-02 07:00"), date(2026, 4, 1)


@pytest.fixture
def hoa(seat_of):
    """A second legal officer."""
    return seat_of(
        "Phan Thị Hoa", unit="vp", title={"vi": "Pháp chế", "en": "Lawyer"}, functions=("legal_officer",)
    )


@pytest.fixture
def text():
    """The next version of the regulation, as it is begun from a copy."""
    return queries.copied(queries.text_of(BOOK, 1), shelf.version(BOOK, 1), LATER)


@pytest.fixture
def draft(chi, text):
    return actions.begin(by=chi, text=text, base_version=1, at=NOW)


@pytest.fixture
def submitted(chi, draft):
    return actions.submit(by=chi, draft=draft, at=NOW)


def approve(by, draft, *, valid_from=LATER, number="9/QĐ-VP", moment=NOW):
    return actions.approve(by=by, draft=draft, valid_from=valid_from, number=number, at=moment)


def kinds(agency):
    size = ledger.sizes(agency.handle)["2026"]
    return [one.kind for one in ledger.entries_of(agency.handle, 2026, range(size))]


def versions():
    return [(one.version, one.in_force_from, one.in_force_to) for one in shelf.versions(BOOK)]


def test_a_copy_begins_as_the_next_version_and_is_sound(text):
    found = examine(text)
    assert (found.problems, found.failures) == ((), ())
    assert (found.book.version, found.book.in_force_from) == (2, LATER)


def test_examples_of_days_before_the_draft_are_said_to_be_judged_by_the_text_of_their_day(text):
    found = examine(text)
    assert {one.version for one in found.runs} == {1}
    assert (found.by_this, len(found.by_others)) == ((), len(found.book.examples))


def test_an_example_of_a_later_day_is_judged_by_the_draft_itself(text):
    later = text.replace("2026-03-0", "2026-06-0").replace('"2026-12-31', '"2026-12-30')
    found = examine(later.replace("2026-06-08", "2026-06-09"))
    assert {one.version for one in found.runs} == {2}


def test_an_example_that_fails_by_another_version_says_so_with_line_and_mend(text):
    wrong = text.replace("status: fulfilled", "status: breached", 1)
    [problem] = examine(wrong).failures
    assert "It was not judged by this version: version 1 is in force on its day." in str(problem)
    assert "Mend the example, or date it on 2026-04-01 or later, the first day of this version." in str(
        problem
    )
    assert wrong.splitlines()[problem.line - 1].startswith("  - title:")


def test_an_example_before_the_first_day_of_a_new_book_says_that_nothing_was_in_force(text):
    new = text.replace(BOOK, "vn.test.rules").replace("version: 2", "version: 1", 1)
    said = {str(one) for one in examine(new).failures}
    assert said
    assert all("no version of the book is in force on its day" in one for one in said)


def test_the_pattern_of_a_new_book_says_what_is_still_to_be_written(agency):
    pattern = queries.begun(agency, date(2026, 3, 2))
    found = examine(pattern)
    assert [one.line for one in found.problems] == [
        number
        for number, line in enumerate(pattern.splitlines(), 1)
        if '"<' in line and not line.startswith("#")
    ]
    assert not found.is_sound
    filled = pattern.replace('"<', '"').replace('>"', '"')
    assert examine(filled).is_sound


def test_the_pattern_with_its_comments_taken_away_is_a_rule_with_an_example(agency):
    lines = queries.begun(agency, date(2026, 3, 2)).replace('"<', '"').replace('>"', '"').splitlines()
    hints = ("# Replace", "# under", "# Without", "# An example")
    said = [one for one in lines if not one.lstrip().startswith(hints)]
    found = examine("\n".join(one.replace("# ", "", 1) for one in said))
    assert (found.problems, found.failures, len(found.by_this)) == ((), (), 1)


def test_a_replay_takes_the_examples_that_the_editor_takes(text):
    assert trial.read_draft(text, name="draft.yaml").version == 2


def test_a_version_of_two_people_is_published_and_binds_from_its_day(chi, hoa, submitted, settle):
    settle()
    approve(hoa, submitted)
    assert versions() == [(1, date(2010, 1, 1), LATER), (2, LATER, None)]
    path = shelf.published_folder() / f"{BOOK}.v2.yaml"
    assert path.read_text() == submitted.text
    settle()
    assert kinds(chi.agency)[-4:] == [
        "rules.book.proposed",
        "rules.book.approved",
        "rules.book.published",
        "rules.book.adopted",
    ]
    assert [(one.kind, one.by, one.number) for one in queries.steps(submitted)] == [
        ("approved", hoa.person, "9/QĐ-VP"),
        ("submitted", chi.person, ""),
    ]


def test_nobody_approves_or_sends_back_their_own_draft(chi, submitted):
    with pytest.raises(actions.OwnDraftError):
        approve(chi, submitted)
    with pytest.raises(actions.OwnDraftError):
        actions.send_back(by=chi, draft=submitted, reason="x", at=NOW)
    assert len(versions()) == 1


def test_who_decides_no_rules_does_nothing_with_drafts(binh, draft, submitted, text):
    for act in (
        lambda: actions.begin(by=binh, text=text, at=NOW),
        lambda: actions.save_text(by=binh, draft=draft, text="x", revision=1, at=NOW),
        lambda: actions.submit(by=binh, draft=draft, at=NOW),
        lambda: approve(binh, submitted),
        lambda: actions.send_back(by=binh, draft=submitted, reason="x", at=NOW),
        lambda: actions.withdraw(by=binh, draft=submitted, reason="x", at=NOW),
    ):
        with pytest.raises(NotAllowedError):
            act()


def test_only_the_author_changes_a_draft(hoa, draft):
    with pytest.raises(actions.NotAuthorError):
        actions.save_text(by=hoa, draft=draft, text="x", revision=1, at=NOW)
    with pytest.raises(actions.NotAuthorError):
        actions.submit(by=hoa, draft=draft, at=NOW)


def test_what_was_saved_meanwhile_is_not_overwritten(chi, draft):
    actions.save_text(by=chi, draft=draft, text="book: a\n", revision=1, at=NOW)
    with pytest.raises(actions.SavedMeanwhileError) as caught:
        actions.save_text(by=chi, draft=draft, text="book: b\n", revision=1, at=NOW)
    assert caught.value.held.text == "book: a\n"
    assert BookDraft.objects.get().text == "book: a\n"
    assert actions.save_text(by=chi, draft=draft, text="book: b\n", revision=2, at=NOW).revision == 3


def test_a_submitted_text_stands_until_it_is_sent_back(chi, hoa, submitted):
    with pytest.raises(actions.WrongStateError):
        actions.save_text(by=chi, draft=submitted, text="x", revision=1, at=NOW)
    with pytest.raises(actions.NoReasonError):
        actions.send_back(by=hoa, draft=submitted, reason=" ", at=NOW)
    actions.send_back(by=hoa, draft=submitted, reason="Điều 3 chưa rõ", at=NOW)
    assert actions.save_text(by=chi, draft=submitted, text="x", revision=1, at=NOW).text == "x"
    with pytest.raises(actions.WrongStateError):
        approve(hoa, submitted)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (("kind: obligation", "kind: duty"), actions.UnsoundError),
        (("version: 2", "version: 1"), actions.TakenVersionError),
        (("from: 2026-04-01", "from: 2026-03-02"), actions.TooEarlyError),
        (("status: late", "status: fulfilled"), actions.UnsoundError),
    ],
)
def test_what_could_not_bind_is_not_submitted(chi, text, change, error):
    draft = actions.begin(by=chi, text=text.replace(*change), at=NOW)
    with pytest.raises(error):
        actions.submit(by=chi, draft=draft, at=NOW)


def test_approval_comes_before_the_day_and_with_a_number(hoa, submitted):
    with pytest.raises(actions.NoNumberError):
        approve(hoa, submitted, number=" ")
    with pytest.raises(actions.TooEarlyError):
        approve(hoa, submitted, valid_from=LATER + timedelta(days=1))
    with pytest.raises(actions.TooEarlyError):
        approve(hoa, submitted, moment=at("2026-04-01 07:00"))
    assert len(versions()) == 1


def test_a_withdrawn_version_is_as_if_it_had_never_been_and_its_number_stays_taken(chi, hoa, submitted, text):
    approve(hoa, submitted)
    with pytest.raises(actions.NoReasonError):
        actions.withdraw(by=chi, draft=submitted, reason="", at=NOW)
    actions.withdraw(by=chi, draft=submitted, reason="Nhầm ngày", at=NOW)
    assert versions() == [(1, date(2010, 1, 1), None)]
    again = actions.begin(by=chi, text=text, at=NOW)
    with pytest.raises(actions.TakenVersionError):
        actions.submit(by=chi, draft=again, at=NOW)
    assert "version: 3\n" in queries.copied(queries.text_of(BOOK, 1), shelf.version(BOOK, 1), LATER)


def test_what_binds_already_is_not_withdrawn(chi, hoa, submitted):
    approve(hoa, submitted)
    with pytest.raises(actions.TooEarlyError):
        actions.withdraw(by=chi, draft=submitted, reason="x", at=at("2026-04-01 00:00"))
    assert len(versions()) == 2


def test_a_file_that_a_crash_left_unlaid_is_laid_later(hoa, submitted, monkeypatch):
    def full(octets):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(shelf, "publish", full)
        with pytest.raises(OSError, match="No space"):
            approve(hoa, submitted)
    assert len(versions()) == 1
    publication.align()
    publication.align()
    assert len(versions()) == 2


def test_a_book_of_the_agency_is_adopted_by_its_approval(chi, hoa):
    text = queries.begun(chi.agency, date(2026, 3, 2)).replace('"<', '"').replace('>"', '"')
    draft = actions.begin(by=chi, text=text, at=NOW)
    assert examine(text).problems == ()
    actions.submit(by=chi, draft=draft, at=NOW)
    approve(hoa, draft, valid_from=date(2026, 4, 1))
    assert [(one.book, one.valid_from) for one in Adoption.objects.all()] == [
        ("vn.ubnd.rules-2026", date(2026, 4, 1))
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00",
        "- 1",
        "a: &a [*a]",
        "norms: [{id: x}]",
        "norms:\n  - id: [1]\n",
        "norms:\n" + "  - id: x\n" * 2000,
        "book: " + "[" * 5000,
        "a: &a [1,1]\nb: &b [*a,*a]\nc: [*b,*b]\n",
        "book: !!python/object/apply:os.system ['id']\n",
        "title: {vi: '<script>alert(1)</script>', en: '\ud800'}\n",
        "version: 99999999999999999999999\nin_force: {from: 0000-99-99}\n",
        "x" * 600_000,
    ],
)
def test_a_hostile_draft_is_examined_and_never_raises(text):
    assert examine(text).is_sound is False
    assert isinstance(blocks(text), tuple)


def test_a_draft_larger_than_a_book_is_refused(chi):
    with pytest.raises(actions.TooLargeError):
        actions.begin(by=chi, text="x" * 1_000_001, at=NOW)


def test_the_form_changes_only_the_block_of_its_norm(text):
    said = {"title": {"vi": "Trả lời: ngay", "en": "Answer"}, "bearer": ["recipient", "agency"]}
    after = changed(text, "acknowledge", {**said, "deadline": {"within": {"working_hour": 2}}})
    first, last = next((one.first, one.last) for one in blocks(text) if one.id == "acknowledge")
    assert after.splitlines()[: first - 1] == text.splitlines()[: first - 1]
    assert after.endswith("".join(text.splitlines(keepends=True)[last:]))
    block = after.splitlines()[first - 1 : last]
    assert '    title: {vi: "Trả lời: ngay", en: "Answer"}' in block
    assert "    bearer: [recipient, agency]" in block
    assert fields(after, "acknowledge")["deadline"] == {"within": {"working_hour": 2}}


def test_every_norm_survives_the_hand_of_the_form(text):
    for block in blocks(text):
        assert changed(text, block.id, {}) == text


def test_a_norm_is_added_after_the_last_one(text):
    after = added(text, "new-rule-1")
    assert [one.id for one in blocks(after)] == [*(one.id for one in blocks(text)), "new-rule-1"]
    with pytest.raises(NoBlockError):
        added("norms: []", "x")
