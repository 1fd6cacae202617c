"""The whole register as a stream, the same for readers of the portal and for programs (GeoReport Bulk, proposed)."""

from collections.abc import Iterator
from typing import Final

from congvu.petitions.open311 import bulk
from congvu.petitions.public.register import Register

COLUMNS: Final = bulk.COLUMNS
FORMS: Final = {form: bulk.BULK_FORMATS[form] for form in ("csv", "json")}


def pieces(register: Register, form: str, *, language: str) -> Iterator[str]:
    """Yield the register in one of FORMS, piece by piece; names in a language, codes as they are."""
    return bulk.WRITERS[form](bulk.rows(register.agency, language))
