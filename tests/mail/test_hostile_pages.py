"""Hostile letters in the real page of a message, in a real browser: nothing runs, reaches out, leaks or breaks out."""

import itertools
import os
from collections import Counter
from dataclasses import replace

import pytest
from django.conf import settings

from congvu.base import clock
from congvu.mail.actions.accepting import accept
from congvu.mail.models import Item
from tests.mail import hostile_letters
from tests.mail.hostile_visit import Reader, chromium, world
from tests.mail.letters import incoming
from tests.torture.proof import tell

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
EVERY = 700  # of the quick test
AT_ONCE = 100
TOGETHER = 42  # letters on one page
ALL_IN_SIGHT = {
    "width": 2_400,
    "height": 1_500,
}  # pixels, for frames of 300 by 150: only what is seen is painted
ALONE = 50  # every so-manieth letter of the long test is opened on its own page
CONTROL = f"<img src={hostile_letters.HOST}/control.png><a href={hostile_letters.HOST}/link>go</a>"


def delivered(letters):
    """Deliver letters to Bình and return the addresses of their pages, in the same order."""
    from congvu.mail.models import Message  # noqa: PLC0415 -- beside its use

    paths = []
    for group in _groups(letters, AT_ONCE):
        first = incoming("binh@ubnd.example")
        verdicts = accept([replace(first, raw=one) for one in group])
        assert all(one.code == 250 for one in verdicts), verdicts
        handles = [one.text.rpartition(" ")[2] for one in verdicts]
        known = dict(
            Item.objects.filter(message__handle__in=handles).values_list("message__handle", "handle")
        )
        paths += [f"/mail/message/{known[one]}/" for one in handles]
    assert Message.objects.count() >= len(paths)
    return paths


def _groups(letters, size):
    iterator = iter(letters)
    while group := list(itertools.islice(iterator, size)):
        yield group


def visit(live_server, client, model, paths, alone, outside):
    """Read letters as Bình, some on their own pages, and all together; return who read, with what was seen."""
    with chromium(outside) as browser:
        context = browser.new_context(locale="en")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        reader = Reader(context.new_page(), live_server.url)
        reader.watch()
        reader.page.set_viewport_size(ALL_IN_SIGHT)
        for number, group in enumerate(_groups(paths, TOGETHER), 1):
            reader.reads_together(model, group)
            if number % 50 == 0:
                tell(
                    "read together", letters=number * TOGETHER, ran=len(reader.ran), asked=len(outside.asked)
                )
        for number in alone:
            reader.reads(paths[number])
        reader.page.wait_for_timeout(500)
        return reader


def proved(live_server, client, letters, alone):
    model, *paths = delivered([hostile_letters.letter(CONTROL), *letters])
    Item.objects.update(
        opened_at=clock.now()
    )  # that openings are recorded is proved elsewhere, and takes its time
    with world() as outside:
        reader = visit(live_server, client, model, paths, alone, outside)
        return reader.ran, outside.asked, outside.referrers, reader.left, reader.opened


def test_a_sample_of_every_class_does_nothing(live_server, agency, binh, client_of, data_folder):
    every = list(hostile_letters.samples())
    chosen = {name: number for number, (name, _) in reversed(list(enumerate(every)))}.values()
    numbers = sorted({*chosen, *range(0, len(every), EVERY)})
    assert len(numbers) > 20
    found = proved(live_server, client_of(binh), [every[one][1] for one in numbers], range(len(numbers)))
    assert found == ([], [], [], [], [])


def test_the_counters_count_and_a_link_tells_nobody_where_it_stood(
    live_server, agency, binh, client_of, data_folder
):
    """Pictures that are asked for are fetched; a link that is followed opens elsewhere; both without a Referer."""
    client = client_of(binh)
    [path] = delivered([hostile_letters.letter(CONTROL)])
    with world() as outside, chromium(outside) as browser:
        context = browser.new_context(locale="en")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        reader = Reader(page, live_server.url)
        reader.watch()
        page.goto(f"{live_server.url}{path}?remote=1", wait_until="load")
        with page.expect_popup() as popup:
            page.frames[1].get_by_text("go").press("Enter")
        popup.value.wait_for_load_state()
        page.evaluate("hit(1)")
        reader.reads_together(f"{path}?remote=1", [path])  # the frame is not that which was expected
        asked = [
            one for one in outside.asked if not one.endswith("favicon.ico")
        ]  # of the page that was opened
        picture, link = "reached.out.test/control.png", "reached.out.test/link"
        assert (asked, outside.referrers, len(reader.ran), len(reader.left)) == (
            [picture, link, picture],
            [],
            1,
            1,
        )


@pytest.mark.torture
def test_thousands_of_hostile_letters_do_nothing(live_server, agency, binh, client_of, data_folder, capsys):
    """Every letter in its frame, with many others; of each class some, and all with parts, on their own pages.

    CONGVU_SAMPLES takes every n-th only.
    """
    step = int(os.environ.get("CONGVU_SAMPLES", "1"))
    chosen = list(itertools.islice(hostile_letters.samples(), 0, None, step))
    alone = [number for number, (name, _) in enumerate(chosen) if name == "cid" or number % ALONE == 0]
    found = proved(live_server, client_of(binh), [one for _, one in chosen], alone)
    with capsys.disabled():
        classes = dict(Counter(name for name, _ in chosen))
        print(f"\n{len(chosen)} letters, {len(alone)} of them on their own pages too: {classes}")  # noqa: T201 -- a long test tells what it found
        for word, one in zip(("ran", "asked", "referrers", "left", "opened"), found, strict=True):
            print(f"{word}: {len(one)} {one[:5]}")  # noqa: T201 -- a long test tells what it found
    assert found == ([], [], [], [], [])
