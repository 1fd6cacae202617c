"""T130: a check of the mailbox is a person opening the inbox; polling and fetching ahead are none.

Plays MAIL-BD-2 (the mailbox is checked twice a working day, article not established): the evidence shows people, not
programs.
"""

import pytest

from tests.journeys.conftest import DOMAIN

pytestmark = pytest.mark.browser

AHEAD = [
    {"Sec-Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch;prerender"},
    {"Purpose": "prefetch"},
    {"X-Moz": "prefetch"},
]
BY_A_PROGRAM = [
    {"HX-Request": "true"},
    {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
    {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
]


def test_only_a_person_who_opens_the_inbox_has_checked_it(agency, visitor):
    binh, tuan = visitor(agency, "binh"), visitor(agency, "tuan")
    [(newest, _kind), *_] = _entries(tuan)
    for headers in AHEAD:  # refused, so that no browser shows later what nobody has opened
        assert binh.page.request.get(f"{agency.url}/mail/", headers=headers).status == 503, headers
    for headers in BY_A_PROGRAM:
        assert binh.page.request.get(f"{agency.url}/mail/", headers=headers).status == 200, headers
    binh.opens("/desk/")
    binh.opens("/mail/sent/")
    binh.opens("/mail/drafts/")
    _settled(agency, tuan)
    assert _checks_after(tuan, newest) == []

    binh.goes_to("Mail")
    agency.wait_until(lambda: len(_checks_after(tuan, newest)) == 1)


def test_a_page_that_the_browser_fetches_ahead_is_no_check(agency, visitor):
    an, tuan = visitor(agency, "an"), visitor(agency, "tuan")
    an.opens("/desk/")
    [(newest, _kind), *_] = _entries(tuan)
    an.page.evaluate(
        """() => new Promise((done) => {
            const link = document.createElement("link");
            Object.assign(link, {rel: "prefetch", href: "/mail/", onload: done, onerror: done});
            document.head.append(link);
        })"""
    )
    assert an.trouble == [f"503 {agency.url}/mail/"]
    an.trouble.clear()
    _settled(agency, tuan)
    assert _checks_after(tuan, newest) == []


def _entries(auditor):
    """Return number and kind of the newest entries."""
    auditor.opens("/desk/evidence/")
    rows = auditor.main.get_by_role("row").filter(has=auditor.page.get_by_role("rowheader")).all()
    return [
        (int(row.get_by_role("rowheader").inner_text()), row.locator("code").inner_text())
        for row in rows[:20]
    ]


def _checks_after(auditor, number):
    return [one for one in _entries(auditor) if one[0] > number and one[1] == "mail.mailbox.checked"]


def _settled(agency, auditor):
    """Wait until something that came later stands in the log: then what came before stands there, too."""
    with agency.incoming() as server:
        server.sendmail("dung@nhadan.example", [f"tuan@{DOMAIN}"], b"Subject: sau cung\r\n\r\n.\r\n")
    agency.wait_until(lambda: _entries(auditor)[0][1] == "mail.message.delivered")
