"""Whole numbers that an address or a form brings as text."""

DIGITS = 9  # no page, year or version needs more, and Python refuses to read thousands of them


def small_number(text: str | None) -> int | None:
    """Return a number of at most nine ASCII digits; None for any other text."""
    if not text or len(text) > DIGITS or not (text.isascii() and text.isdigit()):
        return None
    return int(text)
