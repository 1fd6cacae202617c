"""App configuration."""

from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    """The package `petitions` as a Django app."""

    name = "congvu.petitions"
    label = "petitions"
    default_auto_field = "django.db.models.BigAutoField"
