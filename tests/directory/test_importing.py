"""Importing people from a table: a dry run that names every bad line, then all or none."""

import time
from datetime import UTC, date, datetime

import pytest

from congvu.directory import importing, queries
from congvu.directory.actions.imports import AgencyChangedError, import_people
from congvu.directory.actions.units import close_unit, open_unit
from congvu.directory.importing import Problem
from congvu.directory.models import Account, Membership, Person, Post
from congvu.directory.policies import OPERATOR, NotAllowedError
from congvu.ledger.models import Outbox
from tests.conftest import APPOINTED_ON

NOW = datetime(2026, 11, 2, 2, tzinfo=UTC)
TODAY = date(2026, 11, 2)
HEADER = "full_name;unit_code;post_code;post_title;rank;functions;valid_from;local_part"


def plan(agency, *lines: str) -> importing.Plan:
    return importing.plan("\n".join([HEADER, *lines]).encode(), agency=agency, on=TODAY)


def problems(found: importing.Plan) -> list[tuple[int, str, Problem]]:
    return [(fault.line, fault.column, fault.problem) for fault in found.faults]


def test_a_dry_run_names_every_bad_line_with_its_column(agency, an):
    found = plan(
        agency,
        ";vp;;Chuyên viên;;;;",
        "Lê Văn Hai;nowhere;;Chuyên viên;;;;",
        "Lê Văn Ba;vp;;;;;;",
        "Lê Văn Tư;vp;bad code!;Chuyên viên;king;clerk|czar;31/2/2026;Lê",
        "Lê Văn Năm;vp;;Chuyên viên;;;;an",
        "Lê Văn Sáu;vp;;Chuyên viên;;;;postmaster",
        "L¸ V¨n B¶y;vp;;Chuyên viên;;;;",
        "Lê Văn Tám;vp;;Chuyên viên;;;2009-12-31;",
        "Nguyễn Thị An;vp;vp-1;;;;;",
        "Lê Văn Chín;ubnd;vp-1;;;;;",
        "Lê Văn Mười;vp;;Chuyên viên;;;;muoi;",
        "Lê Văn Mười;vp;;Chuyên viên;;;;;extra",
    )
    assert problems(found) == [
        (2, "full_name", Problem.NAME_MISSING),
        (3, "unit_code", Problem.UNIT_UNKNOWN),
        (4, "post_title", Problem.POST_MISSING),
        (5, "valid_from", Problem.DATE_BAD),
        (5, "post_code", Problem.CODE_BAD),
        (5, "rank", Problem.RANK_UNKNOWN),
        (5, "functions", Problem.FUNCTION_UNKNOWN),
        (5, "local_part", Problem.LOCAL_PART_BAD),
        (6, "local_part", Problem.LOCAL_PART_TAKEN),
        (7, "local_part", Problem.LOCAL_PART_RESERVED),
        (8, "full_name", Problem.NAME_UNREADABLE),
        (9, "unit_code", Problem.UNIT_CLOSED),
        (10, "full_name", Problem.ALREADY_APPOINTED),
        (11, "post_code", Problem.POST_ELSEWHERE),
        (13, "", Problem.TOO_MANY_CELLS),
    ]
    assert [one.line for one in found.appointees] == [12]


def test_a_dry_run_writes_nothing(agency):
    before = (Person.objects.count(), Post.objects.count(), Outbox.objects.count())
    plan(agency, "Lê Văn Hai;vp;;Chuyên viên;;;;")
    assert (Person.objects.count(), Post.objects.count(), Outbox.objects.count()) == before


def test_the_same_line_twice_and_a_second_head_are_found(agency, chi):
    found = plan(
        agency,
        "Lê Văn Hai;vp;;Chuyên viên;;;;",
        "Lê Văn Hai;vp;;Chuyên viên;;;;",
        "Lê Văn Ba;vp;;Phó;;deputy;;",
        "Lê Văn Tư;vp;;Trưởng;;head;;",
        "Lê Văn Năm;ubnd;;Chủ tịch;agency_leader;head;;",
        "Lê Văn Sáu;ubnd;;Chủ tịch;agency_leader;thủ trưởng;;",
    )
    assert [(fault.line, fault.problem, fault.other) for fault in found.faults] == [
        (3, Problem.SAME_LINE, 2),
        (5, Problem.SECOND_HEAD, 0),
        (7, Problem.SECOND_HEAD, 6),
    ]


def test_namesakes_get_different_addresses_and_a_chosen_one_comes_first(agency, an):
    found = plan(
        agency,
        "Lê Thị Hoa;vp;;Chuyên viên;;;;",
        "Lê Thị Hoa;ubnd;;Chuyên viên;;;;",
        "Trần Văn Tám;vp;;Chuyên viên;;;;le.thi.hoa",
        "Ермек Нұрланұлы;vp;;Маман;;;;",
    )
    assert [one.local_part for one in found.appointees] == [
        "le.thi.hoa2",
        "le.thi.hoa3",
        "le.thi.hoa",
        "ermek.nurlanuly",
    ]


def test_words_may_be_vietnamese(agency):
    found = plan(agency, "Lê Thị Hoa;VP;;Văn thư;cấp vụ;văn thư, pháp chế;1/3/2026;")
    one = found.appointees[0]
    assert (one.rank, one.functions, one.valid_from) == (
        "department_head",
        ["clerk", "legal_officer"],
        date(2026, 3, 1),
    )


def test_an_import_appoints_with_post_address_account_and_evidence(agency, ngoc):
    before = Outbox.objects.count()
    found = plan(agency, "Lê Thị Hoa;vp;hd;Hội đồng;;;;", "Lê Văn Ba;vp;hd;;;;;", "Lê Văn Tư;vp;;Lái xe;;;;")
    imported = import_people(agency=agency, appointees=found.appointees, by=ngoc, now=NOW)
    assert [one.username for one in imported] == [
        f"{name}@ubnd.example" for name in ("le.thi.hoa", "le.van.ba", "le.van.tu")
    ]
    assert [(held.person.full_name, held.post.code) for held in Membership.objects.order_by("id")[1:]] == [
        ("Lê Thị Hoa", "hd"),
        ("Lê Văn Ba", "hd"),
        ("Lê Văn Tư", "vp-1"),
    ]
    assert Outbox.objects.count() - before == 2 + 3 * 4
    account = Account.objects.get(username=imported[0].username)
    assert account.check_password(imported[0].initial_password)
    assert account.password_is_initial
    seat = queries.seat(account, NOW)
    assert (seat.address.local_part, seat.unit.code) == ("le.thi.hoa", "vp")


def test_only_an_administrator_imports(agency, binh):
    found = plan(agency, "Lê Thị Hoa;vp;;Chuyên viên;;;;")
    with pytest.raises(NotAllowedError):
        import_people(agency=agency, appointees=found.appointees, by=binh, now=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", ["closed", "head"])
def test_a_unit_that_changed_meanwhile_stops_the_whole_import(agency, seat_of, change):
    root = queries.root_unit(agency)
    unit = open_unit(
        parent=root, code="qt", name={"vi": "Quản trị"}, valid_from=APPOINTED_ON, by=OPERATOR, now=NOW
    )
    found = plan(agency, "Lê Thị Hoa;vp;;Chuyên viên;;;;", "Lê Văn Ba;qt;;Trưởng phòng;;head;;")
    assert [one.unit.code for one in found.appointees] == ["vp", "qt"]
    if change == "closed":
        close_unit(unit=unit, valid_to=TODAY, by=OPERATOR, now=NOW)
    else:
        seat_of("Võ Hải Minh", unit="qt", title={"vi": "Trưởng phòng"}, functions=("head",))
    before = Membership.objects.count()
    with pytest.raises(AgencyChangedError):
        import_people(agency=agency, appointees=found.appointees, by=OPERATOR, now=NOW)
    assert Membership.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_an_address_taken_meanwhile_stops_the_whole_import(agency, seat_of):
    found = plan(agency, "Lê Thị Hoa;vp;;Chuyên viên;;;;", "Lê Văn Ba;vp;;Chuyên viên;;;;")
    seat_of("Lê Văn Ba", unit="vp", title={"vi": "Lái xe"})
    before = Membership.objects.count()
    with pytest.raises(AgencyChangedError):
        import_people(agency=agency, appointees=found.appointees, by=OPERATOR, now=NOW)
    assert Membership.objects.count() == before


@pytest.mark.torture
def test_a_hundred_thousand_lines_are_checked_in_reasonable_time(agency):
    lines = "\n".join(f"Nguyễn Văn An;vp;;Chuyên viên {number};;;;" for number in range(100_000))
    began = time.process_time()
    found = plan(agency, lines)
    assert (len(found.appointees), len(found.faults)) == (100_000, 0)
    assert len({one.local_part for one in found.appointees}) == 100_000
    assert time.process_time() - began < 60
