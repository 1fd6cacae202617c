import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from congvu.base import clock
from congvu.mail.actions.accepting import accept
from congvu.mail.arranging.models import MailFilter, MailFolder
from congvu.mail.arranging.sorting import Asked, Said, fits
from congvu.mail.models import Item
from tests.mail.letters import NOW, incoming
from tests.mail.pages import ENGLISH, kinds, press, show

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nine_o_clock(data_folder):
    with clock.demonstration(NOW):
        yield


@pytest.fixture
def client(binh, client_of):
    """Bình's browser, with a folder `Báo cáo`."""
    signed_in = client_of(binh)
    press(signed_in, "folders", binh.address.handle, name="Báo cáo")
    return signed_in


def folder():
    return MailFolder.objects.get(name="Báo cáo").handle


def add(client, seat, *, do="save", **asked):
    return press(client, "new-filter", seat.address.handle, do=do, **asked)


def arrive(**fields):
    accept([incoming("binh@ubnd.example", **fields)])
    return Item.objects.select_related("filed_in").latest("id")


@pytest.mark.parametrize(
    ("asked", "is_taken"),
    [
        ({"subject": "bao cao THÁNG"}, True),
        ({"subject": "báo  cáo   tháng"}, True),
        ({"sender": "dung@dan"}, True),
        ({"sender": "DUNG", "subject": "tháng"}, True),
        ({"sender": "dung", "subject": "năm"}, False),
        ({"recipient": "binh@ubnd.example"}, True),
        ({"recipient": "an@ubnd.example"}, False),
    ],
)
def test_a_filter_takes_what_contains_all_that_it_asks(agency, binh, client, asked, is_taken):
    add(client, binh, folder=folder(), **asked)
    item = arrive(subject="Báo cáo tháng 11")
    assert (item.folder, item.filed_in and item.filed_in.name) == (
        ("filed", "Báo cáo") if is_taken else ("inbox", None)
    )


def test_a_filtered_letter_still_owes_its_acknowledgement_and_was_not_opened(agency, binh, client):
    add(client, binh, subject="báo cáo", folder=folder(), flags="on")
    item = arrive(subject="Báo cáo")
    assert (item.owes_acknowledgement, item.opened_at, item.flagged) == (True, None, True)
    assert kinds(agency) == ["mail.message.accepted", "mail.message.delivered"]
    page = show(client, "inbox").content.decode()
    assert "1 letter in another folder waits for your acknowledgement." in page


def test_the_first_filter_that_fits_decides_and_the_order_can_be_changed(agency, binh, client):
    press(client, "folders", binh.address.handle, name="Khác")
    add(client, binh, subject="báo", folder=folder())
    add(client, binh, subject="cáo", folder=MailFolder.objects.get(name="Khác").handle)
    assert arrive(subject="báo cáo").filed_in.name == "Báo cáo"
    last = MailFilter.objects.get(subject="cáo")
    press(client, "filter-act", last.handle, do="up")
    assert arrive(subject="báo cáo").filed_in.name == "Khác"
    press(client, "filter-act", last.handle, do="down")
    assert arrive(subject="báo cáo").filed_in.name == "Báo cáo"


def test_a_filter_that_is_off_rests_and_one_that_is_removed_leaves_what_it_moved(agency, binh, client):
    add(client, binh, subject="báo cáo", folder=folder())
    held = MailFilter.objects.get()
    moved = arrive(subject="báo cáo")
    press(client, "filter-act", held.handle, do="off")
    assert arrive(subject="báo cáo").folder == "inbox"
    press(client, "filter-act", held.handle, do="on")
    assert arrive(subject="báo cáo").folder == "filed"
    press(client, "filter-act", held.handle, do="remove")
    moved.refresh_from_db()
    assert (moved.folder, MailFilter.objects.count()) == ("filed", 0)


@pytest.mark.parametrize("asked", [{}, {"subject": "  "}, {"subject": "x", "folder": ""}, {"flags": "on"}])
def test_a_filter_that_asks_or_does_nothing_is_not_saved(agency, binh, client, asked):
    assert add(client, binh, **asked).status_code in {200, 422}
    assert MailFilter.objects.count() == 0


def test_a_trial_shows_what_fits_and_changes_nothing(agency, binh, client):
    arrive(subject="Báo cáo 1")
    arrive(subject="Giấy mời", message_id="m2@dan.example")
    page = add(client, binh, do="try", subject="báo cáo", folder=folder()).content.decode()
    assert "1 of the latest 2 letters fits. Nothing was moved." in page
    assert "Báo cáo 1" in page
    assert "Giấy mời" not in page
    assert (MailFilter.objects.count(), Item.objects.filter(folder="inbox").count()) == (0, 2)


def test_a_filter_that_files_keeps_its_folder(agency, binh, client):
    add(client, binh, subject="báo cáo", folder=folder())
    answer = client.post(reverse("mail:remove-folder", args=[folder()]), headers=ENGLISH, follow=True)
    assert "A filter files into this folder." in answer.content.decode()
    assert MailFolder.objects.count() == 1


def test_nobody_sees_or_changes_the_filters_of_another(agency, binh, chi, client, client_of):
    add(client, binh, subject="báo cáo", folder=folder())
    held, stranger = MailFilter.objects.get(), client_of(chi)
    for name, handle in (("filters", binh.address.handle), ("filter", held.handle)):
        assert show(stranger, name, handle).status_code == 404
    assert press(stranger, "filter-act", held.handle, do="remove").status_code == 404
    assert MailFilter.objects.count() == 1


def test_a_filter_of_one_box_leaves_another_alone(agency, an, binh, client):
    add(client, binh, subject="báo cáo", folder=folder())
    accept([incoming("an@ubnd.example", "binh@ubnd.example", subject="báo cáo")])
    by_box = {one.mailbox.address.local_part: one.folder for one in Item.objects.all()}
    assert by_box == {"an": "inbox", "binh": "filed"}


def test_changing_a_filter_changes_what_it_takes(agency, binh, client):
    add(client, binh, subject="báo cáo", folder=folder())
    held = MailFilter.objects.get()
    assert 'value="báo cáo"' in show(client, "filter", held.handle).content.decode()
    press(client, "filter", held.handle, do="save", subject="giấy mời", folder=folder())
    assert [arrive(subject=one).folder for one in ("báo cáo", "giấy mời")] == ["inbox", "filed"]


texts = st.text("abc ", max_size=5)


@given(asked=st.tuples(texts, texts, texts), letter=st.tuples(texts, texts, texts))
def test_a_filter_fits_where_every_text_is_contained(asked, letter):
    wanted = Asked(sender=asked[0], recipient=asked[1], subject=asked[2])
    found = Said(sender=letter[0], recipient=letter[1], subject=letter[2])
    expected = any(asked) and all(not one or one in text for one, text in zip(asked, letter, strict=True))
    assert fits(wanted, found) == expected
