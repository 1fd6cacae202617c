"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    """The package `petitions` as a Django app; its rooms may have tables of their own."""

    name = "congvu.petitions"
    label = "petitions"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        """Find the tables of the package and of its rooms."""
        super().import_models()
        for room in ("access", "voices", "post", "reckoning"):
            import_module(f"congvu.petitions.{room}")
