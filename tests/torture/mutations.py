"""Changing genuine receipts in every way that a forger, a bad disk or a mail program might."""

import base64
import json
from collections.abc import Callable
from random import Random

Change = Callable[[bytes, bytes, Random], bytes]  # a genuine receipt, another genuine one, dice


def flip_a_bit(raw: bytes, _other: bytes, dice: Random) -> bytes:
    place = dice.randrange(len(raw))
    return raw[:place] + bytes([raw[place] ^ 1 << dice.randrange(8)]) + raw[place + 1 :]


def replace_octets(raw: bytes, _other: bytes, dice: Random) -> bytes:
    place, length = dice.randrange(len(raw)), dice.randint(1, 8)
    return raw[:place] + dice.randbytes(length) + raw[place + length :]


def insert_octets(raw: bytes, _other: bytes, dice: Random) -> bytes:
    place = dice.randrange(len(raw) + 1)
    return raw[:place] + dice.choice([b" ", b"\n", b"\0", b"=", b"A", dice.randbytes(3)]) + raw[place:]


def delete_octets(raw: bytes, _other: bytes, dice: Random) -> bytes:
    place = dice.randrange(len(raw))
    return raw[:place] + raw[place + dice.randint(1, 20) :]


def repeat_octets(raw: bytes, _other: bytes, dice: Random) -> bytes:
    place = dice.randrange(len(raw))
    return raw[:place] + raw[place : place + dice.randint(1, 40)] + raw[place:]


def swap_two_octets(raw: bytes, _other: bytes, dice: Random) -> bytes:
    one, two = sorted(dice.sample(range(len(raw)), 2))
    return raw[:one] + raw[two : two + 1] + raw[one + 1 : two] + raw[one : one + 1] + raw[two + 1 :]


def cut_off(raw: bytes, _other: bytes, dice: Random) -> bytes:
    return raw[: dice.randrange(len(raw))]


def graft(raw: bytes, other: bytes, dice: Random) -> bytes:
    place = dice.randrange(min(len(raw), len(other)))
    return raw[:place] + other[place:]


def take_a_field_of_another(raw: bytes, other: bytes, dice: Random) -> bytes:
    one, two = json.loads(raw), json.loads(other)
    names = [name for name in one if name in two and one[name] != two[name] and name != "congvu"]
    for name in dice.sample(names, dice.randint(1, max(1, len(names) - 1))):
        one[name] = two[name]
    return written(one)


def take_a_disclosure_of_another(raw: bytes, other: bytes, dice: Random) -> bytes:
    one, two = json.loads(raw), json.loads(other)
    if one["entry"] == two["entry"]:
        raise ValueError("a receipt may disclose more of its own entry")
    foreign = [text for text in two["disclosures"] if text not in one["disclosures"]]
    one["disclosures"] = sorted([*one["disclosures"], dice.choice(foreign or ["x"])])
    return written(one)


def write_a_disclosure(raw: bytes, _other: bytes, dice: Random) -> bytes:
    """Say something else under the salt of a disclosure that is there."""
    one = json.loads(raw)
    at = dice.randrange(len(one["disclosures"]))
    text = one["disclosures"][at]
    salt, name, _value = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    lie = json.dumps([salt, name, f"lie{dice.random()}"], separators=(",", ":")).encode()
    one["disclosures"][at] = base64.urlsafe_b64encode(lie).rstrip(b"=").decode()
    one["disclosures"].sort()
    return written(one)


def rewrite_the_leaf(raw: bytes, _other: bytes, dice: Random) -> bytes:
    """Make the entry say another time, kind, attribute or agency, in its one canonical form."""
    one = json.loads(raw)
    leaf = json.loads(base64.b64decode(one["entry"]))
    name = dice.choice(["at", "kind", "id", "agency", "attributes"])
    second = dice.randrange(60)
    leaf[name] = {
        "at": f"2027-01-01T00:00:{second:02d}.000000Z",
        "kind": dice.choice(["mail.message.failed", "mail.message.recalled", "mail.message.imported"]),
        "id": f"a{dice.random()}",
        "agency": f"b{dice.random()}",
        "attributes": {"by": f"c{dice.randrange(9)}"},
    }[name]
    one["entry"] = base64.b64encode(_canonical(leaf)).decode()
    return written(one)


def change_the_proof(raw: bytes, _other: bytes, dice: Random) -> bytes:
    """Change the index, or put a hash in the place of a line; or drop or double a line."""
    one = json.loads(raw)
    lines = one["proof"].split("\n")
    at = dice.randrange(len(lines))
    act = dice.randrange(4)
    if act == 0:
        lines[1] = f"index {dice.randrange(1 << 20)}"
    elif act == 1:
        lines[at] = base64.b64encode(dice.randbytes(32)).decode()
    elif act == 2:
        if at >= lines.index("") + 6:
            raise ValueError("a receipt may show fewer witnesses")
        del lines[at]
    else:
        lines.insert(at, lines[at])
    one["proof"] = "\n".join(lines)
    return written(one)


def change_the_witnesses(raw: bytes, _other: bytes, dice: Random) -> bytes:
    """Swap or double cosignatures, change their time or value, give one to another witness, weaken the policy."""
    one = json.loads(raw)
    *head, tail = one["proof"].split("\n\n")
    log, *said = tail.splitlines(keepends=True)
    at = dice.randrange(len(said))
    _, name, encoded = said[at].split(" ")
    value = bytearray(base64.b64decode(encoded))
    act = dice.randrange(7)
    if act == 0:
        said[at], said[at - 1] = said[at - 1], said[at]
    elif act == 1:
        said.insert(at, said[at])
    elif act == 2:
        value[dice.randrange(len(value))] ^= 1 << dice.randrange(8)
        said[at] = f"\u2014 {name} {base64.b64encode(value).decode()}\n"
    elif act == 3:
        said[at] = said[at].replace(name, said[at - 1].split(" ")[1])
    elif act == 4:
        del one["policy"]
    else:
        words = one["policy"].split(" ")
        place = dice.randrange(len(words) - 3)
        words[place] = {"2": "1", "3": "2"}.get(words[place], words[dice.randrange(len(words))])
        one["policy"] = " ".join(words)
    one["proof"] = "\n\n".join([*head, log + "".join(said)])
    return written(one)


def write_otherwise(raw: bytes, _other: bytes, dice: Random) -> bytes:
    """Keep the meaning and change the spelling: order, spaces, escapes, a doubled name, padding."""
    one = json.loads(raw)
    act = dice.randrange(6)
    if act == 0:
        names = list(one)
        dice.shuffle(names)
        return (json.dumps({name: one[name] for name in names}, separators=(",", ":")) + "\n").encode()
    if act == 1:
        return (json.dumps(one, indent=dice.randrange(4)) + "\n").encode()
    if act == 2:
        letter = dice.choice("abcdef")
        return raw.replace(letter.encode(), f"\\u{ord(letter):04x}".encode(), 1)
    if act == 3:
        return b'{"congvu":"receipt/1",' + raw[1:]
    if act == 4:
        return raw.rstrip(b"\n") + dice.choice([b"", b"\r\n", b"\n\n", b" \n"])
    name = dice.choice(["entry", "key"])
    one[name] = one[name].rstrip("=") + dice.choice(["", "=", "==", "===", "A"])
    return written(one)


def break_a_type(raw: bytes, _other: bytes, dice: Random) -> bytes:
    one = json.loads(raw)
    one[dice.choice(list(one))] = dice.choice([None, True, 1, 1.5, [], {}, [[]], "", "x", ["x"], -1])
    return written(one)


CHANGES: tuple[Change, ...] = (
    flip_a_bit,
    replace_octets,
    insert_octets,
    delete_octets,
    repeat_octets,
    swap_two_octets,
    cut_off,
    graft,
    take_a_field_of_another,
    take_a_disclosure_of_another,
    write_a_disclosure,
    rewrite_the_leaf,
    change_the_proof,
    change_the_witnesses,
    write_otherwise,
    break_a_type,
)


def written(receipt: object) -> bytes:
    """Write a receipt as receipts are written."""
    return _canonical(receipt) + b"\n"


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
