"""Every task of a citizen by keyboard only, without JavaScript and at 400 % zoom, in four languages, with axe.

Plays WCAG 2.2: 1.4.10 (reflow at 320 pixels), 2.1.1 and 2.1.2 (keyboard), 2.4.3 and 2.4.7 (focus), and what axe knows.
"""

import os
import re

import pytest
from playwright.sync_api import sync_playwright

from congvu.base import clock
from congvu.directory.models import Agency
from congvu.ledger.sequencer import settle
from congvu.petitions.actions import answering, timing
from congvu.petitions.models import Petition, Service, Step
from congvu_verify import verify
from tests import requires
from tests.journeys.pages import english, is_too_wide, violations
from tests.petitions.conftest import lamp, law, office  # noqa: F401 -- the same agency
from tests.petitions.photos import photo
from tests.ui.conftest import ARGUMENTS

pytestmark = [pytest.mark.torture, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("CONGVU_SHOTS", "")  # a folder in which to see every page
ZOOMED = {"width": 320, "height": 256}  # 1280 x 1024 pixels at 400 %
LONGEST_WAY = 90  # presses of Tab before somebody gives up
PATIENCE = 9_000  # milliseconds: nobody reads the second step faster
STOP = """() => {
  const here = document.activeElement;
  const dress = () => [here, here.closest("li, label, div") ?? here].map((one) => {
    const style = getComputedStyle(one);
    return [style.outline, style.boxShadow, style.border, style.backgroundColor].join();
  }).join();
  const focused = dress();
  here.blur();
  const idle = dress();
  here.focus({preventScroll: true, focusVisible: true});
  return {tag: here.tagName, name: here.getAttribute("name") ?? "", href: here.getAttribute("href") ?? "",
          action: here.form?.getAttribute("action") ?? "", text: here.innerText?.trim() ?? "", seen: focused !== idle};
}"""


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the loop is playwright's
        started = playwright.chromium.launch(executable_path=requires.browser(), args=ARGUMENTS)
        yield started
        started.close()
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Keys:
    """Somebody at a keyboard without script; every page that they come to is looked at, beside it, with axe."""

    def __init__(self, context, looking, site: str, language: str) -> None:
        self.page, self.site, self.language = context.new_page(), site, language
        self.beside = looking.new_page()
        self.session = looking.new_cdp_session(self.beside)
        self.problems: list[str] = []
        self.shots = 0

    def opens(self, path: str) -> None:
        self.page.goto(self.site + path)
        self.looks()

    def goes(self, **wanted: str) -> None:
        """Go on with Tab to a link or button, and press it."""
        self.reaches(**wanted)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.looks()

    def writes(self, **fields: str) -> None:
        """Go on with Tab from field to field, and write in place of what stands there."""
        for name, text in fields.items():
            self.reaches(name=name)
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(text)

    def sends(self, button: str = "") -> None:
        """Go on with Tab to the button that sends the form."""
        self.goes(tag="BUTTON", name=button)

    def reaches(self, **wanted: str) -> None:
        way = []
        for _ in range(LONGEST_WAY):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(STOP)
            if stop["tag"] == "BODY":
                continue
            way.append(stop)
            if not stop["seen"]:
                self.problems.append(f"{self.page.url}: the focus cannot be seen on {stop}")
            if all(
                stop[key] == value or (key == "href" and stop[key].endswith(value))
                for key, value in wanted.items()
            ):
                return
        raise AssertionError(f"never reached {wanted} on {self.page.url}; passed {len(way)}")

    def looks(self) -> None:
        """Look at the page as axe does, as somebody who enlarged it, and as somebody who reads no English."""
        here = ["scrolls sideways"] if is_too_wide(self.page) else []
        if self.language != "en":
            here += [f"English: {line}" for line in english(self.page)]
        text, address = self.page.content(), self.page.url
        self.beside.unroute_all()
        self.beside.route(
            address, lambda route: route.fulfill(body=text, content_type="text/html; charset=utf-8")
        )
        self.beside.goto(address)
        here += violations(self.beside, self.session)
        self.problems += [f"{address}: {one}" for one in here]
        if SHOTS:  # to be looked at by people
            self._shoot(address)

    def _shoot(self, address: str) -> None:
        self.shots += 1
        name = f"{self.shots:02}-{address.removesuffix('/').rsplit('/', 1)[1]}"
        for width in (360, 1280):
            self.beside.set_viewport_size({"width": width, "height": 900})
            self.beside.screenshot(path=f"{SHOTS}/{self.language}-{name}-{width}.png", full_page=True)
        self.beside.set_viewport_size(ZOOMED)


@pytest.fixture(params=["vi", "kk", "ru", "en"])
def citizen(request, browser, live_server):
    contexts = [
        browser.new_context(viewport=ZOOMED, java_script_enabled=scripts) for scripts in (False, True)
    ]
    contexts[0].add_cookies([{"name": "django_language", "value": request.param, "url": live_server.url}])
    yield Keys(*contexts, live_server.url, request.param)
    for context in contexts:
        context.close()


def test_every_task_of_a_citizen_by_keyboard_without_script_and_enlarged(
    citizen,
    law,  # noqa: F811 -- a fixture
    lamp,  # noqa: F811 -- a fixture
    office,  # noqa: F811 -- a fixture
    binh,
    tmp_path,
):
    names = {"vi": "Góp ý", "kk": "Пікір", "ru": "Отзыв", "en": "Feedback"}
    Service.objects.create(agency=lamp.agency, code="site", name=names, sort="feedback", unit=office)
    Service.objects.filter(pk=lamp.pk).update(
        name={"vi": "Đèn đường", "kk": "Шам", "ru": "Фонарь", "en": "Lamp"}
    )
    Agency.objects.update(name={"vi": "UBND", "kk": "Әкімдік", "ru": "Акимат", "en": "Committee"})
    number, key = reports(citizen, tmp_path)
    leaves_and_comes_back(citizen, number, key)
    petition = Petition.objects.get()
    answers_a_question(citizen, petition, binh)
    disputes_and_rates(citizen, petition, binh)
    keeps_a_receipt(citizen, petition)
    says_me_too(citizen, petition)
    gives_feedback(citizen)
    petition.refresh_from_db()
    assert (petition.state, petition.was_disputed, petition.score, petition.endorsements) == (
        "answered",
        True,
        4,
        1,
    )
    assert "\n".join(dict.fromkeys(citizen.problems)) == ""


def reports(citizen, folder) -> tuple[str, str]:
    """Find the service by a word, answer the questions, add a photo, copy the digits; keep number and key."""
    citizen.opens("/1022/")
    citizen.writes(q="den duong")
    citizen.page.keyboard.press("Enter")
    citizen.page.wait_for_url("**/?q=den*")
    citizen.goes(href="/new/street-lamp/")
    citizen.sends()  # nothing is said yet: the page says what is missing
    citizen.writes(place="Trước trường học")
    citizen.sends()
    citizen.writes(subject="Đèn hỏng", content="Đèn đường không sáng.")
    citizen.sends()
    adds_a_photo(citizen, folder)
    citizen.sends()
    citizen.writes(name="Dung", email="dung@citizen.example")
    citizen.sends()
    assert citizen.page.url.endswith("/check/")
    copies_digits(citizen)
    return citizen.page.locator("#number").inner_text(), citizen.page.locator("#key").inner_text()


def adds_a_photo(citizen, folder) -> None:
    """Open the chooser of files by the keyboard."""
    path = folder / "den.jpg"
    path.write_bytes(photo())
    citizen.reaches(name="documents")
    with citizen.page.expect_file_chooser() as chooser:
        citizen.page.keyboard.press("Space")
    chooser.value.set_files(path)
    citizen.sends("add")
    citizen.sends("remove")
    assert citizen.page.locator("[name=remove]").count() == 0


def copies_digits(citizen) -> None:
    """Send, and take the second step: nobody without a script proves anything by work."""
    citizen.sends()
    digits = re.search(r"(?:\d\s){3}\d", citizen.page.locator("label[for=id_digits]").inner_text())[0]
    citizen.page.wait_for_timeout(PATIENCE)
    citizen.writes(digits=digits)
    citizen.sends()
    assert citizen.page.url.endswith("/done/")


def leaves_and_comes_back(citizen, number: str, key: str) -> None:
    """Forget all on this device; come back with number and key, the second time without a slip."""
    citizen.page.locator("main form button").last.focus()
    citizen.page.keyboard.press("Shift+Tab")
    citizen.sends()
    citizen.goes(href="/follow/")
    citizen.writes(number=number, key="a" * 16)
    citizen.sends()
    citizen.writes(number=number, key=key)
    citizen.sends()
    assert citizen.page.url.endswith(f"/follow/{number}/")


def answers_a_question(citizen, petition, official) -> None:
    timing.suspend(petition, question="Cột số mấy?", by=official, at=clock.now())
    citizen.opens(f"/1022/ubnd/follow/{petition.number}/")
    citizen.goes(href="/reply/")
    citizen.writes(text="Cột số 12.")
    citizen.sends()


def disputes_and_rates(citizen, petition, official) -> None:
    """Dispute an answer, and rate the next one."""
    for text in ("Đã thay bóng.", "Đã thay cả đèn."):
        answering.answer(petition, text=text, proof="Biên bản 12/BB", by=official, at=clock.now())
        citizen.opens(f"/1022/ubnd/follow/{petition.number}/")
        if text == "Đã thay bóng.":
            citizen.goes(href="/dispute/")
            citizen.writes(text="Đèn vẫn tắt.")
            citizen.sends()
    citizen.goes(href="/rate/")
    citizen.reaches(name="score")
    citizen.page.keyboard.press("Space")
    citizen.page.keyboard.press("ArrowDown")
    citizen.writes(text="Lần hai thì tốt.")
    citizen.sends()


def keeps_a_receipt(citizen, petition) -> None:
    settle()
    answered = Step.objects.filter(petition=petition, kind="answer.given").latest("at")
    citizen.reaches(href=f"/receipt/{answered.handle}/")
    with citizen.page.expect_download() as download:
        citizen.page.keyboard.press("Enter")
    with open(download.value.path(), "rb") as file:  # noqa: PTH123 -- playwright's own path
        assert verify(file.read()).ok


def says_me_too(citizen, petition) -> None:
    """Report the same lamp once more, and join what is there: answered ones are not offered."""
    shown = {"public_content": petition.content, "public_place": petition.place}
    Petition.objects.filter(pk=petition.pk).update(state="assigned", **shown)
    citizen.opens("/1022/ubnd/new/street-lamp/")
    citizen.writes(place="Trước trường học")
    citizen.sends()
    citizen.writes(content="Đèn hỏng.")
    citizen.sends()
    citizen.sends()
    citizen.sends()
    citizen.sends("same")
    assert "/joined/" in citizen.page.url
    Petition.objects.filter(pk=petition.pk).update(state="answered")


def gives_feedback(citizen) -> None:
    citizen.opens("/1022/ubnd/feedback/")
    citizen.writes(content="Trang này khó đọc.", name="Dung", address="Hà Nội")
    citizen.sends()
    copies_digits(citizen)
