"""Last year's key vouches for this year's, and for nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congvu.standards import notes, successions
from congvu.standards.successions import NoSuccessionError

OLD = notes.SignerKey(name="lamson.example/log/ubnd/2026", seed=bytes(range(32)))
NEW = notes.SignerKey(name="lamson.example/log/ubnd/2027", seed=bytes(32))


def test_the_next_years_key_is_believed():
    assert successions.verify(successions.vouch(NEW.verifier, by=OLD), key=OLD.verifier) == NEW.verifier


@pytest.mark.parametrize(
    "name",
    [
        "lamson.example/log/ubnd/2026",
        "lamson.example/log/ubnd/2025",
        "lamson.example/log/other/2027",
        "lamson.example/log/ubnd/27",
        "lamson.example/log/ubnd/20277",
        "lamson.example/log/ubnd",
        "2027",
    ],
)
def test_no_other_log_is_vouched_for(name):
    with pytest.raises(NoSuccessionError):
        successions.vouch(notes.SignerKey(name=name, seed=bytes(32)).verifier, by=OLD)


@given(st.data())
def test_every_changed_bit_is_noticed(data):
    note = bytearray(successions.vouch(NEW.verifier, by=OLD).encode())
    bit = data.draw(st.integers(0, len(note) * 8 - 1))
    note[bit // 8] ^= 1 << bit % 8
    with pytest.raises(NoSuccessionError):
        successions.verify(note.decode(errors="replace"), key=OLD.verifier)


def test_a_checkpoint_is_no_succession():
    with pytest.raises(NoSuccessionError):
        successions.verify(notes.sign(f"{OLD.name}\n1\nAAAA\n", OLD), key=OLD.verifier)
