import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congvu.base import clock
from congvu.ledger import queries as ledger
from congvu.ledger import sequencer
from congvu.mail.actions import assigning
from congvu.mail.actions.accepting import accept
from congvu.mail.arranging.models import Assignment
from congvu.mail.models import Item, Message
from tests.mail.letters import NOW, incoming
from tests.mail.pages import ENGLISH, press, show

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nine_o_clock(data_folder):
    with clock.demonstration(NOW):
        yield


@pytest.fixture
def hoa(seat_of):
    """Hoa, second clerk of the office."""
    title = {"vi": "Văn thư", "en": "Registry clerk"}
    return seat_of("Lê Thị Hoa", unit="vp", title=title, functions=("clerk",), local_part="hoa")


@pytest.fixture
def letter(agency, an):
    """A letter to the office, which An and Hoa answer."""
    accept([incoming("vanphong@ubnd.example", subject="Gửi Văn phòng")])
    return Item.objects.get()


def text(answer):
    return answer.content.decode()


def who():
    return [one.person.full_name for one in Assignment.objects.select_related("person")]


def entries(agency, kind):
    sequencer.settle()
    return [one for one in ledger.entries_from(agency.handle, 0, 0, 1000) if one.kind == kind]


def test_who_takes_a_letter_is_seen_by_all_who_answer_the_box(agency, an, hoa, letter, client_of):
    press(client_of(an), "assign", letter.handle, do="take")
    box = letter.mailbox.address.handle
    assert "Nguyễn Thị An answers" in text(show(client_of(hoa), "box", box))
    assert "Nguyễn Thị An answers this letter" in text(show(client_of(hoa), "message", letter.handle))
    assert "You answer" in text(show(client_of(an), "box", box))


def test_taking_a_letter_is_an_act_of_office_with_evidence(agency, an, hoa, letter, client_of):
    press(client_of(an), "assign", letter.handle, do="take")
    press(client_of(an), "assign", letter.handle, do="take")
    [entry] = entries(agency, "mail.message.assigned")
    assert entry.attributes == {"by": "self", "box": "unit"}
    assert (entry.disclosures["actor"], entry.disclosures["person"]) == (an.person.handle,) * 2
    press(client_of(an), "assign", letter.handle, do="release")
    assert [one.attributes["by"] for one in entries(agency, "mail.message.released")] == ["self"]
    assert who() == []


def test_of_two_who_press_at_once_the_second_is_told(agency, an, hoa, letter, client_of):
    press(client_of(an), "assign", letter.handle, do="take")
    answer = client_of(hoa).post(
        reverse("mail:assign", args=[letter.handle]), {"do": "take"}, headers=ENGLISH, follow=True
    )
    assert "Nguyễn Thị An has taken this letter meanwhile." in text(answer)
    assert who() == ["Nguyễn Thị An"]
    press(client_of(hoa), "assign", letter.handle, do="take", instead_of=an.person.handle)
    assert who() == ["Lê Thị Hoa"]


def test_a_member_who_is_given_a_letter_reads_and_answers_this_one_only(agency, an, binh, letter, client_of):
    accept([incoming("vanphong@ubnd.example", subject="Thư khác", message_id="khac@dan.example")])
    other = Item.objects.exclude(pk=letter.pk).get()
    client = client_of(binh)
    assert show(client, "message", letter.handle).status_code == 404
    press(client_of(an), "assign", letter.handle, do="give", person=binh.person.handle)
    assert "Gửi Văn phòng" in text(show(client, "assigned"))
    assert show(client, "message", letter.handle).status_code == 200
    assert show(client, "message", other.handle).status_code == 404
    assert show(client, "box", letter.mailbox.address.handle).status_code == 404
    for name, data in (("file", {"under": "x"}), ("assign", {"do": "give", "person": an.person.handle})):
        assert press(client, name, letter.handle, **data).status_code in {403, 404}
    assert Item.objects.get(pk=letter.pk).folder == "inbox"


def write(client, letter, box, *, to="dung@dan.example", **extra):
    data = {"sender": box, "to": to, "subject": "Re: x", "body": "Kính gửi", "checked": to, "do": "send"}
    return press(client, "compose", **data, **extra)


def test_the_answer_of_a_member_goes_out_from_the_box_and_acknowledges(agency, an, binh, letter, client_of):
    press(client_of(an), "assign", letter.handle, do="give", person=binh.person.handle)
    box = letter.mailbox.address.handle
    page = show(client_of(binh), "reply", letter.handle)
    assert (box, "vanphong@ubnd.example") in page.context["form"].fields["sender"].choices
    write(client_of(binh), letter, box, answers=letter.handle)
    sent = Message.objects.get(channel="web")
    assert (sent.sender_address, sent.author_id) == ("vanphong@ubnd.example", binh.person.pk)
    assert Item.objects.get(pk=letter.pk).acknowledged_by == "reply"
    assert "Answered: Trần Văn Bình" in text(show(client_of(an), "box", box))


def test_a_member_writes_nothing_else_from_the_box(agency, an, binh, letter, client_of):
    press(client_of(an), "assign", letter.handle, do="give", person=binh.person.handle)
    answer = write(client_of(binh), letter, letter.mailbox.address.handle)
    assert (answer.status_code, Message.objects.filter(channel="web").count()) == (422, 0)


def test_a_letter_that_was_taken_back_is_closed_again(agency, an, binh, letter, client_of):
    press(client_of(an), "assign", letter.handle, do="give", person=binh.person.handle)
    press(client_of(an), "assign", letter.handle, do="release")
    assert show(client_of(binh), "message", letter.handle).status_code == 404


def test_before_a_second_answer_is_written_a_warning_stands(agency, an, hoa, letter, client_of):
    press(client_of(an), "assign", letter.handle, do="take")
    assert "Nguyễn Thị An answers this letter." in text(show(client_of(hoa), "reply", letter.handle))
    write(client_of(an), letter, letter.mailbox.address.handle, answers=letter.handle)
    assert "has answered this letter already" in text(show(client_of(hoa), "reply", letter.handle))


def test_personal_mail_is_shared_out_by_nobody(agency, an, binh, client_of):
    accept([incoming("binh@ubnd.example")])
    item = Item.objects.get()
    assert press(client_of(binh), "assign", item.handle, do="take").status_code == 404
    with pytest.raises(assigning.NotSharedError):
        assigning.assign(seat=binh, item=item, person=binh.person, now=NOW)


def test_a_stranger_to_the_unit_is_given_nothing(agency, an, ngoc, letter, client_of):
    answer = client_of(an).post(
        reverse("mail:assign", args=[letter.handle]),
        {"do": "give", "person": ngoc.person.handle},
        headers=ENGLISH,
        follow=True,
    )
    assert "Choose who should answer." in text(answer)
    assert who() == []


def test_a_list_asks_as_often_for_three_shared_letters_as_for_one(agency, an, letter, client_of):
    client, box = client_of(an), letter.mailbox.address.handle

    def asked():
        show(client, "box", box)
        with CaptureQueriesContext(connection) as captured:
            show(client, "box", box)
        return len(captured)

    press(client, "assign", letter.handle, do="take")
    one = asked()
    for n in (2, 3):
        accept([incoming("vanphong@ubnd.example", message_id=f"{n}@dan.example")])
        press(client, "assign", Item.objects.latest("id").handle, do="take")
    assert asked() == one
