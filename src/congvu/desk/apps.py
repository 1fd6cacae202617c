"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The package `desk` as a Django app."""

    name = "congvu.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        """Find the tables of the package and of its rooms."""
        super().import_models()
        import_module("congvu.desk.watching.models")
