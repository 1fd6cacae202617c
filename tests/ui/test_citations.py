"""Articles in the reader's language."""

import pytest
from django.utils.translation import override

from congvu.ui.citations import cited


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", "02/2011/QH13, Điều 27; khoản 1 Điều 23; điểm đ khoản 3 Điều 31; Điều 3-20"),
        ("kk", "02/2011/QH13, 27-бап; 23-баптың 1-тармағы; 31-баптың 3-тармағының đ тармақшасы; 3-20-бап"),
        ("ru", "02/2011/QH13, ст. 27; п. 1 ст. 23; пп. đ п. 3 ст. 31; ст. 3-20"),
        ("en", "02/2011/QH13, Art 27; Art 23(1); Art 31(3)(đ); Art 3-20"),
    ],
)
def test_articles_are_named_as_readers_of_the_language_write_them(language, words):
    with override(language):
        assert cited("02/2011/QH13, Art 27; Art 23(1); Art 31(3)(dd); Art 3-20") == words
