"""A session that the server ends in the middle of an act. Run by tests/ledger/test_postgresql.py in a real server."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.urls import reverse

from congvu.base import blobs
from congvu.mail.actions.accepting import accept
from congvu.mail.models import Item, Message
from tests.mail.letters import incoming

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _folder(data_folder):
    """Every test keeps its blobs to itself."""


@contextmanager
def dropping(table: str, when: str) -> Iterator[None]:
    """Have the server end the session that writes a table: with the `statement`, or with the `commit`."""
    sort = "CONSTRAINT TRIGGER fall" if when == "commit" else "TRIGGER fall"
    defer = "DEFERRABLE INITIALLY DEFERRED" if when == "commit" else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION fall() RETURNS trigger LANGUAGE plpgsql AS"
            " $$BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END$$"
        )
        cursor.execute(
            f"CREATE {sort} AFTER INSERT OR UPDATE ON {table} {defer} FOR EACH ROW EXECUTE FUNCTION fall()"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER fall ON {table}")


@pytest.mark.parametrize("when", ["statement", "commit"])
def test_a_letter_in_a_lost_session_is_put_off_and_comes_once(agency, binh, when):
    with dropping("mail_message", when):
        verdicts = accept([incoming("binh@ubnd.example"), incoming("binh@ubnd.example")])
    assert [one.code for one in verdicts] == [451, 451]
    assert Message.objects.count() == 0
    assert [one.code for one in accept([incoming("binh@ubnd.example")])] == [250]
    assert len(blobs.get(Message.objects.get().blob)) > 0


@pytest.mark.parametrize(
    ("when", "said"), [("statement", "Nothing was saved."), ("commit", "look whether it is there")]
)
def test_a_page_says_what_was_saved_when_the_session_was_lost(agency, binh, client_of, when, said):
    accept([incoming("binh@ubnd.example")])
    item, client = Item.objects.get(), client_of(binh)
    with dropping("mail_item", when):
        answer = client.post(reverse("mail:acknowledge", args=[item.handle]))
    assert (answer.status_code, said in answer.content.decode()) == (503, True)
    item.refresh_from_db()
    assert item.acknowledged_at is None
    assert client.post(reverse("mail:acknowledge", args=[item.handle])).status_code == 302
