"""Lists in the order of Vietnamese and Kazakh dictionaries, in any database."""

import random
import re

from hypothesis import given
from hypothesis import strategies as st

from congvu.base.collation import key, person_key


def shuffled(words: list[str]) -> list[str]:
    return random.Random(1022).sample(words, len(words))  # noqa: S311 -- no secret


def test_vietnamese_words_follow_the_vietnamese_alphabet():
    words = "an ăn ân bà da đa đen em êm im khi lo lô lơ mai ông ơn sa ta thu tư xa yến"
    assert sorted(shuffled(words.split()), key=key) == words.split()


def test_the_tone_counts_only_where_the_letters_are_the_same():
    words = ["ma", "mà", "mả", "mã", "má", "mạ", "mai", "mái hiên", "mái nhà"]
    assert sorted(shuffled(words), key=key) == words


def test_kazakh_words_follow_the_kazakh_alphabet():
    words = "ай әке бала гүл ғалым дана есеп ёлка жол зат иә йод кең қала ласт нан ңа от өзен сөз уақыт ұл үй фонд хат һава цех ым іс эхо"
    assert sorted(shuffled(words.split()), key=key) == words.split()


def test_a_shorter_word_stands_before_a_longer_one_and_digits_before_letters():
    words = ["1022", "An Bình", "An Bình 2", "Anh", "Áo", "Бала"]
    assert sorted(shuffled(words), key=key) == words


def test_case_punctuation_and_composition_do_not_count():
    assert key("Ủy ban") == key("ủy-ban".replace("-", " ")) == key("U\u0309y ban.")


def test_vietnamese_people_are_listed_by_given_name_then_family():
    people = [
        "Trần Thị An",
        "Lê Văn Ân",
        "Hồ Bình",
        "Nguyễn Bình",
        "Vũ Dung",
        "Đỗ Thị Dung",
        "Phạm Đức",
        "Lê Minh Đức",
    ]
    assert sorted(shuffled(people), key=person_key) == [
        "Trần Thị An",
        "Lê Văn Ân",
        "Hồ Bình",
        "Nguyễn Bình",
        "Đỗ Thị Dung",
        "Vũ Dung",
        "Lê Minh Đức",
        "Phạm Đức",
    ]


def test_kazakh_people_are_listed_by_the_family_name_that_leads():
    people = [
        "Ахметов Нұрлан",
        "Әбдірахман Айгүл",
        "Қасымов Ермек",
        "Омаров Бекзат",
        "Өтебаев Асан",
        "Ыбырай Дана",
        "Іскаков Али",
    ]
    assert sorted(shuffled(people), key=person_key) == people


@given(st.text(max_size=40), st.text(max_size=40))
def test_every_text_has_a_key_that_every_database_sorts_alike(one, other):
    assert re.fullmatch("[0-9a-f]+", key(one))
    assert person_key(one)
    assert (key(f"{one} {other}") > key(one)) or not key(other).removesuffix("00")
