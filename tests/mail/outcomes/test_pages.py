"""What officials and administrators see of outcomes and of what machines answer."""

from datetime import timedelta

import pytest
from django.urls import reverse

from congvu.base import clock
from congvu.cli.__main__ import main
from congvu.directory.queries import legal_day
from congvu.mail import timeouts
from congvu.mail.actions.accepting import accept
from congvu.mail.models import Item, Message
from congvu.mail.outcomes import tasks
from tests.mail.bounces.test_dialects import POSTFIX, letter
from tests.mail.letters import incoming, raw, submitted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gone(agency, binh, ngoc, data_folder, settings):
    """A letter that never got an outcome, counted: a relay is set, and nothing works off the queue."""
    settings.CONGVU_RELAY_HOST = "127.0.0.1"
    at = clock.now() - timeouts.QUEUE - timedelta(days=1)
    accept([submitted(binh, "dung@dan.example", at=at)])
    tasks.settle(clock.now())
    return Message.objects.get(sender__person=binh.person)


def page(client, name, *arguments):
    answer = client.get(reverse(name, args=arguments))
    return answer.status_code, answer.content.decode()


def test_the_administrator_sees_what_is_missing(gone, agency, binh, ngoc, client_of):
    status, text = page(client_of(ngoc), "mail:outcomes")
    assert status == 200
    assert f"congvu mail outcomes check --day {legal_day(agency, gone.accepted_at)}" in text
    assert reverse("mail:outcomes") in page(client_of(ngoc), "desk:day")[1]


def test_nobody_else_sees_it(gone, binh, client_of):
    assert page(client_of(binh), "mail:outcomes")[0] == 403
    assert reverse("mail:outcomes") not in page(client_of(binh), "desk:day")[1]


def test_the_command_names_what_is_missing(gone, agency, capsys):
    assert main(["mail", "outcomes", "check", "--day", f"{legal_day(agency, gone.accepted_at)}"]) == 1
    assert f"missing  outcome  {gone.handle}  dung@dan.example" in capsys.readouterr().out


def test_the_command_says_that_a_closed_day_is_as_recorded(agency, binh, data_folder, capsys):
    at = clock.now() - timedelta(days=2)
    accept([incoming("binh@ubnd.example", at=at)])
    tasks.settle(clock.now())
    assert main(["mail", "outcomes", "check", "--day", f"{legal_day(agency, at)}"]) == 0
    assert "As recorded when the day was closed" in capsys.readouterr().out
    Message.objects.update(digest="0" * 64)
    assert main(["mail", "outcomes", "check", "--day", f"{legal_day(agency, at)}"]) == 1


def opened(seat, client):
    item = Item.objects.get(mailbox__person=seat.person, folder="inbox")
    return page(client, "mail:message", item.handle)[1]


def test_a_bounce_is_explained_to_its_reader(agency, binh, client_of, data_folder):
    accept([incoming("binh@ubnd.example", mail_from="", data=letter(POSTFIX), at=clock.now())])
    text = opened(binh, client_of(binh))
    assert "cv-notice--warning" in text
    assert "dung@dan.example" in text


@pytest.mark.parametrize(
    ("sender", "kind", "is_told"),
    [
        ("Dung <dung@dan.example>", "report", True),
        ("Dung <dung@so.gov.vn>", "report", False),
        ("Dung <dung@dan.example>", "", False),
    ],
    ids=["private", "official", "no-kind"],
)
def test_a_letter_that_calls_itself_official_from_elsewhere_is_said_so(
    agency, binh, client_of, data_folder, sender, kind, is_told
):
    extra = f"X-Congvu-Communication: {kind}" if kind else ""
    accept([incoming("binh@ubnd.example", data=raw(sender=sender, extra=extra), at=clock.now())])
    text = opened(binh, client_of(binh))
    assert (reverse("conduct:report-new") + "?matter=private_address_used" in text) is is_told


def test_the_link_chooses_the_matter(agency, binh, client_of):
    answer = client_of(binh).get(reverse("conduct:report-new") + "?matter=private_address_used")
    assert answer.context["form"].initial["matter"] == "private_address_used"
