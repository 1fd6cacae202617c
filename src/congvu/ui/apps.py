"""Django's entry for the components."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Register the package under its frozen label."""

    name = "congvu.ui"
    label = "ui"
