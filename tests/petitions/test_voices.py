"""Me too: one voice for one person, as far as anybody is known again without an account."""

import pytest

from congvu.base import clock
from congvu.petitions.actions import arranging, citizens
from congvu.petitions.models import Petition, Step
from congvu.petitions.submissions import Who
from congvu.petitions.voices import Voice
from tests.petitions.citizen import Citizen
from tests.petitions.conftest import NOW
from tests.petitions.test_who_may import DUNG, taken

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_voice_that_is_known_again_is_counted_once(lamp):
    petition = taken(lamp)
    said = (
        {"who": Who(email="Hoa@Citizen.example", phone="0912 345 678")},
        {"who": Who(email="hoa@citizen.example", phone="0999 999 999")},
        {"who": Who(phone="0999999999")},
        {"who": Who(phone="+84 912345678"), "word": "b"},
        {"who": DUNG},  # who asked: were that left out, the public number would tell it
        {"word": "a"},
        {"word": "a"},
        {"word": "b"},
        {},  # a caller of whom nothing is known
        {},
    )
    counted = [citizens.endorse(petition, at=NOW, **one).endorsements for one in said]
    assert counted == [1, 1, 1, 1, 2, 3, 3, 4, 5, 6]
    assert Step.objects.filter(petition=petition, kind="petition.endorsed").count() == 6


def test_what_is_kept_names_nobody_and_says_nothing_of_other_petitions(lamp):
    one, other = taken(lamp), taken(lamp)
    for petition in (one, other):
        citizens.endorse(petition, who=Who(email="hoa@citizen.example"), at=NOW)
    first, second = Voice.objects.order_by("id").values_list("digest", flat=True)
    assert first != second
    assert "hoa" not in str(list(Voice.objects.values()))


def test_a_browser_says_me_too_once_and_sees_the_same_both_times(data_folder, lamp, an):
    with clock.demonstration(NOW):
        petition, hoa = taken(lamp), Citizen()
        arranging.release(petition, content="Đèn", place=petition.place, pictures=(), by=an, at=NOW)
        for _twice in range(2):
            assert hoa.asks(place=petition.place, content=petition.content) == "similar"
            assert hoa.sends("similar", same=petition.number) == petition.number
            assert (
                "Your voice was counted"
                in hoa.opens(f"/1022/ubnd/joined/{petition.number}/").content.decode()
            )
    assert Petition.objects.get().endorsements == 1
