"""Local parts made from names, and what may not be written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congvu.directory import naming


@pytest.mark.parametrize(
    ("name", "local_part"),
    [
        ("Nguyễn Văn An", "nguyen.van.an"),
        ("ĐỖ THỊ ÁNH-NGUYỆT", "do.thi.anh.nguyet"),
        ("Ермек Нұрланұлы", "ermek.nurlanuly"),
        ("Әйгерім Жұмағұлова", "aigerim.zhumagulova"),
        ("Щербаков Пётр Ильич", "shcherbakov.petr.ilich"),
        ("O'Brien", "o.brien"),
        ("李明", "person"),
        ("Root", "root2"),
    ],
)
def test_a_local_part_is_made_from_the_name(name, local_part):
    assert naming.local_part_from(name, is_taken=set().__contains__) == local_part


@given(st.text(max_size=200), st.integers(0, 30))
def test_a_made_local_part_is_always_well_written_and_free(name, namesakes):
    taken: set[str] = set()
    for _ in range(namesakes + 1):
        made = naming.local_part_from(name, is_taken=taken.__contains__)
        assert made not in taken
        assert naming.clean_local_part(made) == made
        taken.add(made)


@pytest.mark.parametrize("bad", ["", ".a", "a.", "a..b", "a b", "ạ", "a@b", "a" * 65, "-a", 'a"b'])
def test_a_local_part_that_mail_programs_stumble_over_is_refused(bad):
    with pytest.raises(naming.BadLocalPartError):
        naming.clean_local_part(bad)


def test_postmaster_belongs_to_an_office():
    with pytest.raises(naming.ReservedLocalPartError):
        naming.clean_local_part("Postmaster")
    assert naming.clean_local_part("Postmaster", reserved=True) == "postmaster"


@pytest.mark.parametrize(
    "domain", ["", "x", "a b.vn", "-a.vn", "a_b.vn", "a.v", "https://a.vn", "a" * 64 + ".vn"]
)
def test_a_domain_is_a_host_name(domain):
    with pytest.raises(naming.BadDomainError):
        naming.clean_domain(domain)


def test_text_is_kept_in_one_form():
    assert naming.clean_text(" Nguye\u0302\u0303n \n Văn\u00a0An ") == "Nguyễn Văn An"
    for bad, error in (
        ("\u202eAn", naming.ControlCharacterError),
        ("...", naming.BlankTextError),
        ("a" * 201, naming.LongTextError),
    ):
        with pytest.raises(error):
            naming.clean_text(bad)
