"""The program that shares no code finds every finding of the engine again, and every lie that is planted in one."""

import ast
import json
import os
import random
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import congvu_recheck
from congvu.rules import deadlines, examples
from congvu.rules.book import Deadline
from congvu.rules.bundle import Case, build
from congvu.rules.judge import judge
from congvu.rules.law import Law
from congvu.rules.state import State
from congvu.standards.working_time import UnknownYearError
from tests.rules import findings, long_run, worlds

PROGRAM = Path(congvu_recheck.__file__)
WHOLE = 20_000  # findings that meet every way of counting


def answered(data: bytes) -> tuple[int, list[str]]:
    return congvu_recheck.answer(data, language="en")


def points(bundle: dict) -> dict:
    """Return the code of each point that is not found again, with its values."""
    return dict(congvu_recheck.replay(congvu_recheck.read(json.dumps(bundle).encode())))


def test_findings_of_random_worlds_are_found_again():
    agreed = 0
    for seed in range(3):
        for data in findings.bundles(seed):
            code, said = answered(data)
            assert code == 0, (seed, said)
            agreed += 1
    assert agreed > 300


def test_what_the_examples_of_the_books_give_is_found_again():
    agreed = 0
    for book in worlds.SHELF.books:
        calendar = worlds.SHELF.calendars[book.calendar].calendar
        law = Law(worlds.SHELF.books, calendar)
        for example in book.examples:
            entries = [examples.evidence(one, number, calendar) for number, one in enumerate(example.given)]
            seen = examples.instant(example.as_of, calendar)
            tick = examples.Told(id="tick", kind="rules.clock.ticked", at=seen, attributes={}, disclosures={})
            state = judge(law, State(findings.AGENCY), [*entries, tick])
            for duty in [one for one in state.obligations.values() if one.norm == example.norm]:
                code, said = answered(findings.bundle_of(law, [*entries, tick], state, duty))
                assert code == 0, (book.id, example.title, said)
                agreed += 1
    assert agreed > len(worlds.SHELF.books)


@pytest.mark.torture
def test_a_hundred_thousand_findings_are_found_again(capsys):
    """CONGVU_TORTURE_FINDINGS says how many, CONGVU_TORTURE_SEED from which world on."""
    total = int(os.environ.get("CONGVU_TORTURE_FINDINGS", "100000"))
    first = int(os.environ.get("CONGVU_TORTURE_SEED", "1000"))
    with capsys.disabled():
        tell = partial(print, flush=True)
        tell()
        met = long_run.replay(total, first=first, processes=2, tell=tell)
        tell(
            f"findings replayed {met.findings}, {met.commands} of them as a command", *met.ways.most_common()
        )
    assert met.disagreed == []
    assert met.findings >= total
    assert total < WHOLE or set(met.ways) == findings.every_way()


def test_every_way_of_counting_is_met_in_the_random_worlds():
    met = set()
    for seed in range(40):
        law, _, state = findings.world(seed)
        for duty in state.obligations.values():
            met |= findings.ways(law, duty, state)
    assert met == findings.every_way()


def test_a_long_run_names_the_seed_of_what_disagrees(monkeypatch):
    told = []
    monkeypatch.setattr(congvu_recheck, "_derived", lambda *_: "another")
    monkeypatch.setattr(long_run, "EVENTS", 40)  # a small world
    met = long_run.replay(5, first=1_002, processes=1, tell=told.append)
    assert len(met.disagreed) >= met.findings >= 5
    assert told[0].startswith("seed 1002, finding ")
    assert told[-1].startswith(f"findings {met.findings}, agreed ")


DEADLINES = st.one_of(
    st.builds(
        lambda of, roll: (Deadline(amount=of[1], unit=of[0], roll=roll), *of),
        st.sampled_from(findings.UNITS).flatmap(
            lambda unit: st.tuples(st.just(unit), st.integers(1, findings.AMOUNTS[unit]))
        ),
        st.booleans(),
    ),
    st.builds(
        lambda of, from_end: (
            Deadline(amount=of[1], unit=of[0], is_before=not from_end, is_from_year_end=from_end),
            *of,
        ),
        st.sampled_from(findings.UNITS).flatmap(
            lambda unit: st.tuples(st.just(unit), st.integers(1, findings.AMOUNTS[unit]))
        ),
        st.booleans(),
    ),
    st.sampled_from(["same_day", "same_or_next_day", "next_morning"]).map(
        lambda name: (Deadline(**{name: True}), "", 0)
    ),
    st.builds(lambda m, d: (Deadline(by=f"{m:02}-{d:02}"), "", 0), st.integers(1, 12), st.integers(1, 31)),
)
MOMENTS = st.integers(0, 3 * 365 * 24 * 60 * 60).map(
    lambda seconds: datetime(2023, 1, 10, tzinfo=UTC) + timedelta(seconds=seconds)
)
GAPS = st.lists(st.tuples(st.integers(0, 4_000), st.integers(1, 9_000)), max_size=2)


@settings(max_examples=100)
@given(DEADLINES, MOMENTS, GAPS, st.sampled_from(sorted(worlds.SHELF.calendars)))
def test_the_naive_walk_reckons_every_deadline_as_the_engine(drawn, start, gaps, name):
    deadline, unit, amount = drawn
    calendar, at, holes = worlds.SHELF.calendars[name].calendar, start, []
    for after, long in gaps:
        holes.append((at + timedelta(minutes=after), at + timedelta(minutes=after + long)))
        at = holes[-1][1]
    naive = congvu_recheck.Calendar(plain(name))
    naive.holes = list(holes)
    found = congvu_recheck.due(json_of(deadline), start, amount, unit, [], naive)
    assert found == deadlines.due(
        deadline, start=start, amount=amount, unit=unit or None, calendar=calendar, suspended=holes
    )


@cache
def plain(name: str) -> dict:
    calendar = worlds.SHELF.calendars[name].calendar
    first, last = date(2019, 1, 1), date(2030, 12, 31)
    days = [first + timedelta(days=number) for number in range((last - first).days)]
    known = {}
    for one in days:
        try:
            known[one.isoformat()] = [list(span) for span in calendar.hours(one)]
        except UnknownYearError:
            last = min(last, one)
    weeks = [{"from": first, "hours": [[list(span) for span in hours] for hours in calendar.weekly]}]
    return {"zone": ZoneInfo(calendar.zone), "from": first, "through": last, "weeks": weeks, "days": known}


def json_of(deadline: Deadline) -> dict:
    return {name: found for name in Deadline.__dataclass_fields__ if (found := getattr(deadline, name))}


# ---- lies ------------------------------------------------------------------------------------------------


def told(story: worlds.Story, norm: str, person: str = "binh") -> dict:
    """Return the bundle of a person's duty in a story, as a mapping to lie in."""
    state = worlds.judged(story.told)
    duty = next(one for one in state.obligations.values() if one.norm == norm and one.person == person)
    case = Case(
        agency="agency",
        duty=duty,
        law=worlds.LAW,
        facts=state.facts,
        label="vn",
        entries=story.told,
        receipts={},
        seen=state.as_of,
    )
    return json.loads(build(case))


@pytest.fixture
def late() -> dict:
    """Bình acknowledges a letter of Monday 11:20 at 13:21, a minute late."""
    story = (
        worlds.office()
        .deliver("2026-03-02 11:20", "letter", "binh")
        .acknowledge("2026-03-02 13:21", "letter", "binh")
    )
    return told(story.tick("2026-03-05 00:00"), "acknowledge")


@pytest.fixture
def missed() -> dict:
    return told(worlds.office().tick("2026-03-03 00:00"), "check-mailbox")


@pytest.fixture
def away() -> dict:
    """Bình is away from Tuesday to Thursday when a letter of Monday 16:50 would fall due; he acknowledges it late."""
    story = worlds.office().away("2026-03-02 07:00", "binh", "2026-03-03", "2026-03-06")
    story.deliver("2026-03-02 16:50", "letter", "binh").acknowledge("2026-03-06 08:00", "letter", "binh")
    return told(story.tick("2026-03-07 00:00"), "acknowledge")


def test_what_is_true_agrees(late, missed, away):
    assert (points(late), points(missed), points(away)) == ({}, {}, {})


def test_leave_that_was_dropped_or_is_another_s_is_named(away):
    entry = next(one for one in away["entries"] if one["kind"] == "directory.leave.granted")
    entry["disclosures"]["person"] = "chi"
    assert list(points(away)) == ["due", "segment"]
    away["entries"].remove(entry)
    assert points(away)["due"]["found"] == datetime(2026, 3, 3, 0, 50, tzinfo=UTC)


def test_leave_of_a_missed_window_is_named(missed):
    said = {"leave": "l", "person": "binh", "valid_from": "2026-03-02", "valid_to": "2026-03-03"}
    entry = {"id": "e99", "kind": "directory.leave.granted", "at": missed["as_of"], "attributes": {}}
    missed["entries"].append(entry | {"disclosures": said, "destroyed": False})
    assert list(points(missed)) == ["annulled", "status"]


def test_a_due_time_one_minute_off_is_named(late):
    late["finding"]["due_at"] = "2026-03-02T06:21:00.000000Z"
    assert list(points(late)) == ["due"]
    assert (
        "Due time: the finding says 2026-03-02 13:21:00+07; recomputed 2026-03-02 13:20:00+07"
        in "\n".join(answered(json.dumps(late).encode())[1])
    )


def test_another_version_is_named(late):
    late["finding"]["version"] = late["book"]["version"] = 2
    late["book"]["versions"].append({"version": 2, "from": "2026-03-03", "to": None})
    late["book"]["versions"][0]["to"] = "2026-03-03"
    assert points(late)["version"] == {"day": date(2026, 3, 2), "claimed": 2, "found": [1]}


def test_another_calendar_day_is_named_with_its_segment(late):
    late["calendar"]["days"]["2026-03-02"] = []
    found = points(late)
    assert list(found) == ["due", "segment", "status"]
    assert found["segment"]["number"] == 1


def test_a_day_that_was_closed_behind_a_window_is_named(missed):
    missed["calendar"]["days"]["2026-03-02"] = []
    assert list(points(missed)) == ["period"]


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("mail.message.acknowledged", ["absent", "fulfilled", "status"]),
        ("mail.message.delivered", ["absent", "not_cause"]),
        ("rules.book.adopted", ["not_adopted"]),
        ("rules.parameter.decided", ["absent", "parameter", "due", "status"]),
    ],
)
def test_a_dropped_entry_is_named(late, kind, codes):
    late["entries"] = [one for one in late["entries"] if one["kind"] != kind]
    assert list(points(late)) == codes


def test_a_changed_disclosure_is_named(late):
    entry = next(one for one in late["entries"] if one["kind"].endswith("acknowledged"))
    entry["disclosures"]["message"] = "memo"
    assert points(late)["fulfilled"]["found"] == (None, "")


def test_a_changed_attribute_of_the_cause_is_named(late):
    entry = next(one for one in late["entries"] if one["kind"].endswith("delivered"))
    entry["attributes"]["automatic"] = True
    assert points(late) == {"not_cause": {"entry": entry["id"]}}


@pytest.mark.parametrize("status", ["pending", "fulfilled", "breached", "excused", "annulled"])
def test_a_changed_status_is_named(late, status):
    late["finding"]["status"] = status
    assert points(late) == {"status": {"claimed": status, "found": "late"}}


@pytest.mark.parametrize(
    ("field", "value", "codes"),
    [
        ("bearer", "chi", ["handle", "bearer"]),
        ("opened_at", "2026-03-02T04:19:00.000000Z", ["opened"]),
        ("membership", "m-chi", ["post"]),
        ("fulfilled_at", "2026-03-02T06:20:00.000000Z", ["fulfilled"]),
        ("excused_by", "e1", ["excused"]),
        ("handle", "a" * 26, ["handle"]),
        ("norm", "check-mailbox", ["other_rule"]),
    ],
)
def test_every_other_lie_is_named(late, field, value, codes):
    late["finding"][field] = value
    assert list(points(late)) == codes


def test_a_decision_outside_the_bounds_is_no_decision(late):
    late["book"]["parameters"]["acknowledge_within"]["at_most"] = 20
    assert points(late)["parameter"]["found"] == ""


def test_random_lies_in_random_findings_are_found():
    rng = random.Random(7)  # noqa: S311 -- lies, not secrets
    fields = (
        "due_at",
        "status",
        "version",
        "fulfilled_at",
        "annulled_at",
        "excused_by",
        "opened_at",
        "course",
        "handle",
    )
    for seed in range(2):
        for number, data in enumerate(findings.bundles(seed)):
            bundle, field = json.loads(data), rng.choice(fields)
            was = bundle["finding"][field]
            if field.endswith("_at"):
                moved = datetime.fromisoformat(was or bundle["as_of"]) + timedelta(
                    minutes=rng.choice([-1, 1])
                )
                bundle["finding"][field] = f"{moved:%Y-%m-%dT%H:%M:%S.%f}Z"
            elif field == "course":
                bundle["finding"][field] = [
                    *was,
                    ["2026-02-03T00:00:00.000000Z", "extended", bundle["entries"][0]["id"]],
                ]
            elif field == "status":
                bundle["finding"][field] = rng.choice(
                    [one for one in ("pending", "late", "breached") if one != was]
                )
            else:
                bundle["finding"][field] = (
                    was + 1 if field == "version" else "e00000" if was != "e00000" else "e00001"
                )
            assert points(bundle), (seed, number, field)


# ---- hostile files ---------------------------------------------------------------------------------------


def test_malformed_files_give_a_sentence_and_a_code(late):
    whole = json.dumps(late).encode()
    hostile = [b"", b"{", b"[]", b"null", b"\xff\xfe", whole[:-1], whole[: len(whole) // 2], b"[" * 100_000]
    hostile += [
        b'{"a":' * 50_000,
        b'{"congvu":"finding/1"}',
        b'{"congvu":"finding/1","congvu":"finding/1"}',
        b"1e999",
        b"NaN",
    ]
    hostile += [
        b" " * (congvu_recheck.LARGEST_FILE + 1),
        b"9" * 5_000,
        b'"\\ud800"',
        b'{"congvu":"finding/1","agency":"\\ud800"}',
    ]
    for data in hostile:
        code, said = answered(data)
        assert (code, len(said), bool(said[1])) == (2, 2, True), data[:40]


def leaves(value, path=()):
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*path, key)
            yield from leaves(inner, (*path, key))


WRONG = (
    None,
    True,
    -1,
    2**60,
    "",
    "x" * 100,
    "../../etc/passwd",
    "9999-12-31",
    "0001-01-01T00:00:00.000000Z",
    "9999-12-31T23:59:59.999999Z",
    [],
    {},
    [[[]]],
    0.5,
)


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.torture)])
def test_any_value_in_any_place_gives_an_answer_and_never_a_traceback(late, missed, away, step):
    """Of so many changes one is tried; there are 14 values, so that each comes to every part of a file."""
    changes = (
        (bundle, path, wrong)
        for bundle in (late, missed, away)
        for path in leaves(bundle)
        if len(path) < 4 or path[:2] != ("calendar", "days")
        for wrong in WRONG
    )
    for bundle, path, wrong in islice(changes, 0, None, step):
        changed = json.loads(json.dumps(bundle))
        inner = changed
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = wrong
        code, said = answered(json.dumps(changed).encode())
        assert code in {0, 1, 2}
        assert len(said) >= 2


@settings(max_examples=200)
@given(st.data())
def test_any_byte_changed_gives_an_answer(data):
    whole = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    assert answered(bytes(whole))[0] in {0, 1, 2}


SAMPLE = next(findings.bundles(3))


def test_a_walk_without_end_is_ended(late):
    late["calendar"]["from"], late["calendar"]["through"] = "1900-01-01", "2199-12-31"
    late["calendar"]["weeks"] = [{"from": "1900-01-01", "hours": [[], [], [], [], [], [], []]}]
    late["calendar"]["days"] = {}
    assert answered(json.dumps(late).encode())[0] == 2


def test_an_unknown_word_of_the_grammar_is_said_and_not_passed_over(late):
    late["book"]["norm"]["leap"] = {"every": 4}
    code, said = answered(json.dumps(late).encode())
    assert (code, said[1]) == (2, "This program does not know $.book.norm.leap; take a newer one.")


# ---- the command -----------------------------------------------------------------------------------------


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "LANG": "en_US.UTF-8"}
    return subprocess.run(
        [sys.executable, "-I", "-S", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_file_alone_answers_in_four_languages(late, tmp_path):
    program = tmp_path / "congvu_recheck.py"
    program.write_bytes(PROGRAM.read_bytes())
    (tmp_path / "true.json").write_text(json.dumps(late))
    late["finding"]["status"] = "breached"
    (tmp_path / "lie.json").write_text(json.dumps(late))
    words = {"vi": "TRÙNG KHỚP", "kk": "СӘЙКЕС", "ru": "СОВПАЛ", "en": "AGREES"}
    for language, word in words.items():
        done = run(str(program), "true.json", "--lang", language, folder=tmp_path)
        assert (done.returncode, word in done.stdout, done.stderr) == (0, True, "")
    assert "Signatures were NOT checked" in done.stdout
    assert run(str(program), "lie.json", folder=tmp_path).returncode == 1
    assert run(str(program), "true.json", "lie.json", "gone.json", folder=tmp_path).returncode == 2


def test_every_sentence_stands_in_four_languages_with_the_same_values():
    for code, row in congvu_recheck.SENTENCES.items():
        assert len(row) == 4, code
        assert len({frozenset(part.split("}")[0] for part in one.split("{")[1:]) for one in row}) == 1, code


def test_it_imports_nothing_of_the_engine():
    names = {
        alias.name
        for node in ast.walk(ast.parse(PROGRAM.read_text()))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert not [name for name in names if name.split(".")[0] == "congvu"]
