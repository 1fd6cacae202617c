"""congvu init: an empty installation with one agency, or a sentence and nothing."""

import argparse

import pytest

from congvu.cli import init
from congvu.directory.models import Agency

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def founded(capsys, data_folder):
    """Run the command with some answers changed: (status, output, errors)."""

    def run(**changed: str) -> tuple[int, str, str]:
        parser = argparse.ArgumentParser()
        init.register(parser.add_subparsers())
        answers = {
            "agency": "Sở Nội vụ",
            "slug": "so-noi-vu",
            "domain": "so.example",
            "administrator": "Phạm Minh Ngọc",
        } | changed
        words = [word for name, value in answers.items() for word in (f"--{name}", value)]
        parsed = parser.parse_args(["init", *words])
        status = parsed.run(parsed)
        return status, *capsys.readouterr()

    return run


@pytest.mark.parametrize("calendar", ["vn", "kz"])
def test_an_agency_is_founded_by_a_calendar_of_the_rulebook(founded, calendar):
    status, output, errors = founded(calendar=calendar)
    assert (status, output.splitlines()[0], errors) == (0, "Founded Sở Nội vụ.", "")
    assert Agency.objects.get().calendar == calendar


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (
            {"slug": "so.noi.vu"},
            "the short name (--slug) is 2 to 40 lowercase letters and digits, with hyphens between them",
        ),
        ({"calendar": "xx"}, "the rulebook has no calendar xx, only kz, ru, vn"),
        ({"domain": "so"}, "the mail domain is not a domain name"),
    ],
)
def test_a_wrong_answer_is_told_in_words_and_founds_nothing(founded, answer, sentence):
    assert founded(**answer) == (2, "", f"congvu: {sentence}; nothing was changed\n")
    assert not Agency.objects.exists()


def test_a_time_zone_that_there_is_not_is_told_in_words(founded):
    assert founded(zone="Mars/Olympus") == (2, "", "congvu: there is no time zone Mars/Olympus\n")
    assert not Agency.objects.exists()
