"""Rows written in great number, and rows that are made into objects once."""

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from congvu.base import clock
from congvu.base.database import atomic
from congvu.base.rows import Remembered, insert
from congvu.directory.models import Unit
from congvu.mail.arranging.models import MailFolder
from congvu.mail.models import Mailbox

pytestmark = pytest.mark.django_db


def units(agency, count):
    on = clock.now().date()
    return [
        Unit(agency=agency, name={"vi": f"Phòng {number}"}, code=f"P{number}", valid_from=on)
        for number in range(count)
    ]


def test_rows_are_read_as_they_were_written_and_know_their_keys(agency):
    rows = units(agency, 200)
    with atomic():
        insert(rows, keyed=True)
    assert {
        one.pk: (one.handle, one.name, one.valid_from) for one in Unit.objects.filter(code__startswith="P")
    } == {one.pk: (one.handle, one.name, one.valid_from) for one in rows}


@pytest.mark.django_db(transaction=True)
def test_a_row_too_many_leaves_none(agency):
    with pytest.raises(IntegrityError), atomic():
        insert([*units(agency, 2), *units(agency, 1)])
    assert not Unit.objects.filter(code="P1").exists()


def test_moments_are_read_to_the_microsecond(agency, an):
    at = clock.now()
    box = Mailbox.objects.create(agency=agency, address=an.address, person=an.person, opened_at=at)
    with atomic():
        insert([MailFolder(agency=agency, mailbox=box, name="Việc", created_at=at)])
    assert MailFolder.objects.get().created_at == at


def test_what_stands_as_it_was_is_the_same_object_and_joined_once(agency):
    known = Remembered(lambda: Unit.objects.select_related("agency"))
    (first,) = known.find("directory_unit.id = %s", [root(agency).pk])
    with CaptureQueriesContext(connection) as asked:
        assert known.find("directory_unit.id = %s", [root(agency).pk])[0] is first
    assert len(asked) == 2  # one of them is the test's own


def test_what_has_changed_in_any_column_of_any_table_is_read_anew(agency):
    known = Remembered(lambda: Unit.objects.select_related("agency"))
    asked = ("directory_unit.id = %s", [root(agency).pk])
    known.find(*asked)
    Unit.objects.filter(pk=root(agency).pk).update(name={"vi": "Tên mới"})
    assert known.find(*asked)[0].name == {"vi": "Tên mới"}
    type(agency).objects.update(domain="khac.example")
    assert known.find(*asked)[0].agency.domain == "khac.example"


def test_what_is_gone_is_not_found(agency):
    known = Remembered(Unit.objects.all)
    with atomic():
        insert(units(agency, 1))
    assert len(known.find("code = %s", ["P0"])) == 1
    Unit.objects.filter(code="P0").delete()
    assert known.find("code = %s", ["P0"]) == []


def root(agency):
    return Unit.objects.get(agency=agency, parent=None)
