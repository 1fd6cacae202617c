"""Appointing people to posts, and what follows when they leave."""


def test_the_cast_sits_on_its_posts(an, binh, chi, ngoc, ermek):
    assert [seat.address.local_part for seat in (an, binh, chi, ngoc, ermek)] == [
        "an",
        "binh",
        "chi",
        "ngoc",
        "ermek",
    ]
