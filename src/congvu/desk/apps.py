"""App configuration."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The package `desk` as a Django app."""

    name = "congvu.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"
