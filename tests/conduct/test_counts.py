from datetime import date

import pytest

from congvu.conduct import queries
from congvu.conduct.actions.counts import CountsChangedError, PeriodNotOverError, confirm_counts
from congvu.conduct.actions.findings import NotAboveError, OwnFindingError, excuse
from congvu.conduct.models import Confirmation
from congvu.conduct.wording import digest
from congvu.directory import queries as directory
from congvu.ledger import queries as ledger
from congvu.ledger.sequencer import settle
from tests.conduct.conftest import MONDAY, at

TUESDAY = date(2026, 3, 3)


@pytest.fixture
def after(missed, binh, chi, judge):
    """Chi's seat on Tuesday; Bình's Monday: the morning excused, the afternoon not recorded."""
    excuse(by=chi, obligation=missed(binh).handle, reason="Máy chủ ngừng.", cause="technical", at=at("11:00"))
    judge(at("07:00", TUESDAY))
    return directory.seat(chi.account, at("07:30", TUESDAY))


def confirmed(by, about, **changed):
    said = {
        "by": by,
        "person": about.person,
        "unit": about.unit,
        "first": MONDAY,
        "end": TUESDAY,
        "seen": (0, 0, 1, 1),
        "remark": "",
        "at": at("08:00", TUESDAY),
    }
    return confirm_counts(**said | changed)


def test_the_counts_of_a_day_have_their_duties_behind_them(after, binh):
    duties = queries.duties_by_figure(
        binh.agency, person=binh.person.handle, unit=binh.unit.handle, first=MONDAY, end=TUESDAY
    )
    assert {name: len(found) for name, found in duties.items()} == {
        "on_time": 0,
        "late": 0,
        "missed": 1,
        "excused": 1,
    }


def test_a_head_confirms_the_counts_that_were_read(after, binh):
    made = confirmed(after, binh, remark="Sự cố máy chủ.")
    settle()
    entry = ledger.entry(made.entry, agency=binh.agency.handle)
    assert (entry.kind, entry.attributes) == ("conduct.counts.confirmed", {})
    assert entry.disclosures == {
        "person": binh.person.handle,
        "actor": after.person.handle,
        "unit": binh.unit.handle,
        "valid_from": "2026-03-02",
        "valid_to": "2026-03-03",
        "on_time": "0",
        "late": "0",
        "missed": "1",
        "excused": "1",
        "digest": digest("Sự cố máy chủ."),
    }
    assert {name: len(found) for name, found in made.duties.items()} == {
        "on_time": 0,
        "late": 0,
        "missed": 1,
        "excused": 1,
    }


@pytest.mark.django_db(transaction=True)
def test_figures_that_changed_since_they_were_read_are_not_confirmed(after, binh):
    with pytest.raises(CountsChangedError):
        confirmed(after, binh, seen=(1, 0, 0, 1))
    assert Confirmation.objects.count() == 0


def test_nobody_confirms_their_own_counts(after, chi):
    with pytest.raises(OwnFindingError):
        confirmed(after, chi, seen=(0, 0, 2, 0))


def test_a_colleague_confirms_nothing(after, an, binh):
    colleague = directory.seat(an.account, at("07:30", TUESDAY))
    with pytest.raises(NotAboveError):
        confirmed(colleague, binh)


def test_a_period_is_confirmed_after_its_end(after, binh):
    with pytest.raises(PeriodNotOverError):
        confirmed(after, binh, end=date(2026, 3, 4))
    with pytest.raises(PeriodNotOverError):
        confirmed(after, binh, end=MONDAY)
