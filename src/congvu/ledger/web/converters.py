"""The name of a log inside an address."""


class LogConverter:
    """A year of four digits, or a year and the number of a later log in it: `2026`, `2026-2`."""

    regex = "[0-9]{4}(?:-[2-9])?"

    def to_python(self, value: str) -> str:
        """Return the name."""
        return value

    def to_url(self, value: str | int) -> str:
        """Return the name."""
        return str(value)
