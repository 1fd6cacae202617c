"""The invitation that goes with a letter, from what its writer typed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from congvu.base import handles
from congvu.directory.models import Agency
from congvu.mail.addresses import Mailbox, normal
from congvu.mail.meetings import letters
from congvu.mail.meetings.writing import Invitation
from congvu.mail.models import Draft

ZONES = (
    *("Asia/Ho_Chi_Minh", "Asia/Almaty", "Asia/Bangkok", "Asia/Singapore", "Asia/Shanghai", "Asia/Tokyo"),
    *("Asia/Seoul", "Asia/Kolkata", "Asia/Dubai", "Asia/Tashkent", "Europe/Moscow", "Europe/Berlin"),
    *("Europe/Paris", "Europe/London", "America/New_York", "America/Los_Angeles", "Australia/Sydney", "UTC"),
)
LONGEST = timedelta(days=31)


class NoMeetingTimeError(ValueError):
    """An invitation has no start, or no end after it; the argument is the field to mend."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def invites(draft: Draft) -> bool:
    """Tell whether a draft invites to a meeting."""
    return bool(draft.meeting_start or draft.meeting_end or draft.meeting_place)


def invitation(
    draft: Draft, *, organizer: Mailbox, attendees: tuple[Mailbox, ...], agency: Agency
) -> Invitation | None:
    """Return the meeting to which a draft invites; None for a letter that invites to none.

    Raises NoMeetingTimeError.
    """
    if not invites(draft):
        return None
    zone = draft.meeting_zone if draft.meeting_zone in (*ZONES, agency.zone) else agency.zone
    start = _instant(draft.meeting_start, zone, "meeting_start")
    end = _instant(draft.meeting_end, zone, "meeting_end")
    if not timedelta() < end - start <= LONGEST:
        raise NoMeetingTimeError("meeting_end")
    people = {
        normal(one.address): one for one in attendees if normal(one.address) != normal(organizer.address)
    }
    return Invitation(
        uid=f"{handles.derive(draft.handle, 'meeting')}@{agency.domain}",
        sequence=0,
        organizer=organizer,
        attendees=tuple(people.values()),
        start=start,
        end=end,
        zone=zone,
        summary=draft.subject,
        place=" ".join(draft.meeting_place.split()),
        description=draft.body,
    )


def text(draft: Draft, meeting: Invitation, *, language: str) -> str:
    """Return the letter's text with what the invitation says, for programs that read no calendars."""
    zone = ZoneInfo(meeting.zone)
    start, end = meeting.start.astimezone(zone), meeting.end.astimezone(zone)
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%d/%m/%Y %H:%M}"
    when = f"{start:%d/%m/%Y %H:%M} – {until} ({meeting.zone}, UTC{start:%z})"
    said = letters.invitation(when=when, place=meeting.place, language=language)
    return f"{draft.body.rstrip()}\n\n{said}\n"


def _instant(typed: str, zone: str, field: str) -> datetime:
    try:
        local = datetime.fromisoformat(typed.strip())
        instant = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise NoMeetingTimeError(field) from error
    if local.tzinfo is not None or not 2000 < instant.year < 2200:  # noqa: PLR2004 -- years of a meeting
        raise NoMeetingTimeError(field)
    return instant
