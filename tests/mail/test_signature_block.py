import pytest
from django.urls import reverse

from congvu.base import clock
from congvu.mail.actions.accepting import accept
from congvu.mail.models import Draft, Item
from congvu.mail.web import signature_block
from tests.mail.letters import NOW, incoming
from tests.mail.pages import press, show

pytestmark = pytest.mark.django_db(transaction=True)
ENGLISH_BLOCK = "-- \nTrần Văn Bình\nOfficial\nOffice\nPeople's Committee of Lam Son\nbinh@ubnd.example"
VIETNAMESE_BLOCK = (
    "-- \nTrần Văn Bình\nChuyên viên\nVăn phòng\nỦy ban nhân dân tỉnh Lam Sơn\nbinh@ubnd.example"
)


@pytest.fixture(autouse=True)
def _nine_o_clock(data_folder):
    with clock.demonstration(NOW):
        yield


def body(answer):
    return answer.context["form"]["body"].value()


def test_a_new_letter_begins_with_the_block_in_the_language_of_the_page(agency, binh, client_of):
    client = client_of(binh)
    assert body(show(client, "compose")) == f"\n\n{ENGLISH_BLOCK}"
    vietnamese = client.get(reverse("mail:compose"), headers={"Accept-Language": "vi"})
    assert body(vietnamese) == f"\n\n{VIETNAMESE_BLOCK}"


def test_in_an_answer_the_block_stands_before_what_is_quoted(agency, binh, client_of):
    accept([incoming("binh@ubnd.example")])
    text = body(show(client_of(binh), "reply", Item.objects.get().handle))
    assert text.startswith(f"\n\n{ENGLISH_BLOCK}\n\nOn 23/11/2026")


def test_from_the_box_of_the_unit_the_block_has_its_address(agency, an, client_of):
    accept([incoming("vanphong@ubnd.example")])
    text = body(show(client_of(an), "reply", Item.objects.get().handle))
    assert "Registry clerk\nOffice\nPeople's Committee of Lam Son\nvanphong@ubnd.example\n" in text


def test_the_block_changes_its_language_and_the_letter_stays(agency, binh, client_of):
    typed = f"Kính gửi\r\n\r\n{ENGLISH_BLOCK}".replace("\n", "\r\n").replace("\r\r", "\r")
    press(client_of(binh), "compose", to="", subject="x", body=typed, do="block:vi")
    assert Draft.objects.get().body == f"Kính gửi\n\n{VIETNAMESE_BLOCK}"


def test_without_a_block_it_is_put_at_the_end(agency, binh):
    text = signature_block.swapped(binh, "Kính gửi", language="en", email="binh@ubnd.example")
    assert text == f"Kính gửi\n\n{ENGLISH_BLOCK}\n"
