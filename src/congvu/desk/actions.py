"""Telling people by letter of what was not recorded in time."""

from datetime import datetime

from congvu.base.database import atomic
from congvu.desk import late_letters
from congvu.desk.late_duties import Told
from congvu.desk.models import LateNotice
from congvu.directory.models import Agency
from congvu.directory.queries import legal_day
from congvu.mail.actions.accepting import post


def tell_late(
    *, agency: Agency, told: Told, until: datetime, now: datetime
) -> LateNotice | None:  # no-evidence: the letter leaves it, in mail
    """Lay a letter about late duties into a person's own box; None when one was told on that day already.

    Its evidence is that of every letter. Raises what `mail.actions.accepting.post` raises.
    """
    person, day = told.account.person, legal_day(agency, until)
    letter = late_letters.parcel(agency, told, now=now)
    with atomic():
        if LateNotice.objects.filter(agency=agency, person=person, day=day).exists():
            return None
        message = post(letter)
        return LateNotice.objects.create(
            agency=agency, person=person, day=day, until=until, message=message.handle
        )
