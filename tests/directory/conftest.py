"""The browser of the pages' tests."""

from tests.ui.conftest import browser, opened

__all__ = ["browser", "opened"]
