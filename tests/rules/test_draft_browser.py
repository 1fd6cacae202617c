"""The editor in a real browser: accessible, narrow and wide, and helpful while one types."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from congvu.base import clock
from congvu.rules import shelf
from congvu.rules.drafts import actions, queries
from congvu.rules.models import BookDraft
from tests.rules.worlds import BOOK
from tests.ui.conftest import browser, opened
from tests.ui.test_gallery import violations

__all__ = ["browser", "opened"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("data_folder"),
]


@pytest.fixture
def draft(chi):
    """The next version of the regulation, begun by Chi from a copy."""
    start = chi.on + timedelta(days=30)
    text = queries.copied(queries.text_of(BOOK, 1), shelf.version(BOOK, 1), start)
    return actions.begin(by=chi, text=text, base_version=1, at=clock.now())


@pytest.fixture
def desk(opened, client_of, live_server):
    """Open a page for somebody who is signed in: `desk(seat, path, width=360)`."""

    def signed_in(seat, path, **options):
        page = opened("/about/", **options)
        session = client_of(seat).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page.goto(live_server.url + path)
        page.wait_for_load_state("networkidle")
        return page

    return signed_in


@pytest.mark.torture
@pytest.mark.parametrize(("language", "width"), [("vi", 360), ("en", 1280)])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(desk, chi, draft, language, width, tmp_path_factory):
    broken = actions.begin(by=chi, text=draft.text.replace("kind: obligation", "kind: x"), at=clock.now())
    shots = tmp_path_factory.getbasetemp()
    found = []
    for name, path in {
        "list": "/rules/drafts/",
        "editor": f"/rules/drafts/{draft.handle}/?norm=acknowledge",
        "problems": f"/rules/drafts/{broken.handle}/",
        "history": f"/rules/drafts/{draft.handle}/history/",
    }.items():
        page = desk(chi, path, language=language, width=width)
        page.screenshot(path=shots / f"draft-{name}-{language}-{width}.png", full_page=True)
        found += [(name, one) for one in violations(page)]
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        found += [(name, "scrolls sideways")] if page.evaluate(wide) else []
    assert found == []


def test_problems_appear_while_typing_and_lead_to_their_line(desk, chi, draft):
    page = desk(chi, f"/rules/drafts/{draft.handle}/")
    expect(page.locator("#problems")).to_contain_text("No problem found")
    line = next(n for n, one in enumerate(draft.text.split("\n")) if one == "    kind: obligation")
    page.evaluate(
        """(line) => {
            const text = document.getElementById("id_text");
            const lines = text.value.split("\\n");
            lines[line] = "    kind: obligatory";
            text.value = lines.join("\\n");
        }""",
        line,
    )
    page.locator("#id_text").press("End")
    page.locator("#id_text").press("Space")
    problem = page.locator("#problems a").first
    expect(problem).to_have_text(f"Line {line + 1}")
    problem.click()
    chosen = "(text => text.value.slice(text.selectionStart, text.selectionEnd))(document.activeElement)"
    assert page.evaluate(chosen) == "    kind: obligatory"
    assert BookDraft.objects.get().text == draft.text


def test_a_text_that_is_too_large_stays_in_the_page_with_a_word_about_it(desk, chi, draft):
    page = desk(chi, f"/rules/drafts/{draft.handle}/")
    notice = page.locator("[data-cv-too-large]")
    expect(notice).to_be_hidden()
    page.locator("#id_text").fill("x" * 1_000_001)
    expect(notice).to_contain_text("larger than 1 MB")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(notice).to_be_focused()
    assert len(page.locator("#id_text").input_value()) == 1_000_001
    assert BookDraft.objects.get().text == draft.text


def test_text_and_form_are_written_by_keyboard_and_saved(desk, chi, draft):
    page = desk(chi, f"/rules/drafts/{draft.handle}/?norm=acknowledge")
    page.get_by_label("Title in English").fill("Answer at once")
    page.get_by_role("button", name="Write into the text").press("Enter")
    page.wait_for_load_state("networkidle")
    assert 'en: "Answer at once"}' in page.locator("#id_text").input_value()
    assert BookDraft.objects.get().text == draft.text.replace("Acknowledge mail", "Answer at once", 1)
    assert page.trouble == []
