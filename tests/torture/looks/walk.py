"""The walk through every page of 1022: filled and empty, with long words, with what was refused, with what was done."""

import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Page

from tests.torture.looks.walker import Walker

ASK, REGISTER = "/1022/phuong-binh-minh/", "/requests/phuong-binh-minh/"
READING = 9_000  # milliseconds: digits are believed of nobody who is quicker
LONG = "Đường Nguyễn Thị Minh Khai nối dài, đoạn qua khu tái định cư " * 4
UNBROKEN = "A" * 120
SECRET = "TUYỆT MẬT\nĐèn trước cổng không sáng."
LETTER = f"Đèn đường không sáng đã ba đêm liền.\n\n{LONG}\n\n{UNBROKEN}\n" * 3
BORDER = '{"type":"Polygon","coordinates":[[[105,20],[105.005,20],[105.005,20.01],[105,20.01],[105,20]]]}'
ACT = "a[href*='/acts/']"
Walkers = Mapping[str, Walker]


def walk(walkers: Walkers, photo: Path) -> None:
    """Go everywhere; officials' pages come while the citizen's request is on its way."""
    citizen, neighbor = walkers[""], walkers["neighbor"]
    asks(citizen, photo)
    number, key, follow = sends_it(citizen)
    says_me_too(neighbor)
    other_ways(neighbor)
    desk = sends_on(walkers["an"], number)
    answers(walkers["binh"], desk, photo)
    is_asked(citizen, walkers["binh"], desk, follow)
    is_answered(citizen, walkers["binh"], desk, follow)
    comes_back(neighbor, number, key)
    takes_a_call(walkers["an"])
    looks_around(walkers["an"])
    looks_around(walkers["chi"])
    sets_up(walkers["ngoc"], neighbor)
    reads_the_register(neighbor, number)
    leaves(citizen)


def asks(citizen: Walker, photo: Path) -> None:
    """Ask for a lamp, with every mistake that can be made."""
    citizen.opens("/1022/", "agencies")
    citizen.opens(f"{ASK}?q=zzz", "nothing found")
    citizen.opens(f"{ASK}new/street-lamp/")
    citizen.sends("nothing said")
    citizen.sends("elsewhere", place=LONG, latitude="48.2", longitude="16.4")
    citizen.sends(place=LONG, latitude="20.0062", longitude="105.0043")
    citizen.sends("nothing said")
    citizen.sends("secret", content=SECRET)
    citizen.sends(subject=LONG[:100], content=LETTER)
    citizen.sends("no picture", button="add", documents=__file__)
    citizen.sends("a photo", button="add", documents=str(photo))
    citizen.sends()
    citizen.sends("no address", name="Nguyễn Phúc Bảo Long Công Tằng Tôn Nữ", email="dung")
    citizen.sends(email="dung@congdan.example")
    if citizen.path.endswith("/similar/"):
        citizen.sends()


def sends_it(citizen: Walker) -> tuple[str, str, str]:
    """Send it without a script; return number, key and where to follow it."""
    citizen.opens(f"{ASK}new/street-lamp/check/")
    copies_digits(citizen)
    number, key = citizen.text("#number"), citizen.text("#key")
    return number, key, citizen.follows("a[href*='/follow/']", "received")


def copies_digits(citizen: Walker) -> None:
    """Copy the digits wrongly, then rightly."""
    page: Page = citizen.page
    citizen.sends("digits are asked")
    page.wait_for_timeout(READING)
    citizen.sends("wrong digits", digits="0 0 0 0")
    asked = re.search(r"(?:\d\s){3}\d", citizen.text("label[for=id_digits]"))
    assert asked is not None
    page.wait_for_timeout(READING)
    citizen.sends("sent", digits=asked[0])


def says_me_too(neighbor: Walker) -> None:
    """Find one's own request among those of others."""
    neighbor.opens(f"{ASK}new/waste/place/")
    neighbor.sends(place="Công viên Bình Minh", latitude="20.0066", longitude="105.0078")
    neighbor.sends(content="Thùng rác công cộng ở công viên đầy ba ngày chưa thu gom.")
    neighbor.sends()
    neighbor.sends()
    assert neighbor.path.endswith("/similar/"), neighbor.path
    neighbor.sends("me too", form="main li form", button="same")


def other_ways(neighbor: Walker) -> None:
    """Complain, give feedback, throw away what was begun, be refused."""
    neighbor.opens(f"{ASK}new/complaint/what/")
    neighbor.sends(content="Tôi khiếu nại quyết định số 08/QĐ-XPHC.")
    neighbor.sends()
    neighbor.sends("nobody said who")
    neighbor.opens(f"{ASK}feedback/")
    neighbor.sends("nothing said")
    neighbor.sends("to be checked", content=LETTER, name="Dung", address="Hà Nội")
    neighbor.sends("thrown away", form="main form[action*='/delete/']")
    neighbor.opens(f"{ASK}follow/")
    neighbor.sends("nothing said")
    neighbor.sends("wrong key", number="26-000001-0", key="a" * 16)
    neighbor.opens(f"{ASK}follow/26-000001-0/", "of somebody else")


def sends_on(clerk: Walker, number: str) -> str:
    """See the new request, each act about it, and send it to the unit; return its address."""
    clerk.opens(f"/petitions/?tab=all&words={number}", "found")
    desk = clerk.follows("th[scope=row] a", "new")
    for act in clerk.links(ACT):
        clerk.opens(act, "new")
    clerk.opens(f"{desk}acts/forward/")
    clerk.sends("no unit")
    clerk.opens(f"{desk}acts/release/")
    clerk.sends("released", content=LONG)
    for picture in clerk.links("a[href*='/pictures/']"):
        clerk.opens(picture)
        clerk.sends("covered", form="main form", left="10", top="10", width="20", height="20")
    clerk.opens(f"{desk}acts/forward/")
    unit = clerk.page.locator("select[name=unit] option").filter(
        has_text=re.compile("kinh tế|эконом|econ", re.IGNORECASE)
    )
    clerk.sends("forwarded", unit=str(unit.first.get_attribute("value")), text=LONG)
    return desk


def answers(official: Walker, desk: str, photo: Path) -> None:
    """See each act, and promise a day with a picture."""
    official.opens(desk, "with the unit")
    official.sends("who asked", form=f"main form[action='{desk}who/']")
    official.sends("taken", form=f"main form[action='{desk}take/']")
    for act in official.links(ACT):
        official.opens(act)
        if act.endswith(("/answer/", "/promise/", "/ask/", "/note/", "/link/", "/escalate/")):
            official.sends("nothing said")
    official.opens(f"{desk}acts/promise/")
    official.sends("promised", on="2031-01-31", text=LETTER, documents=str(photo))


def is_asked(citizen: Walker, official: Walker, desk: str, follow: str) -> None:
    """Be asked something, and answer it."""
    citizen.opens(follow, "promised")
    official.opens(f"{desk}acts/ask/")
    official.sends("the citizen is asked", question=LETTER)
    citizen.opens(follow, "asked")
    citizen.opens(f"{follow}reply/")
    citizen.sends("nothing said")
    citizen.sends("replied", text=LETTER)


def is_answered(citizen: Walker, official: Walker, desk: str, follow: str) -> None:
    """Be answered, rate it, dispute it, be answered again."""
    official.opens(f"{desk}acts/answer/")
    official.sends("answered", text=LETTER, proof="Biên bản 21/BB")
    citizen.opens(follow, "answered")
    citizen.opens(f"{follow}rate/")
    citizen.sends("nothing said")
    citizen.sends("rated", score="2", text=LONG)
    official.opens(f"{desk}acts/close/")
    official.sends("closed")
    citizen.opens(f"{follow}dispute/")
    citizen.sends("nothing said")
    citizen.sends("disputed", text=LETTER)
    official.opens(desk, "disputed")


def comes_back(neighbor: Walker, number: str, key: str) -> None:
    """Follow a request from another device."""
    neighbor.opens(f"{ASK}follow/")
    neighbor.sends("followed", number=number, key=key)


def takes_a_call(clerk: Walker) -> None:
    """Take a call, with every mistake."""
    clerk.opens("/petitions/new/")
    clerk.sends("nothing said", form="#call")
    waste = clerk.page.locator("select[name=service] option").filter(
        has_text=re.compile("rác|қоқыс|мусор|waste|rubbish", re.IGNORECASE)
    )
    clerk.sends(
        "taken",
        form="#call",
        service=str(waste.first.get_attribute("value")),
        content="Thùng rác công cộng ở công viên đầy ba ngày chưa thu gom.",
        place="Công viên Bình Minh",
        name="Phạm Thị Dung",
        phone="0900 000 120",
    )


def looks_around(official: Walker) -> None:
    """See the queue by every tab, empty, printed and kept, and requests in every state with every act that fits."""
    official.opens("/petitions/")
    for tab in official.links(".cv-tabs a"):
        official.opens(f"/petitions/{tab}", "tab")
    official.opens("/petitions/?tab=all&words=zzz", "nothing found")
    official.opens("/petitions/?tab=all&state=received&since=2020-01-01", "narrowed")
    official.sends("kept", form="form[action$='/views/new/']", name=LONG[:80])
    official.opens("/petitions/views/", "some")
    official.sends("deleted", form="form[action$='/delete/']")
    official.opens("/petitions/print/?tab=all")
    official.opens("/petitions/?tab=all")
    seen: set[str] = set()
    for petition in official.links("th[scope=row] a"):
        official.page.goto(official.shelf.site + petition)
        here = {official.text(".cv-head .cv-tag"), *(act.split("/")[-2] for act in official.links(ACT))}
        if not here <= seen:
            acts = [act for act in official.links(ACT) if act.split("/")[-2] not in seen]
            official.opens(petition, official.text(".cv-head .cv-tag"))
            for act in acts:
                official.opens(act)
        seen |= here
    official.opens("/petitions/templates/")
    official.opens("/petitions/templates/new/")
    official.sends("nothing said")
    official.sends("kept", name=f"{LONG[:60]} {secrets.token_hex(4)}", text_vi=LETTER)
    official.follows("a.cv-list__title")


def sets_up(administrator: Walker, neighbor: Walker) -> None:
    """Set services, questions, areas, routes and keys; close a service before a citizen's eyes."""
    services = administrator.opens("/petitions/services/")
    lamp, *_ = administrator.links("th[scope=row] a")
    administrator.opens(lamp)
    for question in administrator.links("a[href*='/questions/']"):
        administrator.opens(question)
    for page, name in (("services/new/", "a service"), ("areas/new/", "an area"), ("keys/", "a key")):
        administrator.opens(f"/petitions/{page}")
        administrator.sends(f"{name}: nothing said")
    administrator.opens("/petitions/keys/")
    administrator.sends("given", label=LONG[:80])
    administrator.follows("a[href$='/withdraw/']")
    administrator.opens("/petitions/areas/new/")
    administrator.sends("drawn", code="west", name_vi="Khu phố Tây", pasted=BORDER)
    administrator.opens(services, "with areas and routes")
    closed = administrator.links("th[scope=row] a")[9]
    administrator.opens(closed)
    code = administrator.page.locator("[name=code]").first.input_value()
    administrator.sends("closed", is_open=False)
    neighbor.opens(f"{ASK}new/{code}/what/", "closed")


def reads_the_register(neighbor: Walker, number: str) -> None:
    """Read everything that is public."""
    neighbor.opens("/requests/", "agencies")
    neighbor.opens(REGISTER)
    neighbor.opens(f"{REGISTER}?q=zzz", "nothing found")
    neighbor.opens(f"{REGISTER}?state=answered&late=yes&disputed=yes", "narrowed")
    neighbor.opens(f"{REGISTER}{number}/")
    for page in ("map/", "map/?q=zzz", "figures/", "figures/?year=2019", "export/"):
        neighbor.opens(f"{REGISTER}{page}")
    neighbor.opens(f"{REGISTER}figures/")
    for group in neighbor.links("th a")[:2] + neighbor.links("th a")[-1:]:
        neighbor.opens(group)


def leaves(citizen: Walker) -> None:
    """Forget everything on this device."""
    citizen.opens(f"{ASK}new/street-lamp/done/")
    citizen.sends("forgotten", form="main form")
