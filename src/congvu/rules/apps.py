"""App configuration."""

from django.apps import AppConfig


class RulesConfig(AppConfig):
    """The package `rules` as a Django app."""

    name = "congvu.rules"
    label = "rules"
    default_auto_field = "django.db.models.BigAutoField"
