"""A stranger verifies a receipt with the one file that shares no code with Congvu."""

import ast
import dataclasses
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import congvu_verify
from congvu.ledger.disposal import events
from congvu.standards import checkpoints, disclosures, jcs, merkle, notes, proofs, receipts

ORIGIN = "mail.example.vn/log/so-noi-vu/2026"
SEED = bytes(range(32))
SIGNER = notes.SignerKey(name=ORIGIN, seed=SEED)
VKEY = SIGNER.verifier.text
INDEX, SIZE = 41, 100
SHOWN = [
    disclosures.make("actor", "binhbinhbinhbinhbinhbinh22"),
    disclosures.make("message", "thuthuthuthuthuthuthuthu22"),
]
HIDDEN = disclosures.make("mailbox", "hophophophophophophophop22")


def leaf(**changes):
    said = {
        "agency": "sonoivusonoivusonoivusonoi",
        "at": "2026-03-04T01:02:03.000004Z",
        "attributes": {"by": "press"},
        "digests": sorted(item.digest for item in [*SHOWN, HIDDEN]),
        "id": "mucghimucghimucghimucghi22",
        "kind": "mail.message.acknowledged",
        "version": 1,
    }
    return jcs.encode(said | changes)


def receipt(*, entry=None, shown=None, signer=SIGNER, key=VKEY, origin=ORIGIN, index=INDEX, **changes):
    """Return the bundle of a log in which the entry stands among 99 others."""
    entry = leaf() if entry is None else entry
    hashes = [merkle.leaf_hash(b"other %d" % number) for number in range(SIZE)]
    hashes[INDEX] = merkle.leaf_hash(entry)
    tree = merkle.in_memory(hashes)
    head = checkpoints.Checkpoint(origin=origin, size=SIZE, root=merkle.root(hashes))
    proof = proofs.Proof(
        index=index,
        path=tuple(merkle.inclusion_proof(INDEX, SIZE, tree)),
        checkpoint=checkpoints.sign(head, signer),
    )
    proof = dataclasses.replace(proof, **changes)
    texts = [item.text for item in (SHOWN if shown is None else shown)]
    return receipts.build(key=key, leaf=entry, disclosures=texts, proof=proof.format())


def altered(**changes):
    """Return a genuine bundle with fields of its JSON replaced, in canonical spelling."""
    return jcs.encode(json.loads(receipt()) | changes) + b"\n"


def reasons(data, **options):
    verdict = congvu_verify.verify(data, **options)
    assert not verdict.ok
    assert verdict.facts is None
    for language in congvu_verify.LANGUAGES:
        assert all(sentences for _, sentences in congvu_verify.explain(verdict, language))
    return verdict.reasons


def test_a_genuine_receipt_is_proven_with_all_that_it_says():
    verdict = congvu_verify.verify(receipt(), key=VKEY)
    assert verdict == congvu_verify.Verdict(
        ok=True,
        readable=True,
        reasons=(),
        facts=congvu_verify.Facts(
            kind="mail.message.acknowledged",
            version=1,
            at="2026-03-04T01:02:03.000004Z",
            agency="sonoivusonoivusonoivusonoi",
            id="mucghimucghimucghimucghi22",
            attributes={"by": "press"},
            disclosed={"actor": "binhbinhbinhbinhbinhbinh22", "message": "thuthuthuthuthuthuthuthu22"},
            withheld=1,
            origin=ORIGIN,
            index=INDEX,
            size=SIZE,
            demonstration=False,
            key=VKEY,
            fingerprint=SIGNER.verifier.fingerprint,
            trust="compared",
            witnessing=congvu_verify.Witnessing(policy="", met=True, count=0, of=0, by=()),
            closing="",
        ),
    )


def test_a_receipt_without_disclosures_in_a_log_of_one_is_proven():
    entry = leaf()
    head = checkpoints.Checkpoint(origin=ORIGIN, size=1, root=merkle.leaf_hash(entry))
    proof = proofs.Proof(index=0, path=(), checkpoint=checkpoints.sign(head, SIGNER))
    data = receipts.build(key=VKEY, leaf=entry, disclosures=[], proof=proof.format())
    verdict = congvu_verify.verify(data)
    assert (verdict.ok, verdict.facts.disclosed, verdict.facts.withheld) == (True, {}, 3)
    assert verdict.facts.trust == "receipt"


def test_no_receipt_with_a_changed_byte_is_accepted():
    data = receipt()
    accepted = []
    for at, byte in enumerate(data):
        others = {byte ^ (1 << bit) for bit in range(8)} | set(b' \n"\\=+/-_,AZaz09') - {byte}
        for other in others:
            changed = data[:at] + bytes([other]) + data[at + 1 :]
            if congvu_verify.verify(changed).ok:
                accepted.append((at, byte, other))
    assert accepted == []


@pytest.mark.torture
def test_no_receipt_with_any_byte_replaced_by_any_other_is_accepted():
    data = receipt()
    accepted = [
        (at, other)
        for at, byte in enumerate(data)
        for other in range(256)
        if other != byte and congvu_verify.verify(data[:at] + bytes([other]) + data[at + 1 :]).ok
    ]
    assert accepted == []


def test_no_receipt_with_a_byte_more_or_fewer_is_accepted():
    data = receipt()
    changed = [data[:at] + data[at + 1 :] for at in range(len(data))]
    changed += [data[:at] + bytes([byte]) + data[at:] for at in range(len(data) + 1) for byte in b' \n=A"']
    assert [found for found in changed if found != data and congvu_verify.verify(found).ok] == []


def test_no_truncated_receipt_is_accepted():
    data = receipt()
    assert [size for size in range(len(data)) if congvu_verify.verify(data[:size]).ok] == []


def test_a_withheld_disclosure_leaves_the_receipt_proven():
    assert congvu_verify.verify(receipt(shown=SHOWN[:1])).facts.disclosed.keys() == {"actor"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b"[" * 60_000, "not_json"),
        (b'{"a":' * 10_000, "not_json"),
        (b"[" + b"9" * 10_000 + b"]", "not_json"),
        (b'{"congvu":NaN}', "not_json"),
        (b'{"congvu":Infinity}', "not_json"),
        (b'{"congvu":1.5}', "not_json"),
        (b'{"congvu":"receipt/1","congvu":"receipt/1"}', "repeated_field"),
        (b"[]", "not_receipt"),
        (b"null", "not_receipt"),
        (b'{"congvu":"receipt/1"}', "not_receipt"),
        (b" " * (64 * 1024 + 1), "too_large"),
        (b" " * (1024 * 1024 + 1), "too_large"),
    ],
)
def test_what_is_no_receipt_is_unreadable(data, reason):
    assert reasons(data) == (reason,)
    assert not congvu_verify.verify(data).readable


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"congvu": "receipt/2"}, "not_receipt"),
        ({"entry": None}, "not_receipt"),
        ({"disclosures": {}}, "not_receipt"),
        ({"disclosures": [1]}, "not_receipt"),
        ({"key": ["k"]}, "not_receipt"),
        ({"extra": ""}, "not_receipt"),
        ({"key": ""}, "key"),
        ({"key": VKEY.replace("+", " ", 1)}, "key"),
        ({"key": VKEY[:-1] + "*"}, "key"),
        ({"key": VKEY.upper()}, "key"),
        ({"entry": "é"}, "entry"),
        ({"entry": "e30"}, "entry"),
        ({"entry": "e30="}, "entry"),
        ({"entry": "bnVsbA=="}, "entry"),
        ({"entry": "bnVsbB=="}, "entry"),
        ({"disclosures": ["W10"]}, "disclosure"),
        ({"disclosures": ["W10="]}, "disclosure"),
        ({"disclosures": ["+/+/"]}, "disclosure"),
        ({"disclosures": ["ạ"]}, "disclosure"),
        ({"proof": ""}, "proof"),
        ({"proof": "c2sp.org/tlog-proof@v1\nindex 0\n\n"}, "proof"),
    ],
)
def test_a_malformed_part_is_named(changes, reason):
    assert reasons(altered(**changes)) == (reason,)


@pytest.mark.parametrize(
    "changes",
    [
        {"at": "2026-03-04T01:02:03Z"},
        {"at": "2026-02-30T01:02:03.000004Z"},
        {"at": 1},
        {"version": True},
        {"version": "1"},
        {"kind": "Acknowledged"},
        {"kind": None},
        {"agency": ""},
        {"id": "a b"},
        {"attributes": []},
        {"attributes": {"By": "press"}},
        {"attributes": {"by": None}},
        {"attributes": {"by": {"deep": 1}}},
        {"digests": ["short"]},
        {"digests": sorted((item.digest for item in SHOWN), reverse=True)},
        {"digests": [SHOWN[0].digest, SHOWN[0].digest]},
        {"digests": None},
        {"more": 1},
    ],
)
def test_a_signed_entry_of_another_form_is_refused(changes):
    assert reasons(receipt(entry=leaf(**changes), shown=[])) == ("entry",)


@pytest.mark.parametrize(
    "entry",
    [
        leaf().replace(b",", b", "),
        leaf().replace(b'"by"', b'"\\u0062y"'),
        leaf() + b"\n",
        leaf()[:-1],
        b"\xff",
    ],
)
def test_a_signed_entry_in_another_spelling_is_refused(entry):
    assert reasons(receipt(entry=entry, shown=[])) == ("entry",)


@pytest.mark.parametrize(
    "text", ['["c2FsdA","actor","An"]', '["%s","actor"]', '["%s","actor",1]', '["%s","",""]']
)
def test_a_disclosure_that_discloses_nothing_is_refused(text):
    salt = disclosures.base64url(bytes(16))
    found = disclosures.base64url((text % salt if "%" in text else text).encode())
    item = disclosures.Disclosure(found, disclosures.digest(found))
    assert reasons(receipt(entry=leaf(digests=[item.digest]), shown=[item])) == ("disclosure",)


def test_a_disclosure_with_half_a_letter_is_refused():
    found = disclosures.base64url(f'["{disclosures.base64url(bytes(16))}","actor","\\ud800"]'.encode())
    item = disclosures.Disclosure(found, disclosures.digest(found))
    assert reasons(receipt(entry=leaf(digests=[item.digest]), shown=[item])) == ("disclosure",)


def test_the_same_bundle_in_another_spelling_is_refused():
    said = json.loads(receipt())
    assert reasons(json.dumps(said).encode() + b"\n") == ("not_canonical",)
    assert reasons(receipt()[:-1]) == ("not_canonical",)
    assert reasons(receipt().replace(b"\n", b"\r\n")) == ("not_canonical",)


def test_a_repeated_disclosure_is_refused():
    first = SHOWN[0].text
    assert reasons(altered(disclosures=[first, first])) == ("disclosure_order",)


def test_a_disclosure_of_another_entry_is_refused():
    stranger = disclosures.make("actor", "chichichichichichichichi22")
    assert reasons(receipt(shown=[stranger])) == ("foreign_disclosure",)


def test_two_disclosures_of_one_name_are_refused():
    pair = [disclosures.make("actor", "an"), disclosures.make("actor", "binh")]
    entry = leaf(digests=sorted(item.digest for item in pair))
    assert reasons(receipt(entry=entry, shown=pair)) == ("ambiguous_disclosure",)


def test_a_receipt_with_another_key_than_the_published_one_is_refused():
    forger = notes.generate(ORIGIN)
    forged = receipt(signer=forger, key=forger.verifier.text)
    assert congvu_verify.verify(forged).facts.trust == "receipt"
    assert reasons(forged, key=VKEY) == ("other_key",)


def test_a_checkpoint_signed_by_a_stranger_is_refused():
    assert reasons(receipt(signer=notes.generate(ORIGIN))) == ("other_signer",)


def test_a_checkpoint_of_another_log_is_refused():
    other = notes.SignerKey(name="mail.example.vn/log/so-khac/2026", seed=SEED)
    assert reasons(receipt(origin=other.name, signer=other)) == ("other_log", "other_signer")
    assert reasons(receipt(origin=other.name)) == ("other_log",)


def test_a_signature_over_another_checkpoint_is_refused():
    text, signature = receipt(), checkpoints.sign(checkpoints.Checkpoint(ORIGIN, 1, bytes(32)), SIGNER)
    genuine = json.loads(text)["proof"].split("\n\n")[1]
    swapped = f"{genuine}\n\n{signature.split(chr(10) * 2)[1]}"
    assert reasons(receipt(checkpoint=swapped)) == ("signature",)


def test_a_second_signature_an_extension_and_extra_data_are_refused():
    genuine = json.loads(receipt())["proof"].split("\n\n", 1)[1]
    line = genuine.split("\n\n")[1]
    head = checkpoints.parse(genuine.split("\n\n")[0] + "\n")
    extended = checkpoints.sign(dataclasses.replace(head, extensions=("more",)), SIGNER)
    assert reasons(receipt(checkpoint=genuine + line)) == ("proof",)
    assert reasons(receipt(checkpoint=extended)) == ("proof",)
    assert reasons(receipt(extra=b"context")) == ("proof",)


def test_an_entry_beyond_the_log_is_refused():
    assert reasons(receipt(index=SIZE)) == ("beyond_the_log",)
    assert reasons(receipt(index=2**53)) == ("proof",)


def test_an_entry_at_another_number_is_refused():
    for index in set(range(SIZE)) - {INDEX}:
        assert reasons(receipt(index=index)) == ("not_in_the_log",)


def test_a_path_of_the_wrong_length_is_refused():
    path = proofs.parse(json.loads(receipt())["proof"]).path
    assert reasons(receipt(path=path[:-1])) == ("not_in_the_log",)
    assert reasons(receipt(path=(*path, bytes(32)))) == ("not_in_the_log",)
    assert reasons(receipt(path=())) == ("not_in_the_log",)


def test_a_malformed_key_for_comparison_is_named():
    assert reasons(receipt(), key="fingerprint") == ("given_key",)


def test_without_the_signature_library_the_answer_says_what_to_install(monkeypatch):
    monkeypatch.setattr(congvu_verify, "Ed25519PublicKey", None)
    assert reasons(receipt()) == ("no_cryptography",)


# ---- the answer in words


def every_sentence(verdict, language):
    return [sentence for _, sentences in congvu_verify.explain(verdict, language) for sentence in sentences]


@pytest.mark.parametrize(
    ("language", "act", "limit"),
    [
        ("vi", "Người nhận đã báo đã nhận thư.", "Khóa thuộc về ai"),
        ("kk", "Алушы хатты алғанын растады.", "Кілттің кімге тиесілі екені"),
        ("ru", "Получатель подтвердил получение письма.", "Кому принадлежит ключ"),
        ("en", "The recipient acknowledged the message.", "Who owns the key"),
    ],
)
def test_the_answer_says_what_is_proven_and_what_is_not(language, act, limit):
    sentences = every_sentence(congvu_verify.verify(receipt()), language)
    assert act in sentences
    assert [sentence for sentence in sentences if sentence.startswith(limit)] != []
    assert [sentence for sentence in sentences if SIGNER.verifier.fingerprint in sentence] != []
    compared = every_sentence(congvu_verify.verify(receipt(), key=VKEY), language)
    assert [sentence for sentence in compared if sentence.startswith(limit)] == []


def test_an_unknown_kind_and_language_are_still_answered():
    verdict = congvu_verify.verify(
        receipt(entry=leaf(kind="rules.clock.ticked", attributes={"odd": "a=b", "n": 7}))
    )
    sentences = every_sentence(verdict, "fr")
    assert "An act of the kind “rules.clock.ticked” was recorded." in sentences
    assert ["odd: a=b" in sentences, "n: 7" in sentences] == [True, True]


def test_a_demonstration_is_said_to_have_no_legal_value():
    signer = notes.SignerKey(name=f"demonstration.{ORIGIN}", seed=SEED)
    verdict = congvu_verify.verify(receipt(signer=signer, key=signer.verifier.text, origin=signer.name))
    assert verdict.facts.demonstration
    said = [congvu_verify.explain(verdict, language)[0][1][-1] for language in congvu_verify.LANGUAGES]
    assert said == list(congvu_verify.SENTENCES["demonstration"])


def test_a_disclosed_value_cannot_steer_the_terminal():
    item = disclosures.make("actor", "\x1b[2J\u202eAn")
    verdict = congvu_verify.verify(receipt(entry=leaf(digests=[item.digest]), shown=[item]))
    assert "Code of who acted: <U+001B>[2J<U+202E>An" in every_sentence(verdict, "en")


def test_every_sentence_is_written_in_four_languages():
    assert {code: len(row) for code, row in congvu_verify.SENTENCES.items() if len(row) != 4} == {}
    placeholders = {
        code: {frozenset(part.split("}")[0] for part in text.split("{")[1:]) for text in row}
        for code, row in congvu_verify.SENTENCES.items()
    }
    assert {code: found for code, found in placeholders.items() if len(found) != 1} == {}


def test_no_sentence_stands_twice():
    codes = re.findall(r"(?m)^([a-z_.]*=?[a-z_.]+) \| ", congvu_verify.TABLE)
    assert sorted(codes) == sorted(congvu_verify.SENTENCES)


def test_every_step_of_a_disposal_is_said_in_words():
    steps = {one for one in vars(events).values() if isinstance(one, type) and hasattr(one, "kind")}
    kinds = {one.kind for one in steps if one is not events.Event}
    assert {kind for kind in kinds if f"act.{kind}" not in congvu_verify.SENTENCES} == set()


def test_what_was_given_for_comparison_is_not_held_against_the_receipt():
    answer = congvu_verify.explain(congvu_verify.verify(receipt(), key="fingerprint"), "en")
    assert answer[-1][1] == ["Look at the file or key that was named; the receipt itself was not judged."]


def test_a_key_that_was_compared_is_not_asked_for_again():
    compared = dict(congvu_verify.explain(congvu_verify.verify(receipt(), key=VKEY), "en"))[
        "How to check the key"
    ]
    assert [line.split(":")[0] for line in compared] == ["Fingerprint of the key (SHA-256)"]


def test_every_reason_has_a_sentence():
    tree = ast.parse(Path(congvu_verify.__file__).read_text())
    codes = {
        node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Constant)
    }
    codes |= {
        node.exc.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and isinstance(node.exc.args[0], ast.Constant)
    }
    parts = {"key", "given_key", "entry", "disclosure", "proof", "policy", "given_policy", "no_file"}
    because = {
        code.removeprefix("because.") for code in congvu_verify.SENTENCES if code.startswith("because.")
    }
    assert codes | parts == because


def test_the_verifier_imports_nothing_of_congvu():
    tree = ast.parse(Path(congvu_verify.__file__).read_text())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    foreign = {name.split(".")[0] for name in names} - set(sys.stdlib_module_names)
    assert foreign == {"cryptography"}


# ---- the command


def command(*arguments, language="C.UTF-8"):
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": language}
    arguments = [sys.executable, congvu_verify.__file__, *map(str, arguments)]
    return subprocess.run(arguments, capture_output=True, text=True, env=environment, check=False)


def test_the_command_proves_a_file_alone_on_a_strange_machine(tmp_path):
    file, key = tmp_path / "receipt.congvu.json", tmp_path / "key.txt"
    file.write_bytes(receipt())
    key.write_text(f"{VKEY}\n")
    proven = command(file, "--key", key)
    assert (proven.returncode, proven.stderr) == (0, "")
    assert "The recipient acknowledged the message." in proven.stdout
    assert command(file, "--key", VKEY, "--lang", "vi").stdout.split("\n")[1] == "Kết quả"
    assert command(file, language="kk_KZ.UTF-8").stdout.split("\n")[1] == "Нәтиже"
    assert command(file, language="ru_RU").stdout.split("\n")[1] == "Результат"


def test_the_command_answers_by_its_exit_status(tmp_path):
    file = tmp_path / "receipt.congvu.json"
    file.write_bytes(receipt())
    assert command(file, "--key", notes.generate(ORIGIN).verifier.text).returncode == 1
    assert command(file, "--key", tmp_path / "absent").returncode == 2
    assert command(tmp_path / "absent").returncode == 2
    assert command(tmp_path).returncode == 2
    file.write_bytes(receipt()[:-9])
    answer = command(file)
    assert (answer.returncode, answer.stderr) == (2, "")
    assert "The file is cut off, damaged or of another kind." in answer.stdout


def test_a_reader_that_stops_early_sees_no_traceback(tmp_path):
    file = tmp_path / "receipt.congvu.json"
    file.write_bytes(receipt())
    line = f"{sys.executable} {congvu_verify.__file__} {file} | true; echo ${{PIPESTATUS[0]}}"
    answer = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
    assert (answer.stdout, answer.stderr) == ("0\n", "")
