"""The number that people name a petition by: 26-004217-3, of a year, in order, with a digit that finds slips."""

import re
import unicodedata

from django.db import connection

from congvu.directory.models import Agency

DIGITS = 6
_COUNT = (
    "INSERT INTO petitions_counter (agency_id, year, last) VALUES (%s, %s, 1)"
    " ON CONFLICT (agency_id, year) DO UPDATE SET last = petitions_counter.last + 1 RETURNING last"
)
_SHAPE = re.compile(r"\A(\d{2})-?(\d{6,9})-?(\d)\Z", re.ASCII)


def following(agency: Agency, year: int) -> str:  # writes: the counter, inside the act that uses the number
    """Return the next number of a year, inside the open transaction; none is left out."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [agency.pk, year])
        (last,) = cursor.fetchone()
    return spelled(year, last)


def spelled(year: int, order: int) -> str:
    """Return the number of the `order`th petition of a year."""
    digits = f"{year % 100:02}{order:0{DIGITS}}"
    return f"{digits[:2]}-{digits[2:]}-{check_digit(digits)}"


def read(typed: str) -> str | None:
    """Return the number that somebody typed, with or without hyphens and spaces; None when a digit must be wrong."""
    plain = unicodedata.normalize("NFKC", "".join(typed.split()))  # full-width digits of some keyboards
    found = _SHAPE.match(plain.replace("–", "-"))
    if found is None or check_digit(found[1] + found[2]) != found[3]:
        return None
    return "-".join(found.groups())


def check_digit(digits: str) -> str:
    """Return the digit that finds any single wrong digit and nearly all transpositions (ISO/IEC 7064, MOD 11,10)."""
    product = 10
    for digit in digits:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)
