"""The gallery shows every component; what holds for it holds for the pages that are built of them."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = (Path(__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (rules) => {
  const found = await axe.run(document, {runOnly: rules});
  return found.violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.html).join(" ")}`);
}"""
# Links within a sentence are exempt (WCAG 2.5.8), and a letter's subject makes its whole row the target.
SMALL = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
  .filter((element) => element.checkVisibility() && !element.closest("p, .cv-notice, .cv-mail-row__subject"))
  .map((element) => [element.outerHTML.slice(0, 90), element.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24).map(([html]) => html)"""
GALLERY = "/ui/gallery"


def violations(page):
    # Through the debugger: a script tag would need a hole in the page's own policy.
    page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": AXE})
    return page.evaluate(RUN, RULES)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_axe_finds_nothing(opened, language, scheme, width):
    page = opened(GALLERY, language=language, width=width, color_scheme=scheme)
    assert page.locator("html").get_attribute("lang") == language
    assert violations(page) == []
    assert page.trouble == []


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_axe_finds_nothing_in_cyrillic(opened, language):
    page = opened(GALLERY, language=language, width=360)
    assert violations(page) == []


def test_axe_finds_what_is_wrong(opened):
    page = opened(GALLERY)
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/x.png\">')")
    assert [found.split(":")[0] for found in violations(page)] == ["image-alt"]


@pytest.mark.parametrize("path", [GALLERY, "/account/login/"])
@pytest.mark.parametrize("language", ["vi", "kk", "ru", "en"])
def test_nothing_is_cut_at_four_hundred_per_cent(opened, path, language):
    page = opened(path, language=language, width=320, height=256)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("width", [360, 1280])
def test_every_target_is_large_enough_for_a_finger(opened, width):
    assert opened(GALLERY, width=width).evaluate(SMALL) == []


def test_the_first_stop_of_the_keyboard_skips_to_the_content(opened):
    page = opened("/account/login/")
    page.keyboard.press("Tab")
    skip = page.locator(".cv-skip-link")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_the_keyboard_follows_the_page_from_top_to_bottom(opened):
    page = opened("/account/login/")
    stops = []
    for _ in range(7):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.id || document.activeElement.className"))
    assert stops == [
        "cv-skip-link",
        "cv-brand",
        "",
        "id_login",
        "id_password",
        "cv-button cv-button--wide",
        "passkey_login",
    ]


def test_a_refused_form_gives_the_focus_to_its_errors_and_these_lead_to_the_field(opened):
    page = opened(GALLERY)
    expect(page.locator(".cv-error-summary")).to_be_focused()
    page.locator(".cv-error-summary a").press("Enter")
    expect(page.locator("#id_subject")).to_be_focused()
    assert (
        page.locator("#id_subject").get_attribute("aria-describedby")
        == "id_subject_helptext id_subject_error"
    )


def test_a_menu_opens_and_closes_by_keyboard(opened):
    page = opened(GALLERY)
    menu = page.locator(".cv-top .cv-menu")
    menu.locator("summary").press("Enter")
    expect(menu.locator(".cv-menu__panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.locator(".cv-menu__panel")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


def test_on_a_telephone_the_places_wait_behind_a_button(opened):
    page = opened(GALLERY, width=360)
    toggle = page.locator(".cv-nav-toggle")
    expect(page.locator("#places")).to_be_hidden()
    toggle.click()
    expect(page.locator("#places")).to_be_visible()
    assert toggle.get_attribute("aria-expanded") == "true"


def test_without_scripts_everything_is_there(opened):
    page = opened(GALLERY, width=360, java_script_enabled=False)
    expect(page.locator("#places")).to_be_visible()
    expect(page.locator(".cv-nav-toggle")).to_be_hidden()
    expect(page.locator("[data-cv-copy]")).to_be_hidden()


@pytest.mark.parametrize(("answer", "sent"), [("Cancel", False), ("Yes, continue", True)])
def test_a_grave_act_asks_first(opened, answer, sent):
    page = opened(GALLERY)
    page.get_by_role("button", name="Ask before acting").click()
    dialog = page.get_by_role("dialog", name="Delete this draft?")
    dialog.get_by_role("button", name=answer).click()
    expect(dialog).to_be_hidden()
    page.wait_for_load_state("networkidle")
    assert page.url.endswith("?") == sent


def test_a_file_can_be_chosen_and_its_name_is_said(opened):
    page = opened(GALLERY)
    page.locator("#id_file").set_input_files(
        {"name": "biên-nhận.congvu.json", "mimeType": "application/json", "buffer": b"{}"}
    )
    expect(page.locator(".cv-drop__name")).to_have_text("biên-nhận.congvu.json")


def test_a_file_can_be_dropped(opened):
    page = opened(GALLERY)
    page.evaluate("""() => {
      const carried = new DataTransfer();
      carried.items.add(new File(["{}"], "receipt.congvu.json"));
      document.querySelector("[data-cv-drop]").dispatchEvent(
        new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: carried}));
    }""")
    expect(page.locator(".cv-drop__name")).to_have_text("receipt.congvu.json")
    assert page.evaluate("document.getElementById('id_file').files.length") == 1


def test_a_code_can_be_copied(opened):
    page = opened(GALLERY, permissions=["clipboard-read", "clipboard-write"])
    page.locator("[data-cv-copy]").first.click()
    expect(page.locator("[data-cv-copy]").first).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "mfrggzdfmztwq2lknnwg23tpoa"


def test_a_shortcut_presses_what_names_it(opened):
    page = opened(GALLERY)
    page.keyboard.press("Alt+s")
    expect(page.locator("#q")).to_be_focused()


def test_the_chosen_theme_is_kept(opened):
    page = opened(GALLERY, color_scheme="light")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Dark", exact=True).click()
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    assert page.get_by_role("button", name="Dark", exact=True).get_attribute("aria-current") == "true"


@pytest.mark.parametrize("language", ["vi", "en", "ru", "kk"])
def test_time_left_runs_on_while_the_page_stands_open(browser, live_server, settings, language):
    settings.DEBUG = True
    context = browser.new_context(locale="en")
    context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    page = context.new_page()
    page.clock.install()
    page.goto(live_server.url + GALLERY)
    left = page.locator("time.cv-due").first
    served = left.inner_text()
    page.clock.run_for(5 * 60_000)
    assert "25" in served
    assert left.inner_text() == served.replace("25", "20")
    page.clock.run_for(40 * 60_000)
    assert re.search(r"\bcv-due--over\b", left.get_attribute("class"))
    context.close()


def test_the_language_is_changed_by_a_button_that_comes_back_to_the_page(opened):
    page = opened("/account/login/?next=/desk/")
    page.locator(".cv-foot").get_by_role("button", name="Tiếng Việt").click()
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    assert page.url.endswith("/account/login/?next=/desk/")


def test_the_gallery_is_closed_to_the_public(live_server, client):
    assert client.get(GALLERY).status_code == 404


def test_on_paper_nothing_can_be_pressed(opened):
    page = opened(GALLERY)
    page.emulate_media(media="print")
    assert (
        page.evaluate(
            "[...document.querySelectorAll('.cv-top, .cv-nav, .cv-foot, .cv-button')].filter((e) => e.checkVisibility()).length"
        )
        == 0
    )
    expect(page.locator(".cv-demonstration")).to_be_visible()
