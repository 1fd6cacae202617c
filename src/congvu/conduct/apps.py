"""App configuration."""

from django.apps import AppConfig


class ConductConfig(AppConfig):
    """The package `conduct` as a Django app."""

    name = "congvu.conduct"
    label = "conduct"
    default_auto_field = "django.db.models.BigAutoField"
