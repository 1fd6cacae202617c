"""App configuration."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The package `portal` as a Django app."""

    name = "congvu.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
