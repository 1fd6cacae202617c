"""The whole register as a stream, the same for readers of the portal and for programs (GeoReport Bulk, proposed)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from congvu.petitions.guarding.pace import TooFastError
from congvu.petitions.open311 import bulk
from congvu.petitions.public.register import Register

__all__ = ["COLUMNS", "FORMS", "TooFastError", "pieces"]

COLUMNS: Final = bulk.COLUMNS
FORMS: Final = {form: bulk.BULK_FORMATS[form] for form in ("csv", "json")}


def pieces(register: Register, form: str, *, language: str, client: str, now: datetime) -> Iterator[str]:
    """Yield the register in one of FORMS, piece by piece; names in a language, codes as they are.

    `client` is the network address that asks. Raises TooFastError when so much work is asked too often.
    """
    bulk.PACE.step(client, most=bulk.MOST, now=now)
    return bulk.WRITERS[form](bulk.rows(register.agency, language))
