"""T140: a day at the keyboard: sign in, read, acknowledge, write and send without a mouse, the focus always visible.

Plays WCAG 2.2, 2.1.1 (keyboard), 2.1.2 (no trap), 2.4.3 (focus order), 2.4.7 (focus visible) and 2.4.11 (focus not
hidden behind something).
"""

import pytest

from tests.journeys.conftest import DOMAIN, PASSWORD
from tests.journeys.installation import letter

pytestmark = pytest.mark.browser

LONGEST_WAY = 90  # presses of Tab before somebody gives up
STOP = """() => {
    const here = document.activeElement, box = here.getBoundingClientRect();
    const dress = () => [[here], [here, "::after"], [here.closest("li, tr, label") ?? here]].map((one) => {
        const style = getComputedStyle(...one);
        return [style.outline, style.boxShadow, style.border, style.backgroundColor].join();
    }).join();
    const focused = dress();
    here.blur();
    const idle = dress();
    here.focus({preventScroll: true, focusVisible: true});
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 10));
    return {
        tag: here.tagName, name: (here.getAttribute("aria-label") || here.innerText || "").trim().replace(/\\s+/g, " "),
        id: here.id, seen: focused !== idle,
        hidden: !(top && (here.contains(top) || top.contains(here) || top.closest("label")?.control === here)),
    };
}"""


def test_a_letter_is_read_acknowledged_and_answered_at_the_keyboard(agency, visitor):
    agency.receive(letter("dung@nhadan.example", f"binh@{DOMAIN}", "Xin lịch tiếp dân"))
    binh = visitor(agency)
    binh.opens("/account/login/")
    keys = binh.page.keyboard
    _tab_to(binh, id="id_login")
    keys.type(f"binh@{DOMAIN}")
    _tab_to(binh, id="id_password")
    keys.type(PASSWORD)
    keys.press("Enter")
    binh.sees("Good day, Trần Văn Bình")

    _tab_to(binh, name="Mail")
    keys.press("Enter")
    binh.sees("Xin lịch tiếp dân")
    _tab_to(binh, name="Unread: Xin lịch tiếp dân")
    keys.press("Enter")
    binh.sees("The sender waits for your acknowledgement.")
    _tab_to(binh, name="Acknowledge")
    keys.press("Enter")
    binh.sees("Acknowledged. The sender has been told.")

    _tab_to(binh, name="Write")
    keys.press("Enter")
    binh.page.wait_for_url("**/mail/compose/")
    _tab_to(binh, id="id_to")
    keys.type(f"an@{DOMAIN}")
    _tab_to(binh, id="id_subject")
    keys.type("Chuyển lịch tiếp dân")
    _tab_to(binh, id="id_body")
    keys.type("Nhờ chị An gửi lịch.")
    _tab_to(binh, name="Send")
    keys.press("Enter")
    binh.sees("Sent. The receipts show how far it has come.")


def test_the_first_stop_skips_what_every_page_repeats(agency, visitor):
    binh = visitor(agency, "binh")
    for path in ("/desk/", "/mail/", "/directory/"):
        binh.opens(path)
        binh.page.keyboard.press("Tab")
        assert _stop(binh)["name"] == "Skip to the content", path
        binh.page.keyboard.press("Enter")
        assert binh.page.evaluate("document.activeElement.id") == "main"


def test_the_menu_opens_closes_and_signs_out_by_keyboard(agency, visitor):
    binh = visitor(agency, "binh")
    _tab_to(binh, tag="SUMMARY")
    binh.page.keyboard.press("Enter")
    binh.page.get_by_role("button", name="Sign out").wait_for()
    binh.page.keyboard.press("Escape")
    binh.page.get_by_role("button", name="Sign out").wait_for(state="hidden")
    assert _stop(binh)["tag"] == "SUMMARY"
    binh.page.keyboard.press("Enter")
    _tab_to(binh, name="Sign out")
    binh.page.keyboard.press("Enter")
    binh.page.wait_for_url(f"{binh.site}/")


def _tab_to(somebody, **wanted):
    """Go on with Tab until a stop is reached; every stop on the way shows where the focus is."""
    way = []
    for _ in range(LONGEST_WAY):
        somebody.page.keyboard.press("Tab")
        stop = _stop(somebody)
        way.append(stop)
        if stop["tag"] == "BODY":
            continue
        assert stop["seen"], f"the focus cannot be seen on {stop}"
        assert not stop["hidden"], f"the focus is hidden on {stop}"
        if all(stop[key] == value for key, value in wanted.items()):
            return
    raise AssertionError(
        f"never reached {wanted} on {somebody.page.url}; passed {[one['name'] for one in way]}"
    )


def _stop(somebody):
    return somebody.page.evaluate(STOP)
