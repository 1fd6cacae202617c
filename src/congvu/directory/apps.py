"""App configuration."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """The package `directory` as a Django app."""

    name = "congvu.directory"
    label = "directory"
    default_auto_field = "django.db.models.BigAutoField"
