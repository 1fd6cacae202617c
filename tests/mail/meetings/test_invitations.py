from dataclasses import replace
from datetime import timedelta

import pytest

from congvu.base import blobs, clock
from congvu.mail import messages, mime
from congvu.mail.actions.accepting import accept
from congvu.mail.meetings import reading
from congvu.mail.meetings.models import Meeting, MeetingAnswer
from congvu.mail.models import Item, Message, Origin, Transfer
from tests.mail.letters import NOW, submitted
from tests.mail.meetings.calendars import calendar, event, invited
from tests.mail.pages import item_of, kinds, press, show

pytestmark = pytest.mark.django_db(transaction=True)
LATER = "20261123T020000Z"


@pytest.fixture(autouse=True)
def _nine_o_clock(data_folder):
    with clock.demonstration(NOW):
        yield


@pytest.fixture
def client(agency, binh, client_of):
    return client_of(binh)


def receive(*events, method="REQUEST", message_id="i1@dan.example", **fields):
    [verdict] = accept(
        [invited(calendar(*(events or (event(),)), method=method), message_id=message_id, **fields)]
    )
    assert verdict.code == 250


def item(message_id="i1@dan.example", folder="inbox"):
    return Item.objects.get(message__message_id=message_id, folder=folder)


def page(client, message_id="i1@dan.example", folder="inbox"):
    return show(client, "message", item(message_id, folder).handle).content.decode()


def answered(client, answer="accepted", message_id="i1@dan.example", **fields):
    one = item(message_id)
    raw = blobs.get(one.message.blob)
    [found] = reading.in_letter(mime.take_apart(raw))
    return press(client, "answer-meeting", one.handle, meeting=found.events[0].key, answer=answer, **fields)


def sent():
    message = Message.objects.exclude(sender=None).latest("id")
    [found] = reading.in_letter(mime.take_apart(blobs.get(message.blob)))
    return message, found


def test_an_invitation_is_shown_as_a_card(client):
    receive()
    text = page(client)
    assert "Họp giao ban" in text
    assert "Wednesday 25 Nov 2026, 09:00–10:30" in text
    assert "Phòng 201, nhà A" in text
    assert text.count('name="answer"') == 3


def test_the_organizers_own_clock_is_shown_where_it_differs(client):
    receive(
        event(start="DTSTART;TZID=Asia/Tokyo:20261125T110000", end="DTEND;TZID=Asia/Tokyo:20261125T120000")
    )
    text = page(client)
    assert "09:00–10:00" in text
    assert "11:00–12:00 (Asia/Tokyo)" in text


@pytest.mark.parametrize("answer", ["accepted", "tentative", "declined"])
def test_the_answer_is_a_letter_to_the_organizer_with_its_evidence(agency, client, answer):
    receive()
    assert answered(client, answer, comment="Tôi đến muộn 10 phút").status_code == 302
    message, found = sent()
    one = found.events[0]
    assert found.method == "REPLY"
    assert [(party.address, party.answer) for party in one.attendees] == [("binh@ubnd.example", answer)]
    assert (one.uid, one.sequence, one.comment) == ("hop-1@dan.example", 0, "Tôi đến muộn 10 phút")
    assert list(Transfer.objects.filter(message=message).values_list("recipient", flat=True)) == [
        "dung@dan.example"
    ]
    assert b"text/calendar; charset=utf-8; method=REPLY; component=VEVENT" in blobs.get(message.blob)
    assert Meeting.objects.get().answer == answer
    assert kinds(agency).count("mail.message.accepted") == 2


def test_an_answer_acknowledges_the_letter(client):
    receive()
    answered(client)
    assert item().acknowledged_by == "reply"


def test_an_answer_can_be_changed(client):
    receive()
    answered(client)
    answered(client, "declined")
    assert Meeting.objects.get().answer == "declined"


def test_who_is_not_invited_by_this_very_address_cannot_answer(client):
    receive(event(attendee="binh@ubnd.example.evil.example"))
    assert 'name="answer"' not in page(client)
    answered(client)
    assert Message.objects.exclude(sender=None).count() == 0


def test_a_letter_that_is_not_from_the_organizer_is_answered_only_when_that_is_meant(client):
    receive(event(organizer="nan-nhan@khac.example"))
    assert "does not come from the organizer" in page(client)
    answered(client)
    assert Message.objects.exclude(sender=None).count() == 0
    answered(client, sure="nan-nhan@khac.example")
    message, _ = sent()
    assert Transfer.objects.get(message=message).recipient == "nan-nhan@khac.example"


def test_a_doubtful_sender_is_no_organizer(client):
    receive()
    message = Message.objects.get()
    Origin.objects.filter(message=message).delete()
    Origin.objects.create(
        agency=message.agency, message=message, spf="fail", dkim="none", dmarc="fail", arc="none"
    )
    assert "does not come from the organizer" in page(client)


def test_a_later_change_is_shown_on_the_first_letter(client):
    receive()
    answered(client)
    receive(
        event(sequence=1, stamp=LATER, start="DTSTART:20261126T020000Z", end="DTEND:20261126T030000Z"),
        message_id="i2@dan.example",
    )
    assert Meeting.objects.get().starts_at.day == 26
    first = page(client)
    assert "not the latest word" in first
    assert 'name="answer"' not in first
    assert "before the meeting was changed" in page(client, "i2@dan.example")
    answered(client)
    assert Message.objects.exclude(sender=None).count() == 1


def test_changes_and_cancellations_may_arrive_in_any_order(client):
    receive(event(sequence=2, stamp=LATER), method="CANCEL", message_id="c@dan.example")
    receive(event(sequence=1), message_id="i2@dan.example")
    receive()
    meeting = Meeting.objects.get()
    assert (meeting.is_cancelled, meeting.sequence) == (True, 2)
    assert "has called this meeting off" in page(client)
    answered(client)
    assert Message.objects.exclude(sender=None).count() == 0


def test_the_same_letter_twice_changes_nothing(client):
    receive()
    answered(client)
    receive(message_id="again@dan.example")
    meeting = Meeting.objects.get()
    assert (meeting.answer, meeting.message.message_id) == ("accepted", "i1@dan.example")


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_nobody_else_changes_or_cancels_a_meeting(client, method):
    receive()
    for organizer in ("dung@dan.example", "ke@gian.example"):
        receive(
            event(sequence=9, stamp=LATER, organizer=organizer, summary="Đổi tài khoản"),
            method=method,
            message_id=f"{organizer}.x",
            sender="Dung <ke@gian.example>",
            mail_from="ke@gian.example",
        )
    meeting = Meeting.objects.get()
    assert (meeting.sequence, meeting.is_cancelled) == (0, False)
    assert "does not come from the organizer" in page(client, "dung@dan.example.x")


def test_one_day_of_a_series_is_called_off_alone(client):
    receive(event(extra="RRULE:FREQ=WEEKLY;COUNT=3"))
    receive(
        event(sequence=1, stamp=LATER, extra="RECURRENCE-ID;TZID=Asia/Ho_Chi_Minh:20261125T090000"),
        method="CANCEL",
        message_id="c@dan.example",
    )
    text = show(client, "meetings").content.decode()
    assert "Wednesday 2 Dec 2026" in text
    assert "25 Nov" not in text


def test_clashes_with_accepted_meetings_are_named(client):
    receive(event(uid="cu@dan.example", summary="Họp cũ", extra="RRULE:FREQ=WEEKLY;INTERVAL=2"))
    receive(
        event(summary="Họp mới", start="DTSTART:20261125T030000Z", end="DTEND:20261125T040000Z"),
        message_id="i2@dan.example",
    )
    assert "At the same time" not in page(client, "i2@dan.example")
    answered(client)
    text = page(client, "i2@dan.example")
    assert "At the same time" in text
    assert "Họp cũ" in text
    assert "At the same time" not in page(client)


def test_a_calendar_that_cannot_be_read_says_so(client):
    accept([invited(b"BEGIN:VCALENDAR\r\nBEGIN:VEV", message_id="i1@dan.example")])
    assert "calendar that cannot be read" in page(client)


def write(client, **fields):
    typed = {
        "to": "an@ubnd.example, dung@dan.example",
        "subject": "Họp tổ",
        "body": "Kính mời.",
        "meeting_start": "2026-11-26T14:00",
        "meeting_end": "2026-11-26T15:00",
        "meeting_zone": "Asia/Ho_Chi_Minh",
        "meeting_place": "Phòng 5",
        "checked": "dung@dan.example",
        "do": "send",
    }
    return press(client, "compose", **(typed | fields))


def test_a_letter_invites_to_a_meeting(client, an, client_of):
    assert write(client).status_code == 302
    message, found = sent()
    one = found.events[0]
    assert found.method == "REQUEST"
    assert [party.address for party in one.attendees] == ["an@ubnd.example", "dung@dan.example"]
    assert (one.organizer.address, one.summary, one.place) == ("binh@ubnd.example", "Họp tổ", "Phòng 5")
    assert (
        "26/11/2026 14:00 – 15:00 (Asia/Ho_Chi_Minh, UTC+0700)" in messages.read(blobs.get(message.blob)).text
    )
    assert sorted(Meeting.objects.values_list("is_own", flat=True)) == [False, True]
    assert (
        "Thursday 26 Nov 2026, 14:00–15:00"
        in show(client_of(an), "message", item_of(an).handle).content.decode()
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"meeting_end": ""},
        {"meeting_end": "2026-11-26T13:00"},
        {"meeting_start": "bald"},
        {"meeting_end": "2027-11-26T13:00"},
    ],
)
def test_an_invitation_needs_a_start_and_an_end_after_it(client, an, wrong):
    answer = write(client, **wrong)
    assert answer.status_code == 422
    assert "Say when the meeting begins and ends" in answer.content.decode()
    assert Message.objects.count() == 0


def test_a_kept_draft_keeps_its_meeting(client, an):
    kept = write(client, do="save")
    assert kept.status_code == 302
    text = client.get(kept["Location"]).content.decode()
    assert 'value="2026-11-26T14:00"' in text
    assert 'value="Phòng 5"' in text


def test_a_colleagues_answer_stands_on_the_invitation(client, an, client_of):
    write(client)
    message, found = sent()
    press(
        client_of(an), "answer-meeting", item_of(an).handle, meeting=found.events[0].key, answer="tentative"
    )
    text = page(client, message.message_id, "sent")
    assert "Who comes" in text
    assert MeetingAnswer.objects.get().answer == "tentative"
    assert "No answer yet" in text


def reply(
    found,
    partstat,
    *,
    sequence=0,
    stamp=LATER,
    attendee="dung@dan.example",
    sender="Dung <dung@dan.example>",
    n=1,
    method="REPLY",
):
    text = event(
        uid=found.events[0].uid,
        organizer="binh@ubnd.example",
        attendee=attendee,
        partstat=partstat,
        sequence=sequence,
        stamp=stamp,
    )
    mail_from = sender.partition("<")[2][:-1]
    accept(
        [
            invited(
                calendar(text, method=method),
                message_id=f"r{n}@dan.example",
                sender=sender,
                mail_from=mail_from,
            )
        ]
    )


def test_an_answer_from_outside_counts_only_from_the_address_itself(client, an):
    write(client)
    _, found = sent()
    reply(found, "ACCEPTED", sender="Dung <ke@gian.example>")
    assert MeetingAnswer.objects.count() == 0
    assert "was not counted" in page(client, "r1@dan.example")
    reply(found, "ACCEPTED", n=2)
    assert MeetingAnswer.objects.get().answer == "accepted"


def test_answers_in_the_wrong_order_leave_the_newest(client, an):
    write(client)
    _, found = sent()
    reply(found, "DECLINED", stamp="20261123T030000Z")
    reply(found, "ACCEPTED", stamp="20261123T020000Z", n=2)
    assert MeetingAnswer.objects.get().answer == "declined"


def test_who_was_not_invited_is_named_as_such(client, an):
    write(client)
    message, found = sent()
    reply(found, "ACCEPTED", attendee="ke@gian.example", sender="Kẻ <ke@gian.example>")
    assert "was not invited" in page(client, message.message_id, "sent")


def test_another_time_can_be_proposed(client, an):
    write(client)
    message, found = sent()
    reply(found, "TENTATIVE", method="COUNTER")
    assert "proposes the time below" in page(client, "r1@dan.example")
    assert "Proposes another time" in page(client, message.message_id, "sent")


def test_a_meeting_is_called_off_by_a_letter_to_everybody(client, an, binh):
    write(client)
    own = Meeting.objects.get(is_own=True)
    press(client, "call-off", own.handle)
    message, found = sent()
    assert (found.method, found.events[0].sequence) == ("CANCEL", 1)
    assert sorted(Transfer.objects.filter(message=message).values_list("recipient", flat=True)) == [
        "an@ubnd.example",
        "dung@dan.example",
    ]
    assert set(Meeting.objects.values_list("is_cancelled", flat=True)) == {True}
    press(client, "call-off", own.handle)
    assert Message.objects.exclude(sender=None).count() == 2


def test_nobody_else_calls_it_off(client, an, chi, client_of):
    write(client)
    own = Meeting.objects.get(is_own=True)
    theirs = Meeting.objects.get(is_own=False)
    assert press(client_of(chi), "call-off", own.handle).status_code == 404
    assert press(client_of(an), "call-off", theirs.handle).status_code == 404


def test_a_mail_programs_answer_counts_for_the_mailbox(client, binh):
    receive()
    answer = calendar(event(partstat="ACCEPTED"), method="REPLY")
    letter = invited(
        answer, "dung@dan.example", sender="Bình <binh@ubnd.example>", mail_from="binh@ubnd.example"
    )
    accept([replace(submitted(binh, "dung@dan.example"), raw=letter.raw)])
    assert Meeting.objects.get().answer == "accepted"


def test_meetings_to_come_are_listed_and_exported(client):
    assert "No meetings to come" in show(client, "meetings").content.decode()
    receive(
        event(
            uid="cu@dan.example",
            summary="Đã qua",
            start="DTSTART:20261101T020000Z",
            end="DTEND:20261101T030000Z",
        )
    )
    receive(event(summary="Sau"), message_id="i2@dan.example")
    receive(
        event(
            uid="tuan@dan.example",
            summary="Hằng tuần",
            start="DTSTART:20240101T020000Z",
            end="DTEND:20240101T030000Z",
            extra="RRULE:FREQ=DAILY",
        ),
        message_id="i3@dan.example",
    )
    text = show(client, "meetings").content.decode()
    assert "Đã qua" not in text
    assert text.index("Hằng tuần") < text.index("Sau")
    place = item().mailbox.address.handle
    file = show(client, "meetings-export", place)
    assert file["Content-Type"] == "text/calendar; charset=utf-8"
    assert file.content.count(b"BEGIN:VEVENT") == 2


def test_the_list_is_paged(client):
    for n in range(3):
        receive(*(event(uid=f"{n}-{k}@dan.example") for k in range(10)), message_id=f"p{n}@dan.example")
    first = show(client, "meetings").content.decode()
    assert "1 to 25 of 30" in first


def test_anothers_meetings_stay_closed(client, chi, client_of):
    receive()
    place = item().mailbox.address.handle
    assert show(client_of(chi), "box-meetings", place).status_code == 404
    assert show(client_of(chi), "meetings-export", place).status_code == 404


def test_a_recalled_invitation_is_not_listed(client):
    receive()
    Message.objects.update(recalled_at=NOW + timedelta(minutes=1))
    assert "No meetings to come" in show(client, "meetings").content.decode()
