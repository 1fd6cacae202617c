"""Sitting down at a computer: a real browser before the running pages, signed in without the page of the sign-in."""

import pytest
from django.conf import settings


@pytest.fixture
def at_computer(browser, live_server, client_of, data_folder):
    """Sit down at a computer: `at_computer(binh)` -> signed-in context; its `trouble` must stay empty."""
    contexts, trouble = [], []

    def come(seat):
        context = browser.new_context()
        contexts.append(context)
        sign_in(context, seat)
        context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
        context.on("weberror", lambda error: trouble.append(str(error.error)))
        return context

    def sign_in(context, seat):
        session = client_of(seat).cookies[settings.SESSION_COOKIE_NAME].value
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": session, "url": live_server.url}])

    come.sign_in = sign_in
    yield come
    for context in contexts:
        context.close()
    assert trouble == []


@pytest.fixture
def opens(live_server):
    def page_of(context, path):
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    return page_of
