"""App configuration."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """The package `mail` as a Django app."""

    name = "congvu.mail"
    label = "mail"
    default_auto_field = "django.db.models.BigAutoField"
