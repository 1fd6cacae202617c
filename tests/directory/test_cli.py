"""congvu directory: import, list, appoint, give-password, due, withdraw-due."""

import argparse
import stat
from datetime import UTC, date, datetime

import pytest

from congvu.directory import cli, queries
from congvu.directory.actions.appointments import end_appointment
from congvu.directory.actions.posts import create_post
from congvu.directory.models import Account, Membership, Person
from congvu.directory.policies import OPERATOR

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
HEADER = "full_name;unit_code;post_title\n"


@pytest.fixture
def congvu(capsys):
    """Run a command: (status, output, errors)."""

    def run(*arguments) -> tuple[int, str, str]:
        parser = argparse.ArgumentParser()
        cli.register(parser.add_subparsers())
        parsed = parser.parse_args(["directory", *(str(one) for one in arguments)])
        status = parsed.run(parsed)
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(f"{HEADER}Lê Thị Hoa;vp;Chuyên viên\nLê Văn Ba;xx;Chuyên viên\n", "utf-8")
    return path


def test_a_dry_run_says_every_bad_line_and_appoints_nobody(congvu, agency, table, tmp_path):
    report = tmp_path / "report.csv"
    status, output, errors = congvu("import", table, "--dry-run", "--report", report)
    assert (status, output) == (1, "1 good lines, 1 bad lines.\nNobody was appointed.\n")
    assert errors.startswith("line 3, Unit code 'xx': There is no unit with this code.")
    assert len(report.read_text("utf-8-sig").splitlines()) == 2
    assert not Person.objects.exists()


def test_all_or_nobody_unless_bad_lines_are_left_out(congvu, agency, table, tmp_path):
    assert congvu("import", table)[0] == 1
    assert not Person.objects.exists()
    passwords = tmp_path / "passwords.csv"
    assert congvu("import", table, "--skip-bad", "--passwords", passwords)[0] == 1
    assert stat.S_IMODE(passwords.stat().st_mode) == 0o600
    name, unit, sign_in, secret = passwords.read_text("utf-8-sig").splitlines()[1].split(",")
    assert (name, unit, sign_in) == ("Lê Thị Hoa", "vp", "le.thi.hoa@ubnd.example")
    assert Account.objects.get().check_password(secret)


def test_passwords_never_overwrite_a_file_and_nobody_is_appointed_then(congvu, agency, table):
    status, _, errors = congvu("import", table, "--skip-bad", "--passwords", table)
    assert (status, "nobody was appointed" in errors) == (2, True)
    assert not Person.objects.exists()


@pytest.mark.parametrize("content", [None, b"", b"\x89PNG\0"])
def test_a_file_that_is_no_table_is_said_in_words(congvu, agency, tmp_path, content):
    path = tmp_path / "people.csv"
    if content is not None:
        path.write_bytes(content)
    status, output, errors = congvu("import", path)
    assert (status > 0, output, errors.startswith("congvu: ") or "people.csv" in errors) == (True, "", True)


def test_one_person_is_appointed_to_an_existing_post(congvu, agency, chi):
    create_post(unit=chi.unit, title={"vi": "Lái xe"}, code="driver", by=OPERATOR, now=NOW)
    status, output, _ = congvu("appoint", "--name", "Mai Thị Hai", "--post", "driver", "--from", "2026-03-02")
    assert status == 0
    assert output.startswith("mai.thi.hai@ubnd.example from 2026-03-02\nSign in as mai.thi.hai@ubnd.example")
    again = congvu("appoint", "--sign-in", "mai.thi.hai@ubnd.example", "--post", "driver")
    assert (again[0], "holds this post in that time already" in again[2]) == (1, True)
    assert congvu("appoint", "--name", "X", "--post", "nowhere")[0] == 2
    assert congvu("appoint", "--sign-in", "nobody", "--post", "driver")[0] == 2


def test_a_person_of_another_agency_is_appointed_with_the_account_that_they_have(
    congvu, agency, akimat, binh
):
    create_post(
        unit=queries.root_unit(akimat), title={"ru": "Советник"}, code="adviser", by=OPERATOR, now=NOW
    )
    status, output, _ = congvu(
        "appoint", "--agency", "akimat", "--sign-in", "binh@ubnd.example", "--post", "adviser"
    )
    assert (status, output.split()[0], "password" in output) == (0, "tran.van.binh@akimat.example", False)
    assert Membership.objects.filter(person=binh.person).count() == 2


def test_the_operator_helps_the_last_administrator_back_in(congvu, agency, ngoc):
    status, output, _ = congvu("give-password", "--sign-in", "Ngoc@ubnd.example", "--without-second-factor")
    secret = output.split()[-1]
    assert (status, Account.objects.get(pk=ngoc.account.pk).check_password(secret)) == (0, True)
    assert congvu("give-password", "--sign-in", "nobody@ubnd.example")[0] == 2


def test_what_is_due_is_listed_then_withdrawn(congvu, agency, binh):
    end_appointment(membership=binh.membership, valid_to=date(2020, 1, 1), by=OPERATOR, now=NOW)
    assert congvu("due")[1] == "binh@ubnd.example\t2020-07-01\n"
    assert congvu("withdraw-due")[1] == "binh@ubnd.example\n1 addresses were withdrawn.\n"
    assert congvu("due")[1] == ""


def test_several_agencies_must_be_told_apart(congvu, agency, akimat, an):
    assert congvu("list")[0] == 2
    assert congvu("list", "--agency", "nowhere")[0] == 2
    assert congvu("list", "--agency", "ubnd")[1] == "Nguyễn Thị An\tvp-1\tan@ubnd.example\n"
