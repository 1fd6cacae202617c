"""The office of the conduct tests."""

from tests.conduct.conftest import _monday_morning, judge, missed, office

__all__ = ["_monday_morning", "judge", "missed", "office"]
