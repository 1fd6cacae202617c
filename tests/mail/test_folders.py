import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congvu.base import clock
from congvu.desk import queries as desk
from congvu.directory.actions.addresses import give_unit_address
from congvu.directory.policies import OPERATOR
from congvu.mail.actions.accepting import accept
from congvu.mail.arranging.models import MailFolder
from congvu.mail.models import Item
from tests.mail.letters import NOW, incoming, submitted
from tests.mail.pages import ENGLISH, item_of, kinds, press, show

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nine_o_clock(data_folder):
    with clock.demonstration(NOW):
        yield


def make(client, seat, name):
    return press(client, "folders", seat.address.handle, name=name)


def folder(name):
    return MailFolder.objects.get(name=name)


def move(client, to, *items):
    return press(client, "move", to=to, item=[one.handle for one in items], next=reverse("mail:inbox"))


def where(*items):
    rows = Item.objects.filter(pk__in=[one.pk for one in items]).order_by("id")
    return [
        (one.folder, one.filed_in.name if one.filed_in else "") for one in rows.select_related("filed_in")
    ]


@pytest.fixture
def letters(agency, binh):
    accept(
        [incoming("binh@ubnd.example", subject=f"Thư {n}", message_id=f"{n}@x.example") for n in (1, 2, 3)]
    )
    return list(Item.objects.order_by("id"))


def test_a_folder_is_made_named_anew_and_removed_when_empty(agency, binh, client_of):
    client = client_of(binh)
    assert make(client, binh, "  Họp \n giao ban ").status_code == 302
    made = folder("Họp giao ban")
    press(client, "rename-folder", made.handle, name="Giao ban")
    assert folder("Giao ban").pk == made.pk
    press(client, "remove-folder", made.handle)
    assert MailFolder.objects.count() == 0


@pytest.mark.parametrize("name", ["", " \n", "giao BAN"])
def test_a_folder_needs_a_name_of_its_own(agency, binh, client_of, name):
    client = client_of(binh)
    make(client, binh, "Giao ban")
    make(client, binh, name)
    assert list(MailFolder.objects.values_list("name", flat=True)) == ["Giao ban"]


def test_a_folder_that_holds_a_letter_is_not_removed(letters, binh, client_of):
    client = client_of(binh)
    make(client, binh, "Giao ban")
    move(client, f"filed:{folder('Giao ban').handle}", letters[0])
    answer = client.post(
        reverse("mail:remove-folder", args=[folder("Giao ban").handle]), headers=ENGLISH, follow=True
    )
    assert "Only an empty folder can be removed" in answer.content.decode()
    assert where(letters[0]) == [("filed", "Giao ban")]


def test_many_letters_move_at_once_and_come_back_with_one_press(letters, binh, client_of):
    client = client_of(binh)
    make(client, binh, "A")
    make(client, binh, "B")
    move(client, f"filed:{folder('A').handle}", letters[0])
    answer = move(client, f"filed:{folder('B').handle}", *letters)
    assert where(*letters) == [("filed", "B")] * 3
    assert "3 letters were moved." in client.get(answer["Location"], headers=ENGLISH).content.decode()
    press(client, "put-back")
    assert where(*letters) == [("filed", "A"), ("inbox", ""), ("inbox", "")]
    press(client, "put-back")  # nothing is left to put back
    assert where(*letters) == [("filed", "A"), ("inbox", ""), ("inbox", "")]


def test_undoing_after_the_folder_is_gone_files_without_one(letters, binh, client_of):
    client = client_of(binh)
    make(client, binh, "A")
    move(client, f"filed:{folder('A').handle}", letters[0])
    move(client, "inbox", letters[0])
    press(client, "remove-folder", folder("A").handle)
    press(client, "put-back")
    assert where(letters[0]) == [("filed", "")]


def test_letters_are_marked_and_the_mark_taken_off(letters, binh, client_of):
    client = client_of(binh)
    move(client, "flag", *letters[:2])
    assert Item.objects.filter(flagged=True).count() == 2
    move(client, "unflag", letters[0])
    assert list(Item.objects.filter(flagged=True)) == [letters[1]]


def test_nobody_moves_what_lies_in_anothers_box(letters, binh, chi, client_of):
    client = client_of(binh)
    make(client, binh, "A")
    handle = folder("A").handle
    stranger = client_of(chi)
    move(stranger, "filed", letters[0])
    assert where(letters[0]) == [("inbox", "")]
    for name in ("rename-folder", "remove-folder"):
        assert press(stranger, name, handle, name="X").status_code == 404
    assert show(stranger, "folder", handle).status_code == 404
    assert show(stranger, "folders", binh.address.handle).status_code == 404


def test_a_letter_of_a_unit_stays_in_the_boxes_of_the_unit(agency, an, client_of):
    client = client_of(an)
    make(client, an, "Riêng của An")
    accept([incoming("vanphong@ubnd.example")])
    item = Item.objects.get()
    move(client, f"filed:{folder('Riêng của An').handle}", item)
    assert where(item) == [("inbox", "")]


def test_what_was_sent_is_not_moved(agency, an, binh, client_of):
    accept([submitted(binh, "an@ubnd.example")])
    sent = item_of(binh, "sent")
    move(client_of(binh), "filed", sent)
    assert where(sent) == [("sent", "")]


def test_filing_hides_no_duty_and_leaves_no_evidence(letters, agency, binh, client_of):
    client = client_of(binh)
    make(client, binh, "A")
    move(client, f"filed:{folder('A').handle}", *letters[:2])
    page = show(client, "inbox").content.decode()
    assert "2 letters in other folders wait for your acknowledgement." in page
    assert "Thư 1" in show(client, "owing", binh.address.handle).content.decode()
    assert desk.post(binh, now=NOW).unread == 3
    assert set(kinds(agency)) == {
        "mail.message.accepted",
        "mail.message.delivered",
        "mail.mailbox.checked",
    }


def test_folders_tell_how_much_in_them_is_unread(letters, binh, client_of):
    client = client_of(binh)
    make(client, binh, "A")
    move(client, f"filed:{folder('A').handle}", *letters[:2])
    show(client, "message", letters[0].handle)
    shown = show(client, "inbox").context["own_folders"]
    assert [(one.folder.name, one.unread) for one in shown] == [("A", 1)]


def test_a_page_asks_the_database_as_often_for_three_folders_as_for_one(letters, binh, client_of):
    client = client_of(binh)

    def asked():
        with CaptureQueriesContext(connection) as captured:
            show(client, "inbox")
        return len(captured)

    make(client, binh, "A")
    move(client, f"filed:{folder('A').handle}", letters[0])
    show(client, "inbox")
    one = asked()
    for name in ("B", "C"):
        make(client, binh, name)
    move(client, f"filed:{folder('B').handle}", letters[1])
    assert asked() == one


def test_boxes_of_one_unit_are_told_apart_by_their_addresses(agency, an, client_of):
    give_unit_address(unit=an.unit, local_part="hotro", by=OPERATOR, now=NOW)
    page = client_of(an).get(reverse("mail:inbox")).content.decode()
    found = re.findall(r"Office \((\w+)@ubnd\.example\)", page)
    assert found == ["hotro", "vanphong"]
