"""What an agency decides: who may, what is refused, what is recorded."""

from datetime import date

import pytest

from congvu.directory.policies import NotAllowedError
from congvu.ledger import queries as ledger
from congvu.rules import actions
from congvu.rules.models import Adoption, Closure, ParameterDecision
from tests.rules.worlds import BOOK, at

NOW = at("2026-03-02 07:00")
TODAY = date(2026, 3, 2)

pytestmark = pytest.mark.usefixtures("data_folder")


def adopt(by, **changed):
    return actions.adopt(
        **{"by": by, "book": BOOK, "valid_from": TODAY, "number": " 12/QĐ ", "at": NOW} | changed
    )


def decide(by, **changed):
    told = {"by": by, "book": BOOK, "parameter": "acknowledge_within", "value": 30, "valid_from": TODAY}
    return actions.decide_parameter(**told | {"number": "", "at": NOW} | changed)


def close(by, **changed):
    return actions.close_day(**{"by": by, "day": TODAY, "reason": "Bão", "number": "", "at": NOW} | changed)


def test_the_legal_officer_adopts_a_book_and_that_is_evidence(
    transactional_db, told_time, agency, chi, settle
):
    made = adopt(chi)
    settle()
    entry = ledger.entry(made.entry, agency=agency.handle)
    assert (made.number, made.version, made.decided_by) == ("12/QĐ", 1, chi.person)
    assert (entry.kind, entry.attributes, entry.disclosures) == (
        "rules.book.adopted",
        {"book": BOOK, "book_version": 1, "valid_from": "2026-03-02"},
        {"actor": chi.person.handle},
    )


def test_an_official_decides_nothing(transactional_db, told_time, binh, chi):
    adopt(chi)
    for act in (adopt, decide, close):
        with pytest.raises(NotAllowedError):
            act(binh)
    assert (Adoption.objects.count(), ParameterDecision.objects.count(), Closure.objects.count()) == (1, 0, 0)


def test_an_administrator_closes_days_and_decides_no_rules(transactional_db, told_time, ngoc):
    assert close(ngoc).is_closed
    with pytest.raises(NotAllowedError):
        adopt(ngoc)


def test_nothing_reaches_back(transactional_db, told_time, chi):
    yesterday = date(2026, 3, 1)
    adopt(chi)
    for act in (lambda: adopt(chi, valid_from=yesterday), lambda: decide(chi, valid_from=yesterday), lambda: close(chi, day=yesterday)):  # fmt: skip
        with pytest.raises(actions.PastDayError):
            act()


def test_a_book_is_adopted_once_and_must_be_in_the_rulebook(transactional_db, told_time, chi):
    adopt(chi)
    with pytest.raises(actions.AlreadyAdoptedError):
        adopt(chi)
    with pytest.raises(actions.UnknownBookError):
        adopt(chi, book="vn.nowhere")


def test_a_parameter_is_decided_inside_its_bounds_after_adoption(transactional_db, told_time, chi):
    with pytest.raises(actions.NotAdoptedError):
        decide(chi)
    adopt(chi)
    with pytest.raises(actions.UnknownParameterError):
        decide(chi, parameter="answer_within")
    for value in (4, 481, -1):
        with pytest.raises(actions.OutOfBoundsError) as caught:
            decide(chi, value=value)
        assert (caught.value.parameter.at_least, caught.value.parameter.at_most) == (5, 480)
    assert [decide(chi, value=value).value for value in (5, 480)] == [5, 480]


def test_each_agency_adopts_for_itself(transactional_db, told_time, chi, akimat, seat_of):
    title = {"ru": "Юрист"}
    other = seat_of(
        "Айгүл", unit="akimat", title=title, functions=("legal_officer",), at=akimat, local_part="aigul"
    )
    adopt(chi)
    adopt(other)
    assert set(Adoption.objects.values_list("agency__slug", flat=True)) == {"ubnd", "akimat"}


def test_the_latest_word_on_a_day_counts_and_needs_a_reason(transactional_db, told_time, chi):
    close(chi)
    with pytest.raises(actions.SameDayStateError):
        close(chi)
    with pytest.raises(actions.NoReasonError):
        close(chi, is_closed=False, reason="  ")
    assert not close(chi, is_closed=False).is_closed
