"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class MailConfig(AppConfig):
    """The package `mail` as a Django app; its rooms may have tables of their own."""

    name = "congvu.mail"
    label = "mail"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        """Find the tables of the package and of its rooms."""
        super().import_models()
        import_module("congvu.mail.arranging.models")
        import_module("congvu.mail.dovecot.models")
        import_module("congvu.mail.lmtp.models")
        import_module("congvu.mail.certified.models")
        import_module("congvu.mail.meetings.models")
        import_module("congvu.mail.outcomes.models")
        import_module("congvu.mail.polling.models")
        import_module("congvu.mail.revocations.models")
