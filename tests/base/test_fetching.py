"""Where we may be sent, and how long and how much we listen."""

import time

import pytest

from congvu.base import places
from congvu.base.fetching import Bounds, FetchError, StatusError, fetch
from congvu.base.places import RefusedPlaceError, UnknownHostError
from tests.base.websites import dripping, page

HERE = ("127.0.0.1",)
SHORT = Bounds(seconds=0.5, octets=1_000)


INSIDE = """
127.0.0.1 10.1.2.3 172.16.0.9 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255
::1 :: fe80::1 fe80::1%eth0 fc00::1 ff02::1 ::ffff:10.0.0.1 ::7f00:1 64:ff9b::a00:1 2002:0a00:0001:: 2001:0:0a00:1::
2001:db8::1"""
NOWHERE = [
    *[
        "file:///etc/passwd",
        "ldap://ca.example/cn=x",
        "ftp://127.0.0.1/x",
        "http://",
        "http:///x",
        "//127.0.0.1/x",
    ],
    *[
        "http://a:b@127.0.0.1/x",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:x/",
        "http://[::1/",
        "http://2130706433/",
    ],
    *["http://127.1/", "http://0x7f000001/", "http://localhost/", "http://[::ffff:127.0.0.1]/"],
    "http://" + "a" * 2_000,
    "http://127.0.0.1/\r\nHost: other",
    "http://бумага.example/",
]


@pytest.mark.parametrize("address", INSIDE.split())
def test_no_certificate_sends_us_inside(address) -> None:
    assert not places.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "203.162.4.190", "2606:4700:4700::1111"])
def test_public_addresses_may_be_asked(address) -> None:
    assert places.is_public(address)


@pytest.mark.parametrize("url", NOWHERE)
def test_only_web_addresses_of_the_open_network_are_asked(url) -> None:
    with pytest.raises((RefusedPlaceError, UnknownHostError)):
        places.located(url, allowed=())


@pytest.mark.parametrize(
    ("url", "host"),
    [("https://Log.example:8/x", "log.example"), ("http://[::1/", ""), ("http:///x", ""), ("", "")],
)
def test_an_address_names_one_host_or_none(url, host) -> None:
    assert places.host_of(url) == host


def test_a_page_is_fetched_with_its_query(web) -> None:
    web.pages["/ca.crl?delta=no"] = page(b"list")
    assert fetch(web.url("/ca.crl?delta=no"), bounds=SHORT, allowed=HERE) == b"list"


def word(url: str) -> str:
    with pytest.raises(FetchError) as raised:
        fetch(url, bounds=SHORT, allowed=HERE)
    return raised.value.word


def test_whoever_drips_is_left_in_time(web) -> None:
    web.pages["/ca.crl"] = dripping(b"x" * 500, 0.1)
    begun = time.monotonic()
    assert word(web.url("/ca.crl")) == "slow"
    assert time.monotonic() - begun < 2


def test_whoever_says_nothing_is_left_in_time(web) -> None:
    web.pages["/ca.crl"] = lambda *_: time.sleep(1)
    assert word(web.url("/ca.crl")) == "slow"


def test_no_more_is_read_than_allowed(web) -> None:
    web.pages["/ca.crl"] = dripping(b"", 0)
    assert fetch(web.url("/ca.crl"), bounds=SHORT, allowed=HERE) == b""
    web.pages["/ca.crl"] = page(b"x" * 1_001)
    assert word(web.url("/ca.crl")) == "too_large"

    def endless(handler, _body) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"x" * 5_000)

    web.pages["/ca.crl"] = endless
    assert word(web.url("/ca.crl")) == "too_large"


def test_nobody_is_followed_elsewhere(web) -> None:
    def elsewhere(handler, _body) -> None:
        handler.send_response(302)
        handler.send_header("Location", web.url("/other"))
        handler.end_headers()

    web.pages |= {"/ca.crl": elsewhere, "/other": page(b"list")}
    assert word(web.url("/ca.crl")) == "status"
    assert [one[1] for one in web.asked] == ["/ca.crl"]


def test_an_answer_that_says_no_is_heard(web) -> None:
    web.pages["/add"] = page(b"17", status=409)
    with pytest.raises(StatusError) as raised:
        fetch(web.url("/add"), bounds=SHORT, allowed=HERE, body=b"old 5", kind="text/plain")
    assert (raised.value.status, raised.value.content, raised.value.word) == (409, b"17", "status")
