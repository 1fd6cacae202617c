"""Tables know only what is below, name themselves, and keep agencies apart."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.test.utils import isolate_apps

from tests.architecture.planting import assert_none
from tools import ladder, registry

RANKS = ladder.heights()
OURS = [table for table in apps.get_models() if table.__module__.startswith("congvu.")]


@pytest.mark.parametrize("table", OURS, ids=lambda table: table._meta.label)
def test_every_table_keeps_to_the_ladder_and_to_its_agency(table: type[models.Model]) -> None:
    assert_none(registry.faults([table], ranks=RANKS))


@pytest.fixture
def alone() -> Iterator[None]:
    """A registry without the real tables, in which faults can be planted."""
    with isolate_apps("congvu.ledger", "congvu.directory", "congvu.mail", "django.contrib.auth"):
        yield


def test_a_table_that_points_up_and_opens_a_way_back_is_caught(alone: None) -> None:
    class Letter(models.Model):
        agency = models.CharField(max_length=26)

        class Meta:
            app_label = "mail"
            db_table = "mail_letter"

    class Reader(models.Model):
        agency = models.CharField(max_length=26)
        letter = models.ForeignKey(Letter, models.PROTECT, related_name="+")
        letters = models.ManyToManyField(Letter)

        class Meta:
            app_label = "ledger"
            db_table = "ledger_reader"

    assert list(registry.faults([Letter, Reader], ranks=RANKS)) == [
        "ledger.Reader.letter points up to mail.Letter",
        "ledger.Reader.letters points up to mail.Letter",
        "ledger.Reader.letters opens a way back; write related_name='+'",
    ]


def test_a_table_without_a_name_or_with_anothers_is_caught(alone: None) -> None:
    class Silent(models.Model):
        agency = models.CharField(max_length=26)

        class Meta:
            app_label = "mail"

    class Foreign(models.Model):
        agency = models.CharField(max_length=26)

        class Meta:
            app_label = "mail"
            db_table = "directory_foreign"

    assert list(registry.faults([Silent, Foreign], ranks=RANKS)) == [
        "mail.Silent leaves db_table to chance",
        "mail.Foreign has db_table 'directory_foreign'; it starts with mail_",
    ]


def test_a_row_or_a_constraint_without_agency_is_caught(alone: None) -> None:
    class Homeless(models.Model):
        class Meta:
            app_label = "mail"
            db_table = "mail_homeless"

    class Shared(models.Model):
        agency = models.CharField(max_length=26)
        number = models.IntegerField(unique=True)

        class Meta:
            app_label = "mail"
            db_table = "mail_shared"
            constraints = [
                models.UniqueConstraint(fields=["agency", "number"], name="mail_shared_good"),
                models.UniqueConstraint(fields=["number"], name="mail_shared_bad"),
            ]

    assert list(registry.faults([Homeless, Shared], ranks=RANKS)) == [
        "mail.Homeless has no agency",
        "mail.Shared: mail_shared_bad is unique across agencies",
        "mail.Shared.number is unique across agencies",
    ]


def test_a_reason_in_place_exempts(alone: None) -> None:
    class Human(models.Model):  # no-agency: a human being may serve several
        class Meta:
            app_label = "directory"
            db_table = "directory_human"

    class Name(models.Model):
        agency = models.CharField(max_length=26)
        slug = models.CharField(max_length=9, unique=True)  # no-agency: part of a public address

        class Meta:
            app_label = "directory"
            db_table = "directory_name"

    assert list(registry.faults([Human, Name], ranks=RANKS)) == []


def test_what_django_names_is_not_held_against_us(alone: None) -> None:
    class Login(PermissionsMixin):
        agency = models.CharField(max_length=26)

        class Meta:
            app_label = "directory"
            db_table = "directory_login"

    assert list(registry.faults([Login], ranks=RANKS)) == []
