"""App configuration."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """What every package stands on."""

    name = "congvu.base"
    label = "base"
