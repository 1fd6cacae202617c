import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from altcha import Challenge, solve_challenge, verify_solution
from altcha import Payload as Solved

from congvu.petitions.actions.spending import SpentError
from congvu.petitions.guarding import checking, pace, plain, proof
from congvu.petitions.guarding.checking import NotProvenError, check, keep_pace
from congvu.petitions.guarding.pace import Pace, TooFastError
from congvu.petitions.models import SpentChallenge

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
KEY = b"k" * 32
HOME = "203.0.113.7"


@pytest.fixture(autouse=True)
def _little_work_and_no_memory(monkeypatch):
    monkeypatch.setattr(proof, "COST", 2)
    monkeypatch.setattr(checking, "_pace", Pace(timedelta(minutes=1)))
    monkeypatch.setattr(checking, "_copies", Pace(timedelta(hours=1)))


def solved(issued) -> str:
    """What a browser sends, by the solver that ALTCHA publishes."""
    challenge = Challenge.from_dict(json.loads(issued) if isinstance(issued, str) else issued)
    return Solved(challenge, solve_challenge(challenge)).to_base64()


def changed(text, **members) -> str:
    """A proof with other parameters or another key."""
    said = json.loads(base64.b64decode(text))
    derived = members.pop("derivedKey", None)
    said["challenge"]["parameters"] |= members
    if derived is not None:
        said["solution"]["derivedKey"] = derived
    return base64.b64encode(json.dumps(said).encode()).decode()


def test_the_published_library_solves_and_verifies_our_challenge():
    issued = proof.issue(key=KEY, agency="a", at=datetime.now(UTC))
    text = solved(issued)
    said = json.loads(base64.b64decode(text))
    assert said["solution"]["counter"] in proof.TRIALS
    verified = verify_solution(
        text,
        proof.secret(KEY, b"challenge"),
        hmac_key_secret=proof.secret(KEY, b"solution"),
    )
    assert (verified.verified, verified.expired) == (True, False)
    assert verify_solution(text, proof.secret(KEY, b"challenge")).verified is True
    assert (
        proof.verify(text, key=KEY, agency="a", at=NOW).digest
        != proof.verify(solved(proof.issue(key=KEY, agency="a", at=NOW)), key=KEY, agency="a", at=NOW).digest
    )


def test_what_is_no_proof_is_refused_by_name():
    text = solved(proof.issue(key=KEY, agency="a", at=NOW))
    for bad, error in (
        (changed(text, derivedKey="00" * 32), proof.WrongProofError),
        (changed(text, derivedKey=""), proof.WrongProofError),
        (changed(text, expiresAt=10**12), proof.ForgedProofError),
        (changed(text, keyPrefix=""), proof.ForgedProofError),
        (changed(text, cost=float("nan")), proof.ForgedProofError),
        (changed(text, derivedKey="zz"), proof.MalformedProofError),
        (changed(text, derivedKey=7), proof.MalformedProofError),
        (text[:-9], proof.MalformedProofError),
        ("x" * 9_000_000, proof.MalformedProofError),
        ("ё", proof.MalformedProofError),
        (base64.b64encode(b"[" * 3_000).decode(), proof.MalformedProofError),
        (base64.b64encode(b"[]").decode(), proof.MalformedProofError),
    ):
        with pytest.raises(error):
            proof.verify(bad, key=KEY, agency="a", at=NOW)
    with pytest.raises(proof.ForgedProofError):
        proof.verify(text, key=KEY, agency="b", at=NOW)
    with pytest.raises(proof.ForgedProofError):
        proof.verify(text, key=b"another", agency="a", at=NOW)
    with pytest.raises(proof.ExpiredProofError):
        proof.verify(text, key=KEY, agency="a", at=NOW + proof.LIFE)


def test_without_javascript_digits_are_copied_by_somebody_who_reads():
    asked = plain.ask(key=KEY, agency="a", at=NOW)
    later = NOW + plain.SOONEST
    assert len(asked.digits) == plain.DIGITS
    assert (
        plain.verify(asked.stamp, f" {asked.spelled} ", key=KEY, agency="a", at=later).expires_at
        == NOW + plain.LIFE
    )
    wrong = f"{(int(asked.digits) + 1) % 10_000:04}"
    for stamp, digits, at, error in (
        (asked.stamp, wrong, later, plain.WrongDigitsError),
        (asked.stamp, "", later, plain.WrongDigitsError),
        (asked.stamp, "１２３４", later, plain.WrongDigitsError),
        (asked.stamp, asked.digits, NOW + timedelta(seconds=7), plain.TooSoonError),
        (asked.stamp, asked.digits, NOW + plain.LIFE, plain.ExpiredStampError),
        (asked.stamp[:-1] + "x", asked.digits, later, plain.ForgedStampError),
        ("", asked.digits, later, plain.ForgedStampError),
        ("ё.1.2.3", asked.digits, later, plain.ForgedStampError),
    ):
        with pytest.raises(error):
            plain.verify(stamp, digits, key=KEY, agency="a", at=at)
    with pytest.raises(plain.ForgedStampError):
        plain.verify(asked.stamp, asked.digits, key=KEY, agency="b", at=later)


def test_each_proof_is_taken_once_and_forgotten_when_it_has_expired(agency):
    first = {"altcha": solved(checking.challenge(agency=agency, now=NOW))}
    check(first, agency=agency, address=HOME, now=NOW)
    with pytest.raises(SpentError):
        check(first, agency=agency, address="198.51.100.1", now=NOW)
    asked = checking.question(agency=agency, now=NOW)
    copied = {"stamp": asked.stamp, "digits": asked.digits}
    check(copied, agency=agency, address=HOME, now=NOW + plain.SOONEST)
    with pytest.raises(SpentError):
        check(copied, agency=agency, address=HOME, now=NOW + plain.SOONEST)
    assert SpentChallenge.objects.count() == 2
    later = NOW + timedelta(hours=3)
    check(
        {"altcha": solved(checking.challenge(agency=agency, now=later))},
        agency=agency,
        address=HOME,
        now=later,
    )
    assert SpentChallenge.objects.count() == 1


def test_neither_proof_asks_the_second_step(agency):
    with pytest.raises(NotProvenError):
        check({"altcha": "", "stamp": ""}, agency=agency, address=HOME, now=NOW)


def test_copied_digits_are_few_an_hour_from_one_address(agency, monkeypatch):
    monkeypatch.setattr(checking, "COPIES", 2)

    def copy(address):
        asked = checking.question(agency=agency, now=NOW)
        values = {"stamp": asked.stamp, "digits": asked.digits}
        check(values, agency=agency, address=address, now=NOW + plain.SOONEST)

    copy(HOME)
    copy(HOME)
    with pytest.raises(TooFastError) as found:
        copy(HOME)
    assert found.value.seconds == 3_600 - 8
    copy("203.0.113.8")


def test_ten_thousand_forms_a_minute_from_one_address_are_refused_and_others_go_on(settings):
    settings.CONGVU_PETITION_PACE = 60
    waits = []
    for number in range(10_000):
        at = NOW + timedelta(milliseconds=6 * number)
        try:
            keep_pace(HOME, now=at)
        except TooFastError as error:
            waits.append(error.seconds)
        if number % 100 == 0:
            keep_pace(f"198.51.100.{number // 100}", now=at)
    assert len(waits) == 10_000 - 60
    assert (max(waits), min(waits)) == (60, 1)
    keep_pace(HOME, now=NOW + timedelta(minutes=1))
    settings.CONGVU_PETITION_PACE = 0
    for _ in range(100):
        keep_pace(HOME, now=NOW)


def test_one_household_is_one_address(monkeypatch):
    counted = Pace(timedelta(minutes=1))
    for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"):
        counted.step(address, most=2, now=NOW)
    with pytest.raises(TooFastError):
        counted.step("2001:db8:1:2::7", most=2, now=NOW)
    counted.step("2001:db8:1:3::1", most=2, now=NOW)
    counted.step(HOME, most=1, now=NOW)
    with pytest.raises(TooFastError):
        counted.step(f"::ffff:{HOME}", most=1, now=NOW)
    counted.step("", most=1, now=NOW)
    with pytest.raises(TooFastError):
        counted.step("no address", most=1, now=NOW)
    assert HOME.encode() not in repr(counted._counts).encode()
    monkeypatch.setattr(pace, "MANY", 1)
    full = Pace(timedelta(minutes=1))
    for number in range(9):
        full.step(f"198.51.100.{number}", most=1, now=NOW)
    assert len(full._counts) == 1
