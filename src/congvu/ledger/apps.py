"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The package `ledger` as a Django app; its rooms have tables of their own."""

    name = "congvu.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        """Find the tables of the package and of its rooms."""
        super().import_models()
        import_module("congvu.ledger.neighbors.models")
        import_module("congvu.ledger.witnesses.models")
        import_module("congvu.ledger.gossip.models")
        import_module("congvu.ledger.disposal.models")
