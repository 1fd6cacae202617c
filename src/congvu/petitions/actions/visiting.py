"""Counting how often public pages are opened; nothing of who opened them."""

from collections.abc import Mapping
from datetime import date

from django.db.models import F

from congvu.base.database import atomic
from congvu.petitions.models import Visits


def count(seen: Mapping[tuple[int, date, str], int]) -> None:  # no-evidence: a number of visits is no act
    """Add visits by agency (its key), day and page."""
    with atomic():
        for (agency, day, page), more in sorted(seen.items()):
            row, is_new = Visits.objects.get_or_create(
                agency_id=agency, day=day, page=page, defaults={"count": more}
            )
            if not is_new:
                Visits.objects.filter(pk=row.pk).update(count=F("count") + more)
