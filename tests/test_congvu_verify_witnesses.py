"""A stranger sees by whom a receipt's checkpoint was witnessed, when, and by whose policy that is enough."""

import json
from itertools import islice

import pytest

import congvu_verify
from congvu.standards import jcs, notes, quorums
from congvu.standards.cosignatures import ML_DSA_44, CosignerSecret
from tests import witnessed
from tests.witnessed import HOSTS, LATTICE, NAMES, SECRETS, SIGNER, TWO_OF_THREE, lines_of, policy_of, receipt

KEY = SIGNER.verifier.text
AT = "2026-03-04T01:02:03Z"
BY_ALL = "The log was witnessed under the policy that the agency names in the receipt (3 of 3): inspectorate, lưu-trữ, press."
ALONE = "Only the agency's key stands for this state of the log; it is not yet witnessed."


def told(data: bytes, **options) -> congvu_verify.Witnessing:
    verdict = congvu_verify.verify(data, **options)
    assert verdict.reasons == ()
    assert verdict.facts is not None
    return verdict.facts.witnessing


def reasons(data: bytes, **options) -> tuple[str, ...]:
    return congvu_verify.verify(data, **options).reasons


def sentences(data: bytes, heading: str, language: str = "en", **options) -> list[str]:
    said = dict(congvu_verify.explain(congvu_verify.verify(data, **options), language))
    return said[congvu_verify.SENTENCES[heading][congvu_verify.LANGUAGES.index(language)]]


def rewritten(data: bytes, **changes) -> bytes:
    return jcs.encode(json.loads(data) | changes) + b"\n"


def test_a_witnessed_receipt_names_its_witnesses_and_when_they_signed() -> None:
    assert told(receipt()) == congvu_verify.Witnessing(
        policy="receipt",
        met=True,
        count=3,
        of=3,
        by=tuple(
            congvu_verify.Witness(
                name=name,
                key=f"{secret.name}+{secret.key.id.hex()}",
                algorithm="Ed25519",
                at=AT,
                standing="counted",
            )
            for name, secret in zip(NAMES, SECRETS, strict=True)
        ),
    )
    assert sentences(receipt(), "heading.result")[1] == BY_ALL
    mark = f"{HOSTS[2]}+{SECRETS[2].key.id.hex()}"
    assert sentences(receipt(), "heading.witnesses") == [
        "Witnesses that signed: 3 of 3; by the policy that is enough.",
        f"inspectorate: signed at 2026-03-04 01:02:03 UTC, by its own clock (Ed25519; key {HOSTS[0]}+{SECRETS[0].key.id.hex()}).",
        f"lưu-trữ: signed at 2026-03-04 01:02:03 UTC, by its own clock (Ed25519; key {HOSTS[1]}+{SECRETS[1].key.id.hex()}).",
        f"press: signed at 2026-03-04 01:02:03 UTC, by its own clock (Ed25519; key {mark}).",
    ]


def test_a_receipt_with_too_few_witnesses_says_that_the_agencys_key_stands_alone() -> None:
    data = receipt(by=SECRETS[1:2])
    assert (told(data).met, told(data).count, told(data).of) == (False, 1, 3)
    assert sentences(data, "heading.result")[1] == ALONE
    assert sentences(data, "heading.witnesses")[0] == (
        "Witnesses that signed: 1 of 3; by the policy that is not yet enough."
    )
    assert [one for one in sentences(data, "heading.limits") if one.startswith("One log for all")] != []


def test_a_receipt_without_a_policy_is_proven_by_the_agencys_key_alone() -> None:
    data = receipt(by=(), policy="")
    assert "policy" not in json.loads(data)
    assert told(data) == congvu_verify.Witnessing(policy="", met=True, count=0, of=0, by=())
    assert sentences(data, "heading.result")[1] == ALONE


def test_the_policy_in_a_receipt_is_said_to_be_the_agencys_word() -> None:
    for language in congvu_verify.LANGUAGES:
        limit = congvu_verify.SENTENCES["limit.policy"][congvu_verify.LANGUAGES.index(language)]
        assert limit in sentences(receipt(), "heading.limits", language)
        assert limit not in sentences(receipt(), "heading.limits", language, policy=TWO_OF_THREE.format())
        assert "--policy" in limit


def test_a_policy_of_ones_own_decides_whom_to_count() -> None:
    own = policy_of(*SECRETS[:2], threshold=2, names=("thanh-tra", "kho")).format()
    told_by_own = told(receipt(), policy=f"# mine\n\n  {own}")
    assert (told_by_own.policy, told_by_own.met, told_by_own.count, told_by_own.of) == ("given", True, 2, 2)
    assert [(one.name, one.standing) for one in told_by_own.by] == [
        ("thanh-tra", "counted"),
        ("kho", "counted"),
        ("press", "unnamed"),
    ]
    assert sentences(receipt(), "heading.result", policy=own)[1] == (
        "The log was witnessed under your policy (2 of 2): thanh-tra, kho."
    )


def test_a_policy_of_ones_own_that_is_not_met_refuses_the_receipt() -> None:
    stranger = CosignerSecret("stranger.example", 4, bytes([7]) * 32)
    assert reasons(receipt(), policy=policy_of(SECRETS[0], stranger, threshold=2).format()) == ("quorum",)
    assert reasons(receipt(by=()), policy=TWO_OF_THREE.format()) == ("quorum",)
    assert reasons(receipt(by=(), policy=""), policy=TWO_OF_THREE.format()) == ("quorum",)


def test_a_policy_of_ones_own_that_asks_for_nobody_is_met_and_witnesses_nothing() -> None:
    assert told(receipt(by=(), policy=""), policy="quorum none\n").met
    assert sentences(receipt(), "heading.result", policy="quorum none")[1] == ALONE


def test_the_logs_of_a_policy_are_keys_to_compare_with() -> None:
    other = notes.generate(SIGNER.name).verifier.text
    policy = TWO_OF_THREE.format()
    assert congvu_verify.verify(receipt(), policy=f"log {KEY}\n{policy}").facts.trust == "compared"
    assert congvu_verify.verify(receipt(), policy=policy).facts.trust == "receipt"
    assert congvu_verify.verify(receipt(), policy=f"log {other}\nlog {KEY} https://x.example/\n{policy}").ok
    assert reasons(receipt(), policy=f"log {other}\n{policy}") == ("other_key",)


@pytest.mark.parametrize(
    ("policy", "by", "met"),
    [
        ("quorum inspectorate\n", SECRETS[:1], True),
        ("quorum inspectorate\n", SECRETS[1:], False),
        ("group g any inspectorate lưu-trữ\nquorum g\n", SECRETS[1:2], True),
        ("group g all inspectorate lưu-trữ\nquorum g\n", SECRETS[1:2], False),
        ("group a any inspectorate lưu-trữ\ngroup b all a press\nquorum b\n", SECRETS[1:], True),
        ("group a any inspectorate lưu-trữ\ngroup b all a press\nquorum b\n", SECRETS[:2], False),
        ("group a any inspectorate lưu-trữ\ngroup b all a press\nquorum a\n", SECRETS[:1], True),
    ],
)
def test_groups_count_as_the_format_says(policy, by, met) -> None:
    """The agency's own reading of policies must agree."""
    witnesses = "".join(f"witness {name} {one.key.text}\n" for name, one in zip(NAMES, SECRETS, strict=True))
    assert quorums.parse(witnesses + policy).is_met([one.key for one in by]) is met
    assert told(receipt(by=by, policy=witnesses + policy)).met is met


def test_cosignatures_by_ml_dsa_count_where_the_library_knows_it(monkeypatch) -> None:
    policy = policy_of(LATTICE, SECRETS[1], threshold=2)
    data = receipt(by=(LATTICE, SECRETS[1]), policy=policy.format())
    assert [(one.algorithm, one.standing) for one in told(data).by] == [
        ("ML-DSA-44", "counted"),
        ("Ed25519", "counted"),
    ]
    assert told(data).met
    monkeypatch.setattr(congvu_verify, "MLDSA44PublicKey", None)
    assert [one.standing for one in told(data).by] == ["unchecked", "counted"]
    assert (told(data).met, told(data).count) == (False, 1)
    assert "it could not be checked here and does not count" in sentences(data, "heading.witnesses")[1]


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[1] + lines[0],
        lambda lines: lines[0] + lines[0],
        lambda lines: lines[0].replace(HOSTS[0], HOSTS[1]),
        lambda lines: lines[0] + lines_of(CosignerSecret("stranger.example", 4, bytes(32))),
        lambda lines: lines_of(CosignerSecret(HOSTS[0], 4, bytes([77]) * 32)) + "".join(lines[1:]),
    ],
)
def test_a_cosignature_of_nobody_in_the_policy_or_out_of_order_is_refused(change) -> None:
    lines = lines_of(*SECRETS).splitlines(keepends=True)
    assert reasons(receipt(lines=change(lines))) == ("cosigner",)


def test_cosignatures_without_a_policy_are_refused() -> None:
    assert reasons(receipt(policy="")) == ("cosigner",)


def test_a_cosignature_of_another_checkpoint_time_or_form_is_refused() -> None:
    other = lines_of(SECRETS[0], size=101)
    assert reasons(receipt(lines=other)) == ("cosignature",)
    assert reasons(
        receipt(lines=lines_of(LATTICE, size=101), policy=policy_of(LATTICE, threshold=1).format())
    ) == ("cosignature",)
    genuine = notes.decode_base64(lines_of(SECRETS[0]).split(" ")[2][:-1])
    for wrong in (
        genuine[:11] + bytes([genuine[11] ^ 1]) + genuine[12:],
        genuine[:-1] + bytes([genuine[-1] ^ 1]),
        genuine + b"\0",
        genuine[:-1],
    ):
        line = f"{notes.DASH}{HOSTS[0]} {notes.encode_base64(wrong)}\n"
        assert reasons(receipt(lines=line)) == ("cosignature",)


@pytest.mark.parametrize("at", [0, 253_402_300_800, 2**63])
def test_a_cosignature_of_no_time_is_malformed(at) -> None:
    wrong = SECRETS[0].key.id + at.to_bytes(8, "big") + bytes(64)
    line = f"{notes.DASH}{HOSTS[0]} {notes.encode_base64(wrong)}\n"
    assert reasons(receipt(lines=line)) == ("proof",)


def test_a_policy_that_the_log_did_not_sign_is_refused() -> None:
    stranger = notes.SignerKey(name=SIGNER.name, seed=bytes([5]) * 32)
    assert reasons(receipt(policy_signer=stranger)) == ("policy_signature",)
    genuine = json.loads(receipt())["policy"]
    weaker = genuine.replace("group quorum 2 ", "group quorum 1 ")
    assert reasons(rewritten(receipt(), policy=weaker)) == ("policy_signature",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum x\n",
        "quorum none\nquorum none\n",
        "witness none {0}\nquorum none\n",
        "witness a {0}\nwitness a {1}\nquorum a\n",
        "witness a {0}\nwitness b {0}\nquorum a\n",
        "witness a {0}\ngroup g 0 a\nquorum g\n",
        "witness a {0}\ngroup g 2 a\nquorum g\n",
        "witness a {0}\ngroup g 1 a a\nquorum g\n",
        "witness a {0}\ngroup g some a\nquorum g\n",
        "witness a {0}\ngroup g any\nquorum g\n",
        "witness a {0}\ngroup g any b\nquorum g\n",
        "witness a {0}\ngroup g any a\ngroup h any a\nquorum g\n",
        "group g any g\nquorum g\n",
        "witness a {0} https://a.example/ more\nquorum a\n",
        "witness a nobody\nquorum a\n",
        "witness a {2}\nquorum a\n",
        "witness a {0}\nquorum a\nmore\n",
        "witness a {0}\rquorum a\n",
        "quorum\u00a0none\n",
    ],
)
def test_a_malformed_policy_is_refused_wherever_it_stands(text) -> None:
    """The agency's own reading of policies must agree."""
    text = text.format(SECRETS[0].key.text, SECRETS[1].key.text, KEY)
    with pytest.raises(quorums.MalformedPolicyError):
        quorums.parse(text)
    assert reasons(receipt(), policy=text) == ("given_policy",)
    signed = notes.sign(text, SIGNER) if text and "\r" not in text else f"{text}\n"
    assert reasons(rewritten(receipt(), policy=signed)) == ("policy",)


@pytest.mark.parametrize("policy", [None, 1, [], {}])
def test_a_policy_that_is_no_text_is_no_receipt(policy) -> None:
    assert reasons(rewritten(receipt(), policy=policy)) == ("not_receipt",)


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.torture)])
def test_no_witnessed_receipt_with_a_changed_byte_is_accepted(step) -> None:
    """Of so many places one is tried; any change of any place is among the tortures of receipts, too."""
    data = receipt()
    accepted = [
        (at, other)
        for at, byte in islice(enumerate(data), 0, None, step)
        for other in ({byte ^ 1, byte ^ 2, byte ^ 4, byte ^ 0x20} | set(b' \n"\\=+')) - {byte}
        if congvu_verify.verify(data[:at] + bytes([other]) + data[at + 1 :]).ok
    ]
    assert accepted == []


def test_a_receipt_of_a_thousand_million_entries_has_at_most_4_kilobytes() -> None:
    """The step "acknowledged" with all its five facts, three witnesses, and the policy that names them."""
    names = ("actor", "address", "digest", "mailbox", "message")
    values = ("b" * 26, "binh.nguyen.van@binhduong.gov.vn", "5" * 64, "h" * 26, "t" * 26)
    shown = [witnessed.disclosures.make(name, value) for name, value in zip(names, values, strict=True)]
    leaf = json.loads(witnessed.LEAF) | {"digests": sorted(item.digest for item in shown)}
    data = receipt(index=733_001_234, size=1_000_000_000, leaf=jcs.encode(leaf), shown=shown)
    bundle = json.loads(data)
    assert bundle["proof"].count("\n") == 2 + 30 + 1 + 3 + 1 + 4
    assert told(data).met
    sizes = {name: len(value) for name, value in bundle.items() if isinstance(value, str)}
    assert (len(data) <= 4096, sizes) == (True, sizes)


def test_the_command_takes_a_policy(tmp_path, capsys) -> None:
    file, policy = tmp_path / "receipt.congvu.json", tmp_path / "witnesses.policy"
    file.write_bytes(receipt())
    policy.write_text(TWO_OF_THREE.format())
    assert congvu_verify.main([str(file), "--policy", str(policy), "--lang", "vi"]) == 0
    assert "theo chính sách của quý vị (3 trên 3)" in " ".join(capsys.readouterr().out.split())
    file.write_bytes(receipt(by=()))
    assert congvu_verify.main([str(file), "--policy", str(policy)]) == 1
    assert congvu_verify.main([str(file), "--policy", str(tmp_path / "absent")]) == 2
    policy.write_bytes(b"\xff" * 300_000)
    assert congvu_verify.main([str(file), "--policy", str(policy)]) == 2


def test_the_sizes_of_ml_dsa_are_those_of_the_agencys_code() -> None:
    assert congvu_verify.COSIGNING[ML_DSA_44][1] == len(LATTICE.key.public)
