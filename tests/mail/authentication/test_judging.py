"""All methods together: who vouches for a letter, what its author's domain asks, and how long that may take."""

import asyncio
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congvu.mail.authentication import dkim, judging, resolving, spf
from congvu.mail.authentication.findings import Findings
from congvu.mail.authentication.judging import Arrival
from congvu.mail.authentication.resolving import Asker
from tests.bounds import soon_done
from tests.mail.authentication.test_dkim import KEY, LETTER, NOW, record
from tests.mail.authentication.zones import Table, served

PEER = "203.0.114.7"  # reachable in the world, unlike the ranges kept for examples
ZONE = {
    ("ubnd.example", "TXT"): [f"v=spf1 ip4:{PEER} -all"],
    ("_dmarc.ubnd.example", "TXT"): ["v=DMARC1; p=reject; sp=quarantine"],
    ("s1._domainkey.ubnd.example", "TXT"): [record(KEY)],
    ("s1._domainkey.so.ubnd.example", "TXT"): [record(KEY)],
    ("s1._domainkey.list.example", "TXT"): [record(KEY)],
    ("list.example", "TXT"): [f"v=spf1 ip4:{PEER} -all"],
    ("_dmarc.vn.example", "TXT"): ["v=DMARC1; p=none; psd=y"],
    ("_dmarc.so.vn.example", "TXT"): ["v=DMARC1; p=quarantine; t=y"],
}


def signed(domain="ubnd.example", raw=LETTER):
    return dkim.sign(raw, domain=domain, selector="s1", key=KEY, at=NOW)


def judge(raw=LETTER, *, peer=PEER, mail_from="binh@ubnd.example", zone=ZONE, **more):
    arrival = Arrival(raw=raw, peer=peer, helo="mx.ubnd.example", mail_from=mail_from, at=NOW)
    return asyncio.run(judging.judge(arrival, Table(zone | more.get("extra", {}))))


def test_a_letter_that_its_domain_signs_and_sends_is_confirmed():
    assert judge(signed()) == Findings(
        spf="pass",
        spf_domain="ubnd.example",
        dkim="pass",
        dkim_domain="ubnd.example",
        dmarc="pass",
        author_domain="ubnd.example",
        asked="reject",
    )
    assert judge(signed()).origin == "confirmed"


@pytest.mark.parametrize(
    ("raw", "peer", "mail_from", "words"),
    [
        (signed(), "203.0.115.1", "binh@ubnd.example", ("fail", "pass", "pass", "confirmed")),
        (LETTER, PEER, "binh@ubnd.example", ("pass", "none", "pass", "confirmed")),
        (LETTER, "203.0.115.1", "binh@ubnd.example", ("fail", "none", "fail", "doubtful")),
        (signed("list.example"), PEER, "x@list.example", ("pass", "pass", "fail", "doubtful")),
        (signed("so.ubnd.example"), PEER, "", ("none", "pass", "pass", "confirmed")),
        (LETTER, PEER, "x@list.example", ("pass", "none", "fail", "doubtful")),
        (signed().replace(b"two", b"ten"), PEER, "", ("none", "fail", "fail", "doubtful")),
        (LETTER, "127.0.0.1", "binh@ubnd.example", ("none", "none", "neutral", "unknown")),
        (LETTER, "::ffff:10.0.0.5", "binh@ubnd.example", ("none", "none", "neutral", "unknown")),
        (LETTER, "", "binh@ubnd.example", ("none", "none", "neutral", "unknown")),
        (signed(), "10.0.0.5", "binh@ubnd.example", ("none", "pass", "pass", "confirmed")),
        (LETTER, "::ffff:203.0.114.7", "binh@ubnd.example", ("pass", "none", "pass", "confirmed")),
    ],
)
def test_what_the_methods_come_to(raw, peer, mail_from, words):
    found = judge(raw, peer=peer, mail_from=mail_from)
    assert (found.spf, found.dkim, found.dmarc, found.origin) == words


@pytest.mark.parametrize(
    ("author", "asked", "dmarc"),
    [
        (b"binh@ubnd.example", "reject", "fail"),
        (b"binh@so.ubnd.example", "quarantine", "fail"),
        (b"binh@a.b.c.d.e.f.g.h.i.j.ubnd.example", "quarantine", "fail"),
        (b"binh@nothing.example", "", "none"),
        (b"binh@so.vn.example", "none", "fail"),
        (b"binh@phong.so.vn.example", "none", "fail"),
        (b"binh@other.vn.example", "none", "fail"),
        (b"binh@slow.example", "", "temporary_error"),
        (b"a@ubnd.example, b@ubnd.example", "", "permanent_error"),
        (b"nobody", "", "permanent_error"),
    ],
)
def test_whose_policy_holds(author, asked, dmarc):
    raw = LETTER.replace(b"Binh <binh@ubnd.example>", author)
    found = judge(raw, mail_from="x@list.example")
    assert (found.asked, found.dmarc) == (asked, dmarc)


def test_two_from_fields_prove_nothing():
    assert judge(b"From: x@list.example\r\n" + LETTER).dmarc == "permanent_error"


def test_agencies_below_one_public_suffix_do_not_vouch_for_each_other():
    extra = {
        ("s1._domainkey.so2.vn.example", "TXT"): [record(KEY)],
        ("_dmarc.so2.vn.example", "TXT"): ["v=DMARC1; p=none"],
    }
    raw = signed("so2.vn.example", LETTER.replace(b"binh@ubnd.example", b"binh@so.vn.example"))
    assert judge(raw, mail_from="", extra=extra).dmarc == "fail"


def test_strict_alignment_takes_the_very_domain_only():
    extra = {("_dmarc.ubnd.example", "TXT"): ["v=DMARC1; p=reject; adkim=s"]}
    assert judge(signed("so.ubnd.example"), mail_from="", extra=extra).dmarc == "fail"


def test_what_could_not_be_asked_is_no_failure():
    extra = {("ubnd.example", "TXT"): ["v=spf1 include:slow.example -all"]}
    found = judge(LETTER, extra=extra)
    assert (found.spf, found.dmarc, found.origin) == ("temporary_error", "temporary_error", "unchecked")


def asked(setting, raw=None, **envelope):
    """Judge through a real resolver; return what was found and the seconds that it took."""
    arrival = Arrival(
        raw=raw or signed(),
        peer=PEER,
        helo="mx.ubnd.example",
        mail_from="binh@ubnd.example",
        at=datetime.now(UTC),
    )

    async def judged():
        return await judging.judge(arrival, Asker(resolving.resolver(setting)))

    begun = time.monotonic()
    return asyncio.run(judged()), time.monotonic() - begun


def test_a_real_name_server_is_asked_once_for_each_thing():
    with served(ZONE) as (setting, server):
        found, _ = asked(setting)
    assert (found.origin, found.spf, found.dkim, server.asked < 8) == ("confirmed", "pass", "pass", True)


def test_without_a_resolver_everything_is_a_temporary_error():
    found, seconds = asked("off")
    assert (found.spf, found.dkim, found.dmarc, seconds < 1) == (*["temporary_error"] * 3, True)


def test_a_silent_name_server_costs_a_few_seconds_and_no_more():
    with served(ZONE, seconds=30) as (setting, _):
        found, seconds = asked(setting)
    assert (found.origin, seconds < resolving.MESSAGE_SECONDS + 1) == ("unchecked", True)


def test_a_record_that_leads_everywhere_is_followed_ten_times_only():
    zone = {(f"d{n}.example", "TXT"): [f"v=spf1 include:d{n + 1}.example -all"] for n in range(100)}
    table = Table(zone)
    result, _ = asyncio.run(spf.check(peer=PEER, helo="x.example", mail_from="a@d0.example", names=table))
    assert (result, len(table.asked)) == ("permanent_error", 11)


@pytest.mark.parametrize(
    "piece", ["%{i}.", "%{s}", "a:", "/", "//1", "%", "1.", "include:a.example ", "a ", "%{p}", "x=", "-"]
)
@pytest.mark.parametrize(
    "start", ["v=spf1 ", "v=spf1 exists:", "v=spf1 a:", "v=spf1 ip4:", "v=spf1 redirect="]
)
def test_no_record_makes_the_check_slow(piece, start):
    text = start + piece * (8_000 // len(piece)) + "x.example -all"
    with soon_done():
        asyncio.run(
            spf.check(
                peer="2001:db8::1",
                helo="h" * 200,
                mail_from="a" * 60 + "@d.example",
                names=Table({("d.example", "TXT"): [text]}),
            )
        )


@given(st.text(max_size=200), st.text(max_size=40), st.text(max_size=40))
def test_no_record_and_no_envelope_raise(text, mail_from, helo):
    table = Table({("d.example", "TXT"): [f"v=spf1 {text}"]})
    for sender in (mail_from, "a@d.example"):
        asyncio.run(spf.check(peer=PEER, helo=helo, mail_from=sender, names=table))
