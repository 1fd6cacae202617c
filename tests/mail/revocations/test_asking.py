"""Whether a signer's certificate was revoked is asked of its authority, afterwards, and the answer is kept as proof."""

import hashlib
from datetime import timedelta
from itertools import pairwise

import pytest

from congvu.base import blobs
from congvu.ledger import queries as ledger
from congvu.ledger import sequencer
from congvu.mail.models import Signature
from congvu.mail.revocations.actions import PATIENCE
from congvu.mail.revocations.models import RevocationInquiry, RevocationProof, RevocationStatement
from congvu.mail.revocations.tasks import OLD
from congvu.mail.revocations.tasks import ask as ask_round
from congvu.mail.smime import trust
from tests.base.websites import page, site
from tests.mail import pki
from tests.mail.pages import item_of, show
from tests.mail.pki import DAY, NOW, run
from tests.mail.revocations.waiting import DUNG, arrive, ask, check, told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("asking", "agency", "binh")]
HOUR = timedelta(hours=1)
SOON = NOW + timedelta(minutes=50)  # the authority's clock is the machine's, and a long run may get here late


def test_a_list_is_fetched_after_the_letter_came_and_kept_as_proof(authority, web, agency) -> None:
    who = authority.issue("dung", DUNG, lists=(web.url("/ca.crl"),))
    web.pages["/ca.crl"] = page(authority.list())
    row = arrive(authority, who)
    assert (told(row), web.asked) == (("asking", "not said yet"), [])
    row = ask(row, SOON)
    assert (told(row), web.asked) == (("valid", "none"), [("GET", "/ca.crl", "Congvu")])
    (proof,) = RevocationProof.objects.select_related("statement")
    kept = blobs.get(proof.statement.blob)
    shown = run("crl", "-inform", "DER", "-noout", "-verify", "-CAfile", authority.holder.path, data=kept)
    assert b"verify OK" in shown.stderr
    sequencer.settle()
    entry = ledger.entry(row.entry, agency=agency.handle)
    assert entry.disclosures["revocation"] == hashlib.sha256(kept).hexdigest()


def test_a_certificate_revoked_before_the_letter_came_makes_it_invalid(authority, web) -> None:
    who = authority.issue("dung", DUNG, lists=(web.url("/ca.crl"),))
    authority.revoke(who)
    web.pages["/ca.crl"] = page(authority.list())
    assert told(ask(arrive(authority, who, NOW + HOUR), NOW + HOUR)) == ("invalid", "revoked")


def test_what_counts_is_whether_it_was_revoked_when_the_letter_came(authority, web) -> None:
    who = authority.issue("dung", DUNG, lists=(web.url("/ca.crl"),))
    authority.revoke(who)
    web.pages["/ca.crl"] = page(authority.list())
    assert told(ask(arrive(authority, who, NOW - HOUR), SOON)) == ("valid", "none")


def test_one_fetch_serves_many_letters_until_the_next_list_is_due(authority, web) -> None:
    who = authority.issue("dung", DUNG, lists=(web.url("/ca.crl"),))
    web.pages["/ca.crl"] = page(authority.list())
    first, second = arrive(authority, who), arrive(authority, who)
    ask(first, SOON)
    assert [told(check(row, SOON)) for row in (first, second, arrive(authority, who, SOON))] == [
        ("valid", "none")
    ] * 3
    assert len(web.asked) == 1
    late = NOW + 2 * DAY
    row = arrive(authority, who, late)
    assert told(row) == ("asking", "not said yet")
    web.pages["/ca.crl"] = page(authority.list("-crldays", "4"))
    assert told(ask(row, late)) == ("valid", "none")
    assert len(web.asked) == 2


@pytest.mark.parametrize("delegated", [False, True])
def test_a_responder_tells_who_was_revoked(authority, web, delegated) -> None:
    web.pages["/ocsp"] = authority.responder(authority.delegate() if delegated else None)
    dung = authority.issue("dung", DUNG, answers=(web.url("/ocsp"),))
    gone = authority.issue("gone", DUNG, answers=(web.url("/ocsp"),))
    authority.revoke(gone)
    assert told(ask(arrive(authority, dung, SOON), SOON)) == ("valid", "none")
    assert told(ask(arrive(authority, gone, SOON), SOON)) == ("invalid", "revoked")
    assert [seen_by_openssl(authority, one) for one in (dung, gone)] == ["good", "revoked"]
    assert [one[0] for one in web.asked] == ["POST", "POST"]


def seen_by_openssl(authority, who) -> str:
    """Read the kept answer as an outsider does, with the certificates alone."""
    inquiry = RevocationInquiry.objects.get(about=hashlib.sha256(who.der()).hexdigest())
    kept = authority.folder / "kept.ors"
    kept.write_bytes(blobs.get(inquiry.statement.blob))
    issuer, root = authority.holder.path, authority.make.root.path
    moment = ("-attime", int(SOON.timestamp()), "-no_nonce")
    shown = run("ocsp", "-respin", kept, "-issuer", issuer, "-cert", who.path, "-CAfile", root, *moment)
    assert b"Response verify OK" in shown.stderr
    return shown.stdout.decode().splitlines()[0].rpartition(": ")[2]


def test_the_list_is_preferred_and_the_responder_is_asked_when_it_fails(authority, web) -> None:
    places = {"lists": (web.url("/ca.crl"),), "answers": (web.url("/ocsp"),)}
    web.pages["/ocsp"] = authority.responder()
    row = arrive(authority, authority.issue("dung", DUNG, **places))
    row = ask(row, NOW)
    assert (told(row), [one[1] for one in web.asked]) == (("asking", "not said yet"), ["/ca.crl"])
    assert told(ask(row, SOON)) == ("valid", "none")
    assert sorted(one[1] for one in web.asked[1:]) == ["/ca.crl", "/ocsp"]


def test_where_only_lists_are_allowed_no_responder_learns_anything(authority, web, asking) -> None:
    asking.CONGVU_REVOCATION = "lists"
    web.pages["/ocsp"] = authority.responder()
    row = arrive(authority, authority.issue("dung", DUNG, answers=(web.url("/ocsp"),)))
    assert told(ask(row, NOW)) == ("cannot_be_determined", "revocation_unknown")
    assert web.asked == []


def test_where_nothing_is_allowed_the_verdict_is_said_at_once(authority, web, asking) -> None:
    who = authority.issue("dung", DUNG, lists=(web.url("/ca.crl"),))
    waiting = arrive(authority, who)
    asking.CONGVU_REVOCATION = "off"
    assert told(arrive(authority, who)) == ("cannot_be_determined", "revocation_unknown")
    assert told(ask(waiting, NOW)) == ("cannot_be_determined", "revocation_unknown")
    assert web.asked == []


def wrong(authority, web) -> dict[str, tuple[str, object]]:
    """Return what may come instead of a good answer: at which address, and what it is called."""
    dung, stranger = authority.make.pki.made["dung"], authority.make.pki.holder("stranger", is_authority=True)
    other = authority.issue("other", "other@dan.example")
    return {
        "not_by_issuer": ("/ocsp", authority.responder(stranger)),
        "replayed": ("/ocsp", page(authority.answer(dung))),
        "overdue": ("/ocsp", page(pki.answer(dung, authority.holder, since=NOW - 9 * DAY))),
        "from_the_future": ("/ocsp", page(pki.answer(dung, authority.holder, since=NOW + 9 * DAY))),
        "not_about": ("/ocsp", page(authority.answer(other, "-no_nonce"))),
        "refused": ("/ocsp", page(bytes.fromhex("30030a0106"))),
        "unreadable": ("/ocsp", page(b"<html>Welcome</html>")),
        "cut": ("/ocsp", page(b"0" * 100, claimed=200)),
        "too_large": ("/ocsp", page(b"", claimed=1 << 30)),
        "status": ("/ocsp", page(b"", status=302)),
    }


WRONG = """not_by_issuer replayed overdue from_the_future not_about refused unreadable cut too_large status"""


@pytest.mark.parametrize("word", WRONG.split())
def test_a_wrong_answer_is_named_and_asked_for_again(authority, web, word) -> None:
    row = arrive(authority, authority.issue("dung", DUNG, answers=(web.url("/ocsp"),)))
    path, web.pages[path] = wrong(authority, web)[word]
    assert told(ask(row, SOON)) == ("asking", "not said yet")
    inquiry = RevocationInquiry.objects.get()
    assert (inquiry.failure, inquiry.attempts) == (word, 1)
    web.pages["/ocsp"] = authority.responder()
    ask(row, SOON)
    assert len(web.asked) == 1  # not before its time
    assert told(ask(row, inquiry.next_at)) == ("valid", "none")


def test_an_older_list_in_force_is_no_answer_any_more(authority, web) -> None:
    who = authority.issue("dung", DUNG, lists=(web.url("/ca.crl"),))
    old = pki.crl(authority.holder, since=NOW - DAY)
    web.pages["/ca.crl"] = page(
        pki.der_of(pki.crl(authority.holder, revoked=(who,), since=NOW - HOUR, until=SOON))
    )
    assert told(ask(arrive(authority, who, NOW), NOW)) == ("invalid", "revoked")
    web.pages["/ca.crl"] = page(pki.der_of(old))
    row = arrive(authority, who, SOON + HOUR)
    assert told(ask(row, SOON + HOUR)) == ("asking", "not said yet")
    assert RevocationInquiry.objects.get().failure == "older"


def test_an_answer_made_beforehand_is_taken_while_it_is_in_force(authority, web) -> None:
    who = authority.issue("dung", DUNG, answers=(web.url("/ocsp"),))
    web.pages["/ocsp"] = page(authority.answer(who, "-no_nonce"))
    assert told(ask(arrive(authority, who), SOON)) == ("valid", "none")


def test_what_the_authority_does_not_know_stays_undetermined(authority, web) -> None:
    who = authority.issue("dung", DUNG, answers=(web.url("/ocsp"),))
    (authority.folder / "index.txt").write_text("")
    web.pages["/ocsp"] = authority.responder()
    row = arrive(authority, who)
    assert told(ask(row, SOON)) == ("asking", "not said yet")
    assert RevocationInquiry.objects.get().failure == "unknown"


def test_a_server_that_is_down_is_asked_again_until_patience_ends(authority) -> None:
    with site() as web:
        port, place = web.server.server_port, web.url("/ca.crl")
    who = authority.issue("dung", DUNG, lists=(place,))
    early, given_up = arrive(authority, who), arrive(authority, who, NOW - PATIENCE)
    row, moments = early, [NOW]
    for _ in range(9):
        row = ask(row, moments[-1])
        assert (told(row), RevocationInquiry.objects.get().failure) == (
            ("asking", "not said yet"),
            "unreachable",
        )
        moments.append(RevocationInquiry.objects.get().next_at)
    pauses = [(after - before) / timedelta(minutes=1) for before, after in pairwise(moments)]
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 240, 240]
    assert told(check(given_up, NOW)) == ("cannot_be_determined", "revocation_unknown")
    with site(port) as web:
        web.pages["/ca.crl"] = page(authority.list())
        assert told(ask(row, moments[-1])) == ("valid", "none")


def test_a_letter_that_is_wrong_in_any_case_asks_nobody(authority, web) -> None:
    who = authority.issue("somebody", "somebody@elsewhere.example", lists=(web.url("/ca.crl"),))
    assert told(arrive(authority, who)) == ("invalid", "wrong_name")
    assert RevocationInquiry.objects.count() == 0


def test_a_certificate_that_leads_to_no_root_sends_nobody_anywhere(authority, web, data_folder) -> None:
    for one in trust.kept(data_folder / "trust"):
        trust.remove(data_folder / "trust", one.fingerprint)
    who = authority.issue("dung", DUNG, lists=(web.url("/ca.crl"),))
    assert told(arrive(authority, who)) == ("cannot_be_determined", "chain")
    assert RevocationInquiry.objects.count() == 0


def test_an_address_of_the_inside_is_not_asked(authority, web, asking) -> None:
    asking.CONGVU_REVOCATION_HOSTS = ""
    row = arrive(authority, authority.issue("dung", DUNG, lists=(web.url("/ca.crl"),)))
    ask(row, NOW)
    assert (RevocationInquiry.objects.get().failure, web.asked) == ("place", [])


def test_a_list_that_forgot_an_expired_certificate_proves_nothing(authority, web) -> None:
    until = NOW - HOUR
    point = pki.x509.DistributionPoint(
        [pki.x509.UniformResourceIdentifier(web.url("/ca.crl"))], None, None, None
    )
    who = authority.make.binh(
        "ended", mails=(DUNG,), until=until, extra=((pki.x509.CRLDistributionPoints([point]), False),)
    )
    web.pages["/ca.crl"] = page(authority.list())
    row = ask(arrive(authority, who, until - HOUR), SOON)
    assert (told(row), len(web.asked)) == (("cannot_be_determined", "revocation_unknown"), 1)


def test_a_list_on_which_nothing_rests_is_forgotten_and_a_proof_is_not(authority, web) -> None:
    who = authority.issue("dung", DUNG, lists=(web.url("/ca.crl"),))
    row = arrive(authority, who)
    for days in (2, 3, 4):
        web.pages["/ca.crl"] = page(authority.list("-crldays", str(days)))
        RevocationInquiry.objects.update(next_at=SOON)
        ask_round(SOON)
    check(row, SOON)
    assert RevocationStatement.objects.count() == 3
    RevocationInquiry.objects.update(next_at=NOW + OLD + DAY)
    web.pages["/ca.crl"] = page(authority.list("-crldays", "30"))
    ask_round(NOW + OLD + DAY)
    assert RevocationStatement.objects.count() == 2
    (proof,) = RevocationProof.objects.select_related("statement")
    assert blobs.get(proof.statement.blob)


def test_the_verdict_outlives_the_list_that_follows(authority, web, binh, client_of) -> None:
    who = authority.issue("dung", DUNG, lists=(web.url("/ca.crl"),))
    web.pages["/ca.crl"] = page(authority.list())
    row = ask(arrive(authority, who), SOON)
    authority.revoke(who)
    web.pages["/ca.crl"] = page(authority.list("-crldays", "9"))
    RevocationInquiry.objects.update(next_at=NOW)
    ask_round(NOW + HOUR)
    shown = show(client_of(binh), "signature", item_of(binh).handle).content.decode()
    assert "Signature valid" in shown
    assert Signature.objects.get(pk=row.pk).state == "valid"


def test_the_page_says_who_is_asked_then_what_was_said_and_gives_the_proof(
    authority, web, binh, client_of
) -> None:
    who = authority.issue("dung", DUNG, lists=(web.url("/ca.crl"),))
    row = ask(arrive(authority, who), NOW)
    client, handle = client_of(binh), item_of(binh).handle
    assert "cannot be determined yet" in show(client, "message", handle).content.decode()
    waiting = show(client, "signature", handle).content.decode()
    assert web.url("/ca.crl") in waiting
    assert "Signature not determined yet" in waiting
    assert "The server gave another answer than asked for" in waiting
    web.pages["/ca.crl"] = page(authority.list())
    assert told(ask(row, SOON)) == ("valid", "none")
    shown = show(client, "signature", handle).content.decode()
    assert "not revoked" in shown
    (proof,) = RevocationProof.objects.select_related("statement")
    given = show(client, "signature-statement", handle, proof.statement.digest)
    assert hashlib.sha256(given.content).hexdigest() == proof.statement.digest
    assert given["Content-Type"] == "application/pkix-crl"
