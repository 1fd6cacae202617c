"""T010: an empty installation, and the first sign-in of its administrator.

Plays that `congvu init` makes an empty installation without any demonstration account, and the rule that who
signs in with a one-time password chooses one of their own before anything else.
"""

import re

import pytest

pytestmark = pytest.mark.browser

OWN = "mây trắng trên đồi xanh"
FOUNDING = (
    *("init", "--agency", "Sở Thử nghiệm", "--slug", "so", "--domain", "so.example"),
    *("--administrator", "Phạm Minh Ngọc"),
)


@pytest.fixture(scope="module")
def founded(empty):
    said = empty.congvu(*FOUNDING)
    assert (said.returncode, said.stderr) == (0, "")
    username, password = re.search(
        r"^Sign in as (\S+) with the one-time password (\S+)$", said.stdout, re.MULTILINE
    ).groups()
    assert username == "pham.minh.ngoc@so.example"
    empty.start()
    return empty, username, password


def test_one_account_is_made_and_a_second_founding_changes_nothing(founded):
    empty, _username, _ = founded
    assert [line for line in empty.said if "password" in line and "application" not in line] == []
    again = empty.congvu(*FOUNDING)
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr.startswith("congvu: this installation has an agency already; nothing was changed")


def test_the_one_time_password_must_be_replaced_before_anything_else(founded, visitor):
    empty, username, password = founded
    ngoc = visitor(empty)
    ngoc.signs_in(username, password)
    assert ngoc.heading() == "Choose your password"
    ngoc.opens("/mail/")
    assert ngoc.heading() == "Choose your password"
    ngoc.writes("Password", "too short")
    ngoc.writes("Password (again)", "too short")
    ngoc.presses("Keep this password")
    ngoc.sees("at least 12 characters")
    assert ngoc.heading() == "Choose your password"
    ngoc.writes("Password", OWN)
    ngoc.writes("Password (again)", OWN)
    ngoc.presses("Keep this password")
    ngoc.sees("Good day, Phạm Minh Ngọc")
    ngoc.goes_to("Directory")
    ngoc.sees("1 post is held today")
    ngoc.goes_to("Mail")
    ngoc.sees("The inbox is empty")


def test_afterwards_only_the_own_password_opens(founded, visitor):
    empty, username, password = founded
    ngoc = visitor(empty)
    ngoc.signs_in(username, password)
    ngoc.sees("There is a problem")
    assert ngoc.heading() == "Sign in"
    ngoc.signs_in(username, OWN)
    ngoc.sees("Good day, Phạm Minh Ngọc")
    ngoc.signs_out()
    ngoc.opens("/mail/")
    assert ngoc.heading() == "Sign in"
