"""A closing is what the next log's key has signed, and nothing else."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congvu.standards import closings, notes
from congvu.standards.closings import Closing, MalformedClosingError

OLD = notes.SignerKey(name="lamson.example/log/ubnd/2026", seed=bytes(range(32)))
NEXT = notes.SignerKey(name="lamson.example/log/ubnd/2026-2", seed=bytes(32))
ONE = Closing(reason="stolen", closed=OLD.verifier, next=NEXT.verifier, size=7, root=bytes(32))


def test_a_closing_is_read_as_it_was_signed():
    for closing in (ONE, dataclasses.replace(ONE, reason="lost", policy="quorum none\n")):
        assert closings.read(closings.sign(closing, NEXT)) == closing
        both = closings.sign(closing, NEXT, OLD)
        assert closings.read(both) == closing
        assert closings.is_by_closed(both, closing)


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": "sold"},
        {"next": notes.SignerKey(name="lamson.example/log/ubnd/2027", seed=bytes(32)).verifier},
        {"next": notes.SignerKey(name="lamson.example/log/other/2026-2", seed=bytes(32)).verifier},
        {"closed": notes.SignerKey(name="lamson.example/log/ubnd/2026-3", seed=bytes(32)).verifier},
        {"closed": NEXT.verifier},
        {"root": bytes(31)},
        {"size": -1},
        {"policy": "quorum x\n"},
    ],
)
def test_what_closes_no_log_is_refused(changes):
    wrong = dataclasses.replace(ONE, **changes)
    signer = notes.SignerKey(name=wrong.next.name, seed=bytes(32))
    with pytest.raises(MalformedClosingError):
        closings.read(notes.sign(wrong.format(), signer))


def test_only_the_next_logs_key_may_sign():
    with pytest.raises(MalformedClosingError):
        closings.read(notes.sign(ONE.format(), OLD))
    forged = notes.sign(ONE.format(), NEXT, notes.SignerKey(name=OLD.name, seed=bytes(range(32))))
    wrong = forged[:-20] + ("A" * 18) + forged[-2:]
    with pytest.raises(MalformedClosingError):
        closings.read(wrong)


@given(st.data())
def test_every_changed_bit_is_noticed(data):
    note = bytearray(closings.sign(ONE, NEXT, OLD).encode())
    bit = data.draw(st.integers(0, len(note) * 8 - 1))
    note[bit // 8] ^= 1 << bit % 8
    try:
        changed = note.decode()
        assert closings.read(changed) == ONE
        assert not closings.is_by_closed(
            changed, ONE
        )  # a changed line of nobody whom we know is no signature
    except (UnicodeDecodeError, MalformedClosingError):
        pass


def test_a_year_has_at_most_nine_logs():
    names = [OLD.name]
    for _ in range(8):
        names.append(closings.next_origin(names[-1]))
    with pytest.raises(closings.TooManyLogsError):
        closings.next_origin(names[-1])
    assert names[1:] == [f"{OLD.name}-{number}" for number in range(2, 10)]
    assert names == sorted(names)
