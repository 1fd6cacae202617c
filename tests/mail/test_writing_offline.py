"""Writing while the network comes and goes, in a real browser: nothing typed is lost, and nothing is sent unasked."""

import re
import time

import pytest
from django.conf import settings
from playwright.sync_api import expect

from congvu.mail.models import Draft, Message
from tests.mail.computers import at_computer, opens
from tests.mail.pages import press, show
from tests.ui.conftest import browser

__all__ = ["at_computer", "browser", "opens"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LETTER = {"to": "an@ubnd.example", "subject": "Lịch họp", "body": "9 giờ", "cc": "", "communication": ""}
LEFT = "Object.keys(localStorage).filter((one) => one.startsWith('cv-shelter:'))"


def types(page, text):
    page.get_by_label("Text", exact=True).fill(text)


def text(page):
    return page.get_by_label("Text", exact=True).input_value()


def kept(page, body):
    """Wait until the server has a text."""
    end = time.monotonic() + 30
    while Draft.objects.get().body != body:
        assert time.monotonic() < end
        page.wait_for_timeout(50)


def says(page, words):
    expect(page.locator("#saved")).to_contain_text(words, timeout=30_000)


def test_what_is_typed_without_a_network_comes_back_after_the_computer_was_off(
    agency, an, binh, at_computer, opens
):
    context = at_computer(binh)
    page = opens(context, "/mail/compose/")
    page.get_by_label("Subject").fill("Lịch họp tuần")
    says(page, "Draft saved at")
    context.set_offline(True)
    types(page, "Đường truyền đã mất")
    says(page, re.compile(r"Not connected.*kept on this computer \(\d\d:\d\d\)"))
    page.get_by_label("To", exact=True).fill("an@ubnd.example")
    page.get_by_role("button", name="Send", exact=True).click()
    says(page, "Nothing was sent. Not connected.")
    assert "truyền" not in page.evaluate("JSON.stringify(localStorage)")
    page.close()
    context.set_offline(False)
    assert "truyền" not in Draft.objects.get().body

    inbox = opens(context, "/mail/")
    inbox.get_by_role("link", name="It stands under Drafts").click()
    inbox.get_by_role("region", name="Kept only on this computer").get_by_role("link").click()
    assert text(inbox) == "Đường truyền đã mất"
    says(inbox, "Draft saved at")
    inbox.wait_for_function(f"{LEFT}.length === 0")
    assert Draft.objects.get().body == "Đường truyền đã mất"
    inbox.get_by_role("button", name="Send", exact=True).click()
    inbox.wait_for_url("**/mail/message/*/")
    assert (Message.objects.count(), Draft.objects.count()) == (1, 0)


def test_the_text_goes_to_the_drafts_by_itself_when_the_connection_is_back(agency, binh, at_computer, opens):
    context = at_computer(binh)
    page = opens(context, "/mail/compose/")
    context.set_offline(True)
    types(page, "Chờ mạng")
    says(page, "Not connected.")
    context.set_offline(False)
    says(page, "Draft saved at")
    assert (Draft.objects.get().body, Message.objects.count()) == ("Chờ mạng", 0)


def test_an_expired_session_loses_nothing_and_the_next_person_reads_nothing(
    agency, an, binh, at_computer, opens
):
    context = at_computer(binh)
    page = opens(context, "/mail/compose/")
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    types(page, "Phiên đã hết")
    says(page, "You are signed out. Your text is kept on this computer")
    at_computer.sign_in(context, an)
    page.get_by_role("button", name="Send", exact=True).click()
    says(page, "Somebody else has signed in on this computer")
    other = opens(context, "/mail/drafts/")
    expect(other.get_by_role("main")).to_contain_text("No drafts")
    assert other.get_by_role("region", name="Kept only on this computer").count() == 0
    assert "Phiên" not in other.evaluate("JSON.stringify(localStorage)")
    at_computer.sign_in(context, binh)
    with page.expect_navigation():
        page.get_by_role("button", name="Save the draft").click()
    assert (Draft.objects.get().body, Draft.objects.get().author) == ("Phiên đã hết", binh.person)


def test_signing_out_asks_about_text_that_only_this_computer_has_and_takes_it_away(
    agency, binh, at_computer, opens
):
    context = at_computer(binh)
    page = opens(context, "/mail/compose/")
    context.set_offline(True)
    types(page, "Chỉ ở đây")
    says(page, "Not connected.")
    page.close()
    context.set_offline(False)
    day = opens(context, "/mail/")
    day.get_by_role("banner").get_by_role("group").last.locator("summary").click()
    day.get_by_role("button", name="Sign out").click()
    expect(day.get_by_role("dialog")).to_contain_text("Sign out and lose it?")
    assert len(day.evaluate(LEFT)) == 1
    day.get_by_role("button", name="Yes, continue").click()
    day.wait_for_url(lambda url: "/mail/" not in url)
    day.wait_for_function(f"{LEFT}.length === 0")


def test_two_windows_see_both_texts_and_both_can_be_kept(agency, binh, at_computer, opens):
    context = at_computer(binh)
    first = opens(context, "/mail/compose/")
    types(first, "Bản một")
    says(first, "Draft saved at")
    second = opens(at_computer(binh), f"/mail/draft/{Draft.objects.get().handle}/")
    types(second, "Bản hai")
    kept(second, "Bản hai")  # the page says from the start that the draft is saved
    types(first, "Bản một, sửa")
    both = first.get_by_role("alert")
    expect(both).to_contain_text("This draft was written in two places", timeout=30_000)
    expect(both).to_contain_text("Bản hai")
    assert (text(first), Draft.objects.get().body) == ("Bản một, sửa", "Bản hai")
    with first.expect_navigation():
        first.get_by_role("button", name="Keep both, as two drafts").click()
    assert sorted(one.body for one in Draft.objects.all()) == ["Bản hai", "Bản một, sửa"]
    first.wait_for_function(f"{LEFT}.length === 0")


def windows_of(client):
    """Return two forms of one draft, as two windows show it."""
    press(client, "compose", do="save", **LETTER)
    handle = Draft.objects.get().handle
    forms = [show(client, "draft", handle).context["form"] for _ in range(2)]
    return [LETTER | {name: one[name].value() for name in ("draft", "seen", "revision")} for one in forms]


@pytest.mark.parametrize("name", ["compose", "save"])
def test_a_window_left_open_writes_nothing_for_who_signed_in_later(agency, an, binh, client_of, name):
    assert press(client_of(an), name, **LETTER, owner=binh.person.handle).status_code == 403
    assert (Draft.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.parametrize("do", ["send", "save"])
def test_without_javascript_neither_text_is_lost_either(agency, an, binh, client_of, do):
    client = client_of(binh)
    mine, other = windows_of(client)
    press(client, "compose", do="save", **other | {"body": "10 giờ"})
    answer = press(client, "compose", do=do, **mine | {"body": "11 giờ"})
    page = answer.content.decode()
    assert (answer.status_code, "10 giờ" in page, "11 giờ" in page) == (409, True, True)
    assert (Draft.objects.get().body, Message.objects.count()) == ("10 giờ", 0)
    seen = Draft.objects.get().revision
    press(client, "compose", do=f"mine:{seen}", **mine | {"body": "11 giờ"})
    assert Draft.objects.get().body == "11 giờ"


def test_an_answer_that_was_lost_is_no_other_window(agency, binh, client_of):
    client = client_of(binh)
    form, _other = windows_of(client)
    for body in ("10 giờ", "11 giờ"):  # the first answer never came: the form knows nothing new
        assert 'data-state="kept"' in press(client, "save", **form | {"body": body}).content.decode()
    assert Draft.objects.get().body == "11 giờ"


def test_two_windows_that_say_the_same_do_not_differ(agency, binh, client_of):
    client = client_of(binh)
    mine, other = windows_of(client)
    press(client, "save", **other | {"body": "10 giờ\nphòng 2"})
    answer = press(client, "save", **mine | {"body": "10 giờ\r\nphòng 2"})
    assert 'data-state="kept"' in answer.content.decode()


def test_the_key_differs_by_person_and_stays(agency, an, binh, client_of):
    keys = [show(client_of(one), "compose").context["shelter_key"] for one in (an, binh, binh)]
    assert keys[0] != keys[1]
    assert keys[1] == keys[2]


def test_a_pulse_tells_only_of_own_drafts(agency, an, binh, client_of):
    press(client_of(binh), "compose", do="save", **LETTER)
    handle = Draft.objects.get().handle
    asked = {
        who.person.handle: client_of(who).get(f"/mail/compose/pulse/?draft={handle}").json()
        for who in (an, binh)
    }
    assert [one["owner"] for one in asked.values()] == list(asked)
    assert [one["held"] for one in asked.values()] == [[], [handle]]
    press(client_of(binh), "compose", do="send", **LETTER, draft=handle)
    assert client_of(binh).get(f"/mail/compose/pulse/?draft={handle}").json()["sent"] == [handle]
