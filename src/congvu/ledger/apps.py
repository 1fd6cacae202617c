"""App configuration."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The package `ledger` as a Django app."""

    name = "congvu.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
