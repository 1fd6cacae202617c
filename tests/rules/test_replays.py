"""Replays that somebody asked for: the clerk does them, keeps what they found, and says so when one came to nothing."""

import csv
import io
import re
from datetime import date
from zipfile import ZipFile

import pytest

from congvu.cli.__main__ import main
from congvu.directory.policies import NotAllowedError
from congvu.ledger import queries as ledger
from congvu.rules import shelf, trial
from congvu.rules.models import Obligation, Replay, ReplayDifference, ReplayState
from congvu.rules.policies import sight
from congvu.rules.readers import digest
from congvu.rules.replays import actions, export, queries, tasks
from congvu.rules.replays.report import Half, Line, Report
from tests.rules.test_readers import live_a_day
from tests.rules.worlds import BOOK, RULEBOOK, ZONE, at

NAME = f"{BOOK}.yaml"
TEXT = (RULEBOOK / NAME).read_text()
LONGER = TEXT.replace('"08:00/09:00"', '"08:30/09:00"')  # the check at 08:10 comes too early
ASKED_AT = at("2026-03-04 09:00")

pytestmark = pytest.mark.django_db(transaction=True)


def without_examples(text):
    return text[: text.index("\nexamples:")] + "\n"


@pytest.fixture
def lived(bound, binh, chi, settle):
    live_a_day(bound, binh, chi, settle)
    return bound


@pytest.fixture
def ask(lived, chi):
    def asked(text=LONGER, *, by=chi, first=None, last=None, name=NAME):
        text = without_examples(text)
        draft = trial.read_draft(text, name=name)
        return actions.ask(by=by, draft=draft, text=text, name=name, first=first, last=last, at=ASKED_AT)

    return asked


def done(replay):
    assert tasks.run_next(lambda: ASKED_AT)
    replay.refresh_from_db()
    return replay


def test_the_clerk_finds_who_would_have_come_too_early_and_changes_no_duty(ask, lived, settle, binh):
    before = digest(agency=lived.handle)
    replay = done(ask())
    assert (replay.state, replay.done) == (ReplayState.FINISHED, replay.total)
    worse = ReplayDifference.objects.filter(replay=replay, is_worse=True, person=binh.person.handle)
    sides = [(one.body["old"]["status"], one.body["new"]["status"]) for one in worse]
    assert sides == [("fulfilled", "breached")]
    assert replay.figures["worse"] == ReplayDifference.objects.filter(replay=replay, is_worse=True).count()
    assert sum(replay.figures["kinds"].values()) == ReplayDifference.objects.filter(replay=replay).count()
    assert digest(agency=lived.handle) == before


def test_the_same_text_again_changes_nothing(ask):
    replay = done(ask(TEXT))
    assert (replay.state, replay.figures["kinds"], replay.figures["worse"]) == (ReplayState.FINISHED, {}, 0)
    assert replay.figures["duties_old"] == replay.figures["duties_new"] == Obligation.objects.count()


def test_asking_leaves_coarse_evidence(ask, lived, chi, settle):
    ask()
    settle()
    entries = ledger.entries_from(lived.handle, 0, 0, 1_000)
    found = [one for one in entries if one.kind == "rules.draft.replayed"]
    assert [(one.attributes, one.disclosures) for one in found] == [
        ({"book": BOOK}, {"actor": chi.person.handle})
    ]


def test_only_who_decides_rules_or_administers_asks(ask, binh):
    with pytest.raises(NotAllowedError):
        ask(by=binh)
    assert not Replay.objects.exists()


def test_a_replay_that_the_clerk_left_is_said_to_be_interrupted(ask):
    replay = ask()
    actions.take_up(at=ASKED_AT)
    assert actions.interrupt(at=ASKED_AT) == 1
    replay.refresh_from_db()
    assert (replay.state, replay.finished_at) == (ReplayState.INTERRUPTED, ASKED_AT)


def test_a_stopping_clerk_interrupts_and_keeps_nothing(ask):
    replay = ask()
    tasks.run_next(lambda: ASKED_AT, stopped=lambda: True)
    replay.refresh_from_db()
    assert replay.state == ReplayState.INTERRUPTED
    assert not ReplayDifference.objects.exists()


def test_a_canceled_replay_does_not_run_and_ends_once(ask, chi):
    replay = ask()
    actions.cancel(by=chi, replay=replay, at=ASKED_AT)
    assert not tasks.run_next(lambda: ASKED_AT)
    with pytest.raises(actions.AlreadyEndedError):
        actions.cancel(by=chi, replay=replay, at=ASKED_AT)


def test_one_that_is_canceled_while_it_runs_stops_there(ask, chi):
    replay = ask()
    taken = actions.take_up(at=ASKED_AT)
    actions.cancel(by=chi, replay=replay, at=ASKED_AT)
    assert not actions.advance(taken, done=1, total=2)


def test_old_replays_are_forgotten(ask, monkeypatch):
    monkeypatch.setattr(actions, "KEPT", 2)
    made = [done(ask()) for _ in range(3)]
    assert set(Replay.objects.values_list("pk", flat=True)) == {made[1].pk, made[2].pk}


def test_a_period_before_the_first_book_is_refused_with_its_day(lived):
    draft = trial.read_draft(without_examples(LONGER), name=NAME)
    with pytest.raises(trial.BeforeFirstBookError) as refused:
        trial.prepare(agency=lived, draft=draft, last=date(2026, 3, 1))
    assert refused.value.first == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2026, 3, 5), date(2026, 3, 4)), (date(2031, 1, 1), None)],
)
def test_an_empty_period_is_refused(lived, first, last):
    draft = trial.read_draft(without_examples(LONGER), name=NAME)
    with pytest.raises(trial.EmptyPeriodError):
        trial.prepare(agency=lived, draft=draft, first=first, last=last)


def test_a_draft_with_a_problem_names_file_line_and_mend():
    with pytest.raises(trial.DraftProblemsError) as refused:
        trial.read_draft(TEXT.replace("kind: mail.mailbox.checked", "kind: mail.mailbox.chekked"), name=NAME)
    assert {(one.file, one.line > 1, bool(one.mend)) for one in refused.value.problems} == {
        (NAME, True, True)
    }


def test_an_example_that_the_draft_breaks_is_a_problem():
    with pytest.raises(trial.DraftProblemsError):
        trial.read_draft(LONGER, name=NAME)


def test_a_report_names_units_and_only_people_on_sight(ask, lived, chi, an, binh):
    replay = done(ask())
    bodies = list(queries.bodies(queries.differences(replay)))
    told = replay.figures
    assert {line.person for line in Report(lived, figures=told).lines(bodies)} == {""}
    seen = {line.person for line in Report(lived, figures=told, sight=sight(chi)).lines(bodies)}
    assert binh.person.full_name in seen
    own = {line.person for line in Report(lived, figures=told, sight=sight(an)).lines(bodies)} - {""}
    assert own <= {an.person.full_name}
    units = {line.unit for line in Report(lived, figures=told).lines(bodies)}
    assert units == {"Office"}


LINE = Line(
    kind="changed",
    kind_words="Changed",
    is_worse=True,
    changes="status",
    norm='=HYPERLINK("http://example.invalid")',
    unit="+84",
    person="@an",
    opened_at=at("2026-03-02 08:00"),
    old=Half(article="-1", status="Fulfilled", tone="good", due_at=at("2026-03-02 09:00")),
    new=None,
)


def test_nothing_in_a_csv_file_is_a_formula():
    text = "".join(export.csv_rows([LINE], zone=ZONE))
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert [len(row) for row in rows] == [len(export.heads())] * 2
    assert rows[1][2:6] == ["'" + LINE.norm, "'+84", "'@an", "2026-03-02 08:00"]
    assert rows[1][6] == "'-1"
    assert not [cell for row in rows for cell in row if cell.startswith(export.FORMULA)]


def test_a_workbook_holds_figures_and_lines_and_no_formula(tmp_path):
    path = tmp_path / "report.xlsx"
    export.write_xlsx(path, lines=[LINE, LINE], figures=[("=1+1", "7")], zone=ZONE)
    with ZipFile(path) as file:
        sheets = [file.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2)]
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
    assert sheets[1].count("<row ") == 3
    assert "HYPERLINK" in sheets[1]


def test_the_shelf_itself_is_left_alone(ask):
    before = shelf.shelf()
    done(ask())
    assert shelf.shelf() is before


def upload(client, text, **said):
    file = io.BytesIO(text.encode())
    file.name = NAME
    return client.post("/rules/replays/", {"file": file, **said})


@pytest.fixture
def desk(lived, chi, client_of):
    return client_of(chi)


def test_the_head_tries_a_file_reads_filters_and_takes_the_report_away(desk, lived):
    answer = upload(desk, without_examples(LONGER))
    assert answer.status_code == 302
    replay = Replay.objects.get()
    assert "Waiting" in desk.get(answer.url).content.decode()
    done(replay)
    page = desk.get(answer.url).content.decode()
    assert "Only a trial" in page
    assert "1 duty would be judged worse" in page
    assert desk.get(answer.url, {"kind": "new"}).content.decode().count("<tbody>") == 2
    rows = list(csv.reader(io.StringIO(b"".join(desk.get(f"{answer.url}csv/", {"worse": "1"})).decode())))
    assert len(rows) == 2
    with ZipFile(io.BytesIO(desk.get(f"{answer.url}xlsx/").content)) as file:
        assert "xl/worksheets/sheet2.xml" in file.namelist()
    assert desk.get(f"{answer.url}print/").status_code == 200


def test_a_trial_under_way_is_watched_and_stopped(desk, lived):
    url = upload(desk, without_examples(LONGER)).url
    assert "HX-Refresh" not in desk.get(url, headers={"HX-Request": "true"})
    assert desk.get(f"{url}csv/").status_code == 404
    assert desk.post(f"{url}cancel/").status_code == 302
    assert desk.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "Somebody stopped it" in desk.get(url).content.decode()


@pytest.mark.parametrize(
    ("text", "said", "words"),
    [
        (TEXT.replace("mail.mailbox.checked", "mail.mailbox.chekked"), {}, "The draft has problems"),
        (without_examples(TEXT), {"assumed_from": "2026-03-02"}, "This book binds the agency"),
        (without_examples(TEXT), {"values": "acknowledge_within = 30"}, "This book binds the agency"),
        (without_examples(TEXT), {"values": "acknowledge_within: 30"}, "write a name, = and a whole number"),
        (without_examples(TEXT), {"last": "2026-03-01"}, "No book bound the agency before 2026-03-02"),
        (without_examples(TEXT), {"first": "2031-01-01"}, "Nothing was recorded in this period"),
    ],
)
def test_what_cannot_be_tried_is_refused_with_its_reason(desk, text, said, words):
    answer = upload(desk, text, **said)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Replay.objects.exists()


def test_without_a_draft_the_form_asks_for_one(desk):
    answer = desk.post("/rules/replays/", {})
    assert (answer.status_code, "Choose a draft or a file" in answer.content.decode()) == (422, True)


def test_an_official_sees_no_trials(lived, client_of, binh):
    client = client_of(binh)
    assert client.get("/rules/replays/").status_code == 403


def command(*words):
    return main(["rules", "replay", *[str(one) for one in words]])


@pytest.fixture
def file(tmp_path):
    path = tmp_path / NAME
    path.write_text(without_examples(LONGER))
    return path


def test_the_command_prints_figures_and_writes_files(lived, file, tmp_path, capsys, settle):
    targets = tmp_path / "found.csv", tmp_path / "found.xlsx"
    assert command(file, "--csv", targets[0], "--xlsx", targets[1]) == 1
    printed = capsys.readouterr().out
    assert "This is a trial. It changes no duty." in printed
    assert re.search(r"^worse: +1$", printed, re.MULTILINE)
    assert targets[0].read_text().startswith("\ufeff")
    assert targets[1].read_bytes().startswith(b"PK")
    settle()
    kinds = [one.kind for one in ledger.entries_from(lived.handle, 0, 0, 1_000)]
    assert kinds[-1] == "rules.draft.replayed"


def test_the_command_says_nothing_differs(lived, file, capsys):
    file.write_text(TEXT)
    assert command(file, "--from", "2026-03-02", "--to", "2026-03-03") == 0
    assert "changed:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        (TEXT.replace("mail.mailbox.checked", "mail.mailbox.chekked"), (), f"{NAME}:"),
        (TEXT, ("--adopted-from", "2026-03-02"), "its own decisions count"),
        (TEXT, ("--to", "2026-03-01"), "No book bound ubnd before 2026-03-02"),
        (TEXT, ("--from", "2031-01-01"), "Nothing was recorded"),
        (TEXT, ("--agency", "nobody"), "There are: ubnd"),
    ],
)
def test_the_command_refuses_in_words(lived, file, capsys, text, words, said):
    file.write_text(text)
    assert command(file, *words) == 2
    assert said in capsys.readouterr().err


def test_a_file_that_is_missing_or_no_text_is_refused_in_words(lived, file, capsys):
    assert command(file.parent / "nothing.yaml") == 2
    assert "cannot be read" in capsys.readouterr().err
    file.write_bytes(b"\xff\xfe")
    assert command(file) == 2
    assert "not UTF-8" in capsys.readouterr().err
