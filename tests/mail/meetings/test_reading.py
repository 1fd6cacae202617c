import random
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar
import pytest

from congvu.mail import mime
from congvu.mail.addresses import Mailbox
from congvu.mail.meetings import occurring, reading, writing
from congvu.mail.meetings.zones import zone
from tests.mail.meetings.calendars import calendar, data, event

HERE = zone("Asia/Ho_Chi_Minh", {})
ZONE = """BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16010101T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+{summer}00
TZOFFSETTO:+{winter}00
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+{winter}00
TZOFFSETTO:+{summer}00
END:DAYLIGHT
END:VTIMEZONE"""
LIMIT = 0.05  # seconds of CPU


def described(name="Haus", winter="01", summer="02"):
    return ZONE.format(name=name, winter=winter, summer=summer).replace("\n", "\r\n")


def of(text, **fields):
    return reading.in_letter(mime.take_apart(data(text, **fields)))


def only(text, **fields):
    [found] = of(text, **fields)
    return found.events[0]


def first(text):
    return occurring.first(only(text), HERE)


def test_an_invitation_says_what_when_where_and_who_asks():
    [found] = of(calendar(event()))
    one = found.events[0]
    assert (found.method, one.summary, one.place) == ("REQUEST", "Họp giao ban", "Phòng 201, nhà A")
    assert (one.organizer.name, one.organizer.address) == ("Dung", "dung@dan.example")
    assert [party.address for party in one.attendees] == ["binh@ubnd.example"]
    assert occurring.first(one, HERE) == occurring.Occurrence(
        datetime(2026, 11, 25, 2, tzinfo=UTC), datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("start", "instant"),
    [
        ("DTSTART:20261125T020000Z", "2026-11-25T02:00"),
        ("DTSTART;TZID=SE Asia Standard Time:20261125T090000", "2026-11-25T02:00"),
        ('DTSTART;TZID="W. Europe Standard Time":20260725T090000', "2026-07-25T07:00"),
        ("DTSTART;TZID=/example.org/2005/Europe/Berlin:20260725T090000", "2026-07-25T07:00"),
        ('DTSTART;TZID="(UTC+05:30) Chennai":20261125T090000', "2026-11-25T03:30"),
        ("DTSTART;TZID=../../etc/passwd:20261125T090000", "2026-11-25T02:00"),
        ("DTSTART:20261125T090000", "2026-11-25T02:00"),
        ("DTSTART;VALUE=DATE:20261125", "2026-11-24T17:00"),
        ("DTSTART;TZID=Haus:20260725T090000", "2026-07-25T07:00"),
        ("DTSTART;TZID=Haus:20261125T090000", "2026-11-25T08:00"),
        ("DTSTART;TZID=Haus:20261025T090000", "2026-10-25T08:00"),
    ],
)
def test_times_are_known_however_the_zone_is_named(start, instant):
    found = first(calendar(event(start=start, end=""), zones=described()))
    assert found.start == datetime.fromisoformat(f"{instant}+00:00")


def test_what_one_letter_says_of_a_zone_holds_for_no_other():
    start = "DTSTART;TZID=Haus:20261125T090000"
    first(calendar(event(start=start, end=""), zones=described(winter="01", summer="02")))
    found = first(calendar(event(start=start, end=""), zones=described(winter="07", summer="08")))
    assert found.start == datetime(2026, 11, 25, 2, tzinfo=UTC)


def test_a_zone_that_nobody_describes_is_named():
    assert only(calendar(event(start="DTSTART;TZID=Mars:20261125T090000"))).start.unknown_zone == "Mars"


@pytest.mark.parametrize(
    ("lines", "hours"),
    [
        ({"end": "DURATION:PT1H30M"}, 1.5),
        ({"end": "DURATION:P1W"}, 168),
        ({"end": "DTEND;TZID=Asia/Tokyo:20261125T120000"}, 1),
        ({"end": "DTEND;TZID=Asia/Ho_Chi_Minh:20261124T100000"}, 0),
        ({"end": ""}, 0),
        ({"start": "DTSTART;VALUE=DATE:20261125", "end": ""}, 24),
        ({"start": "DTSTART;VALUE=DATE:20261125", "end": "DTEND;VALUE=DATE:20261128"}, 72),
    ],
)
def test_the_end_is_as_written_or_follows_from_the_duration(lines, hours):
    found = first(calendar(event(**lines)))
    assert found.end - found.start == timedelta(hours=hours)


def test_a_series_leaves_out_what_was_excepted_and_takes_what_was_added():
    extra = (
        "RRULE:FREQ=WEEKLY;COUNT=3\r\nEXDATE;TZID=Asia/Ho_Chi_Minh:20261202T090000"
        "\r\nRDATE;TZID=Asia/Ho_Chi_Minh:20261203T090000"
    )
    one = only(calendar(event(extra=extra)))
    after = datetime(2026, 11, 1, tzinfo=UTC)
    found = list(occurring.occurrences(one, after=after, here=HERE, allowance=reading.headers.Allowance(500)))
    assert [f"{day.start:%d.%m}" for day in found] == ["25.11", "03.12", "09.12"]
    assert occurring.last_end(one, HERE) == datetime(2026, 12, 9, 3, 30, tzinfo=UTC)


def test_a_series_keeps_its_clock_when_summer_time_ends():
    one = only(
        calendar(
            event(
                start="DTSTART;TZID=Europe/Berlin:20261021T090000",
                end="DTEND;TZID=Europe/Berlin:20261021T100000",
                extra="RRULE:FREQ=WEEKLY;UNTIL=20261028T080000Z",
            )
        )
    )
    found = list(
        occurring.occurrences(
            one, after=datetime(2026, 1, 1, tzinfo=UTC), here=HERE, allowance=reading.headers.Allowance(500)
        )
    )
    assert [day.start.hour for day in found] == [7, 8]


def test_a_file_with_a_calendar_counts_by_its_name():
    kind = 'application/octet-stream; name="hop.ics"'
    assert only(calendar(event()), kind=kind).summary == "Họp giao ban"
    assert of(calendar(event()), kind="application/octet-stream") == ()


def test_the_same_calendar_twice_counts_once():
    [first_part] = of(calendar(event()))
    twice = data(calendar(event())).replace(
        b"\r\n--b--",
        b"\r\n--b\r\nContent-Type: text/calendar\r\n\r\n" + calendar(event()).encode() + b"\r\n--b--",
    )
    assert reading.in_letter(mime.take_apart(twice)) == (first_part,)


@pytest.mark.parametrize(
    "text", [b"", b"\0" * 5_000, b"BEGIN:VCALENDAR", b"END:VEVENT\r\nBEGIN:VEVENT", b"\xff\xfe"]
)
def test_what_is_no_calendar_is_none(text):
    assert [one for found in of(text) for one in found.events] == []


@pytest.mark.parametrize("cut", range(0, 600, 37))
def test_a_truncated_calendar_is_read_as_far_as_it_goes(cut):
    text = calendar(event())[:cut]
    assert len([one for found in of(text) for one in found.events]) <= 1


def test_hostile_words_are_shown_as_plain_text():
    one = only(calendar(event(summary="a\u202eb\x07<script>", organizer='x" <y@z>')))
    assert (one.summary, one.organizer) == ("ab<script>", None)


def hostile():
    many = "\r\n".join('ATTENDEE;CN=a;X="b":mailto:b@x.example' for _ in range(6_000))
    dates = ",".join(["20261123T090000"] * 400)
    zones = "\r\n".join(
        described(f"Z{n}").replace("END:VTIMEZONE", "") * 4 + "END:VTIMEZONE" for n in range(60)
    )
    yield "many events", calendar(*(event(uid=f"{n}@x") for n in range(1_500)))
    yield "many attendees", calendar(event(extra=many))
    yield (
        "many dates",
        calendar(event(extra="\r\n".join(f"EXDATE;TZID=Haus:{dates}" for _ in range(35))), zones=described()),
    )
    yield (
        "many zones",
        calendar(
            *(
                event(
                    start=f"DTSTART;TZID=Z{n % 20}:20{n + 10}0725T090000",
                    end="",
                    extra=f"EXDATE;TZID=Z1:{dates}",
                )
                for n in range(60)
            ),
            zones=zones,
        ),
    )
    yield "long parameters", calendar(event(extra="ATTENDEE" + ';A="b"' * 40_000 + ":mailto:a@b.example"))
    yield (
        "open quotes",
        calendar(event(extra=('ATTENDEE;CN="' + "a" * 900 + ":mailto:a@b.example\r\n") * 250)),
    )
    yield "deep", "BEGIN:VCALENDAR\r\n" + "BEGIN:VEVENT\r\n" * 20_000
    yield "folds", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:" + "x\r\n " * 64_000
    yield "million dates", calendar(event(extra="RRULE:FREQ=DAILY;COUNT=1000000"))
    yield "no date ever", calendar(event(extra="RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"))


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in hostile()])
def test_no_calendar_costs_more_than_fifty_milliseconds(text):
    tree = mime.take_apart(data(text))
    spent = []
    for _ in range(3):
        begun = time.process_time()
        for found in reading.in_letter(tree):
            for one in found.events[:5]:
                occurring.last_end(one, HERE)
        spent.append(time.process_time() - begun)
    assert min(spent) < LIMIT


def test_any_mutation_of_a_calendar_is_read_without_an_error():
    chance = random.Random(7)  # noqa: S311 -- repeatable mutations
    text = calendar(
        event(extra="RRULE:FREQ=MONTHLY;BYDAY=2TU;COUNT=5\r\nEXDATE:20261202T020000Z"), zones=described()
    )
    for _ in range(150):
        raw = bytearray(text.encode())
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(raw))
            raw[at : at + chance.randint(0, 3)] = bytes(
                chance.choices(b':;=,"\\\r\nTZ0159BENDU-\xff', k=chance.randint(0, 3))
            )
        for found in of(bytes(raw)):
            for one in found.events:
                again = reading.kept(writing.kept(found, one))
                assert again is None or again.key == one.key
                occurring.last_end(one, HERE)


def test_what_is_written_another_library_reads_alike():
    meeting = writing.Invitation(
        uid="u@ubnd.example",
        sequence=2,
        organizer=Mailbox('Trần "Văn" Bình', "binh@ubnd.example"),
        attendees=(Mailbox("", "an@ubnd.example"), Mailbox("Dung, Trần", "dung@dan.example")),
        start=datetime(2026, 11, 25, 2, tzinfo=UTC),
        end=datetime(2026, 11, 25, 3, 30, tzinfo=UTC),
        zone="Asia/Ho_Chi_Minh",
        summary="Họp; giao ban, tuần 48\\",
        place="Phòng 201",
        description="Dòng một\nDòng hai " + "dài " * 60,
    )
    written = writing.request(meeting, at=datetime(2026, 11, 23, 2, tzinfo=UTC))
    assert max(map(len, written.split(b"\r\n"))) <= 75
    [found] = icalendar.Calendar.from_ical(written).walk("VEVENT")
    assert (str(found["SUMMARY"]), int(found["SEQUENCE"])) == (meeting.summary, 2)
    assert found["DTSTART"].dt == meeting.start
    assert found["DTEND"].dt == meeting.end
    assert str(found["DESCRIPTION"]) == meeting.description
    assert [str(one) for one in found["ATTENDEE"]] == ["mailto:an@ubnd.example", "mailto:dung@dan.example"]
    ours = only(written)
    assert (ours.summary, ours.description) == (meeting.summary, meeting.description.strip())
    assert occurring.first(ours, HERE).end == meeting.end


def oracle(path):
    """What the well-known library reads in one of its own samples: starts by UID, None where it fails."""
    try:
        found = icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")
        return [(str(one["UID"]), one["DTSTART"].dt) for one in found if "UID" in one and "DTSTART" in one]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return []


def instant(value):
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


@pytest.mark.filterwarnings("ignore")
def test_real_calendars_are_read_as_the_well_known_library_reads_them():
    here, seen = zone("UTC", {}), 0
    for path in sorted((Path(icalendar.__file__).parent / "tests").rglob("*.ics")):
        theirs = oracle(path)
        for one in (one for found in of(path.read_bytes()) for one in found.events):
            starts = {instant(start) for uid, start in theirs if uid == one.uid}
            if (
                starts and not one.start.unknown_zone
            ):  # of a zone that nobody describes it remembers other files
                assert (path.name, one.start.instant(here) in starts) == (path.name, True)
                seen += 1
    assert seen > 60
