"""The calendars that ship, and what a malformed one is told."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest

from congvu.rules.calendars import seed
from congvu.rules.loader import load_calendar
from tests.rules.worlds import RULEBOOK

CALENDARS = RULEBOOK / "calendars"
YEARS = range(2009, 2036)
ADDED = {"ru": {date(2014, 3, 10)}}
# Hours of a year at forty hours a week, as the official production calendars of Russia give them.
NORM = {2009: 1987, 2010: 1987, 2011: 1981, 2012: 1986, 2013: 1970, 2014: 1970, 2015: 1971, 2016: 1974, 2017: 1973,
        2018: 1970, 2019: 1970, 2020: 1979, 2021: 1972, 2022: 1973, 2023: 1973, 2024: 1979, 2025: 1972}  # fmt: skip


def loaded(name: str, folder: Path = CALENDARS):
    found, problems = load_calendar(folder / f"{name}.yaml")
    assert problems == ()
    return found


@pytest.mark.parametrize("country", ["vn", "kz", "ru"])
def test_the_calendars_hold_what_the_library_of_their_version_knows(country):
    found, known = loaded(country), seed(country.upper(), YEARS)
    assert found.library == f"holidays {holidays.__version__}"
    assert found.calendar.years == YEARS
    assert found.calendar.days_off == set(known.off) | ADDED.get(country, set())
    worked = {day for day in found.calendar.days_on if day.weekday() > 4}
    assert worked == set(known.on)


@pytest.mark.parametrize("year", NORM)
def test_a_year_in_russia_has_the_hours_of_the_official_norm(year):
    calendar = loaded("ru").calendar
    begin, end = calendar.midnight(date(year, 1, 1)), calendar.midnight(date(year + 1, 1, 1))
    assert calendar.worked(begin, end) == timedelta(hours=NORM[year])


def test_a_compensation_day_has_the_hours_of_the_day_that_it_replaces():
    calendar = loaded("vn").calendar
    assert calendar.hours(date(2026, 8, 22)) == calendar.hours(date(2026, 8, 24))
    russian = loaded("ru").calendar
    assert russian.worked(*(russian.midnight(date(2018, 6, day)) for day in (9, 10))) == timedelta(hours=7)
    assert russian.worked(*(russian.midnight(date(2024, 12, day)) for day in (28, 29))) == timedelta(hours=8)


@pytest.fixture
def folder(tmp_path) -> Path:
    return Path(shutil.copytree(CALENDARS, tmp_path / "calendars"))


WEEKS = """weeks:
  - {from: 2027-01-01, monday: ["08:00/12:00"]}
  - {from: %s, monday: ["09:00/12:00"]}
"""


def test_weeks_half_days_and_own_hours_are_read(folder):
    path = folder / "vn.yaml"
    text = path.read_text().replace("  2026-08-22: 2026-08-31", '  2026-08-22: ["08:00/10:00"]')
    path.write_text(text + WEEKS % "2028-01-01" + 'half_days: {2026-12-31: ["08:00/12:00"]}\n')
    calendar = loaded("vn", folder).calendar
    assert [span[0].hour for span in calendar.hours(date(2027, 1, 4))] == [8]
    assert [span[0].hour for span in calendar.hours(date(2028, 1, 10))] == [9]
    assert calendar.hours(date(2027, 1, 5)) == ()
    assert [span[1].hour for span in calendar.hours(date(2026, 12, 31))] == [12]
    assert [span[1].hour for span in calendar.hours(date(2026, 8, 22))] == [10]


BROKEN = {
    "no such zone": ("zone: Asia/Ho_Chi_Minh", "zone: Asia/Hanoi_City", "there is no time zone `Asia/Hanoi_City`"),
    "a zone that is a path": ("zone: Asia/Ho_Chi_Minh", "zone: ../../etc/passwd", "there is no time zone"),
    "a year without days": ("through: 2035", "through: 2037", "no day off stands in 2036, 2037"),
    "a day outside": ("through: 2035", "through: 2034", "2035-01-01 is no day of 2009 to 2034"),
    "years in disorder": ("decided: 2026", "decided: 2040", "are no years in order"),
    "no year at all": ("from: 2009,", "from: 900000,", "are no years in order"),
    "no day": ("  2026-01-01: ", "  2026-13-01: ", "`2026-13-01` is no day"),
    "hours that overlap": ('tuesday: ["07:30/11:30", "13:00', 'tuesday: ["07:30/13:30", "13:00', "the hours of tuesday overlap"),
    "no hours": ('friday: ["07:30/11:30"', 'friday: ["half past"', "`half past` is no span of hours"),
    "an unknown weekday": ("  friday:", "  freitag:", "unknown key `freitag`"),
    "a list of holidays": ("days_off:\n", "days_off: [2026-01-01]\nhalf_days:\n", "a mapping is expected here"),
    "no replaced day": ("2026-08-22: 2026-08-31", "2026-08-22: soon", "`2026-08-22` must be a day"),
    "a day off with hours": ("days_on:\n", 'half_days: {2026-01-01: ["08:00/09:00"]}\ndays_on:\n', "2026-01-01 is a day off and has hours"),
    "weeks in disorder": ("days_on:\n", WEEKS % "2026-01-01" + "days_on:\n", "the week from 2026-01-01 follows one from 2027-01-01"),
    "no calendar": ("weekly:\n", "weekday:\n", "the key `weekly` is missing"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_malformed_calendar_is_told_where_and_what(folder, name):
    good, bad, said = BROKEN[name]
    path = folder / "vn.yaml"
    assert good in path.read_text()
    path.write_text(path.read_text().replace(good, bad, 1))
    found, problems = load_calendar(path)
    assert found is None
    assert [one for one in problems if said in str(one) and one.line >= 1 and one.mend], problems


@pytest.mark.django_db
@pytest.mark.parametrize("trouble", ["gone", "malformed"])
def test_a_page_says_what_is_wrong_with_a_calendar(client_of, chi, settings, tmp_path, trouble):
    settings.CONGVU_RULEBOOK = tmp_path / "rulebook"
    shutil.copytree(RULEBOOK / "calendars", settings.CONGVU_RULEBOOK / "calendars")
    path = settings.CONGVU_RULEBOOK / "calendars" / "vn.yaml"
    client = client_of(chi)
    chi.agency.calendar = "la"
    chi.agency.save()
    if trouble == "malformed":
        path.write_text("calendar: vn\n")
    answer = client.get("/rules/days/")
    said = answer.content.decode()
    assert answer.status_code == 503
    assert ("vn.yaml:1" in said) == (trouble == "malformed")
    assert "congvu rules check" in said
