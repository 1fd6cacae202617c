"""A place is picked on a map by mouse and by keys; nobody else's server is asked, and no map comes before it is wanted."""

import re

import pytest
from playwright.sync_api import expect

from congvu.petitions.models import Area, Petition
from tests.journeys.pages import is_too_wide, violations
from tests.mail.computers import at_computer, opens
from tests.petitions.conftest import lamp, law, office, ward
from tests.ui.conftest import browser, opened

__all__ = ["at_computer", "browser", "lamp", "law", "office", "opened", "opens", "ward"]
pytestmark = [pytest.mark.torture, pytest.mark.django_db(transaction=True)]
PLACE = "/1022/ubnd/new/street-lamp/place/"
OPEN = "Choose on a map"


@pytest.fixture
def territory(ward):
    Area.objects.filter(pk=ward.pk).update(is_territory=True)
    return ward


@pytest.fixture
def asking(lamp, territory, opened):
    """The page on which a citizen is asked where; `asked` is what the browser fetched."""
    page = opened(PLACE, width=360)
    page.asked = []
    page.on("request", lambda one: page.asked.append(one.url))
    return page


def unfold(page):
    page.get_by_role("button", name=OPEN).press("Enter")
    ground = page.get_by_role("application", name="Map with a pin")
    expect(ground).to_be_focused()
    return ground


def numbers(page):
    return [
        float(page.locator(f"[name={name}]").input_value() or "nan") for name in ("latitude", "longitude")
    ]


def test_by_keys_alone_and_told_in_words(asking):
    assert asking.locator("script[src*=leaflet]").count() == 0
    ground = unfold(asking)
    said = asking.locator("[data-cv-map] [role=status]")
    expect(said).to_have_text("No place is chosen on the map.")
    ground.press("Enter")
    middle = numbers(asking)
    assert middle == pytest.approx([20.005, 105.005], abs=0.001)
    expect(said).to_have_text(re.compile(r"20\.00\d+° north, 105\.00\d+° east; Phường"))
    for key in ("ArrowRight", "ArrowUp", "Shift+ArrowUp"):
        ground.press(key)
    moved = numbers(asking)
    assert [moved[0] > middle[0], moved[1] > middle[1]] == [True, True]
    for _ in range(40):
        ground.press("ArrowLeft")
    expect(said).to_have_text(re.compile("outside this agency's territory"))
    asking.get_by_role("button", name="Take the pin away").press("Enter")
    assert asking.locator("[name=latitude]").input_value() == ""
    assert asking.trouble == []
    site = asking.url.removesuffix(PLACE)
    assert [one for one in asking.asked if not one.startswith((site, "data:"))] == []


def test_by_mouse_and_the_place_is_kept(asking):
    ground = unfold(asking)
    box = ground.bounding_box()
    asking.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    picked = numbers(asking)
    asking.get_by_role("button", name="Continue").click()
    asking.wait_for_url("**/what/")
    asking.goto(asking.url.replace("/what/", "/place/"))
    assert numbers(asking) == picked
    assert asking.trouble == []


def test_typed_numbers_move_the_pin(asking):
    unfold(asking)
    asking.locator("summary").last.click()
    asking.get_by_label("Latitude").fill("20,002")
    asking.get_by_label("Longitude").fill("105.003")
    expect(asking.locator("[data-cv-map] [role=status]")).to_have_text(
        re.compile(r"20\.00200° north, 105\.00300° east")
    )


def test_axe_finds_nothing_on_an_open_map(asking):
    unfold(asking)
    session = asking.context.new_cdp_session(asking)
    for width in (320, 360, 1280):
        asking.set_viewport_size({"width": width, "height": 800})
        assert violations(asking, session) == []
        assert not is_too_wide(asking)


def test_without_a_script_there_is_no_map_and_nothing_is_missing(lamp, territory, opened):
    page = opened(PLACE, java_script_enabled=False)
    expect(page.get_by_role("button", name=OPEN)).to_be_hidden()
    page.get_by_label("In words").fill("12 phố Huế")
    page.get_by_role("button", name="Continue").click()
    assert page.url.endswith("/what/")


def test_where_no_area_is_drawn_no_map_is_offered(lamp, opened):
    expect(opened(PLACE).get_by_role("button", name=OPEN)).to_have_count(0)


def test_who_takes_a_call_picks_the_place_too(law, lamp, territory, an, at_computer, opens):
    page = opens(at_computer(an), "/petitions/new/")
    page.locator("#id_service").select_option(label="Street lamp")
    page.locator("#id_content").fill("The lamp is dark.")
    unfold(page).press("Enter")
    picked = numbers(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Read this number to the caller")).to_be_visible()
    petition = Petition.objects.get()
    assert [petition.latitude, petition.longitude] == picked


def test_where_a_device_is_fills_in_the_numbers_and_moves_the_pin(lamp, territory, opened):
    page = opened(PLACE, geolocation={"latitude": 20.003, "longitude": 105.004}, permissions=["geolocation"])
    unfold(page)
    page.get_by_role("button", name="Use where I am now").click()
    expect(page.get_by_text("Your position was filled in.")).to_be_visible()
    assert numbers(page) == [20.003, 105.004]
    expect(page.locator("[data-cv-map] [role=status]")).to_have_text(re.compile("20.00300° north"))
