"""The page "Check a receipt" explains a proof that a log misbehaved as congvu-verify does, without network."""

import json

import pytest
from django.urls import reverse

import congvu_verify
from congvu.portal.web.verify import check
from congvu.standards import checkpoints, conflicts, cosignatures, merkle, notes
from congvu.standards.checkpoints import Checkpoint
from tests.portal.checking import Asked, by_python, differences
from tests.portal.test_check_in_browser import choose, mutated, press, spelled
from tests.standards.test_conflicts import LOG, ONE, TWO, WITNESSES, Tree, proof
from tests.ui.test_gallery import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LANGUAGES = congvu_verify.LANGUAGES
KEY = LOG.verifier.text
LATTICE = cosignatures.CosignerSecret("lattice\u202e.example", cosignatures.ML_DSA_44, bytes(32))
LARGEST = 10**16 - 1  # of a head's size


def genuine() -> list[bytes]:
    """Proofs of both sorts, of many shapes of trees, with no witness, some, and both algorithms."""
    sizes = [(50, 50), (50, 90), (90, 50), (18, 300), (64, 128), (128, 256), (255, 256), (299, 300)]
    return [
        *(proof(ONE.head(one), TWO.head(other), TWO if other >= one else ONE) for one, other in sizes),
        proof(ONE.head(50), TWO.head(90), TWO, by=(WITNESSES[:1], WITNESSES[:2])),
        proof(ONE.head(50), TWO.head(50), TWO, by=(WITNESSES, WITNESSES)),
        built(ONE.head(50), TWO.head(50), by=[WITNESSES[0], LATTICE]),
        built(
            Checkpoint(LOG.name, LARGEST, bytes(32)),
            Checkpoint(LOG.name, LARGEST, bytes([1]) * 32),
            by=[LATTICE],
        ),
    ]


def built(
    one: Checkpoint,
    other: Checkpoint,
    *,
    prefix: bytes = b"",
    path: tuple[bytes, ...] = (),
    by: list[cosignatures.CosignerSecret] | None = None,
) -> bytes:
    """Write down whatever somebody says to be a proof."""
    told = [
        checkpoints.sign(head, LOG) + "".join(one.cosign(head.format(), at=9) for one in by or [])
        for head in (one, other)
    ]
    return conflicts.build(
        conflicts.Evidence(prefix, path),
        key=LOG.verifier,
        one=told[0],
        other=told[1],
        witnesses=[one.key for one in by or []],
    )


def made_up() -> list[bytes]:
    """Prefixes and paths that a forger chooses for genuine heads, of one history or of two."""
    found = []
    for first, second in ((0, 50), (1, 2), (16, 40), (17, 41), (50, 90), (64, 128), (90, 90)):
        for one, other in ((ONE, ONE), (ONE, TWO), (TWO, ONE)):
            found += [
                built(one.head(first), other.head(second), prefix=prefix, path=path)
                for prefix in (b"", root(other, first), root(one, first), bytes(32), b"\0")
                for path in (consistency(other, first, second), consistency(one, first, second), (), (b"x",))
            ]
    return found


def root(tree: Tree, size: int) -> bytes:
    return merkle.root(tree.hashes[:size])


def consistency(tree: Tree, old: int, new: int) -> tuple[bytes, ...]:
    return tuple(merkle.consistency_proof(old, new, merkle.in_memory(tree.hashes[:new])))


def wrong() -> list[bytes]:
    """Files that hold, each, one thing wrong that a forger may choose."""
    bundle = json.loads(proof(ONE.head(50), TWO.head(90), TWO, by=(WITNESSES[:2], WITNESSES[:2])))
    witnesses, (start, *lines) = bundle["witnesses"], bundle["first"].rsplit(notes.DASH, 2)
    cosigned = [f"{notes.DASH}{line}" for line in lines]
    fields = [
        {"path": 7},
        {"path": [1]},
        {"path": ["x"]},
        {"prefix": None},
        {"prefix": "AAA"},
        {"first": bundle["second"], "second": bundle["first"]},
        {"first": ""},
        {"first": start + cosigned[1] + cosigned[0]},
        {"first": start + cosigned[0] * 2},
        {"first": start + cosigned[0], "second": bundle["first"]},
        {"first": bundle["first"].replace("\n50\n", "\n51\n")},
        {"first": bundle["first"].replace("\n50\n", "\n050\n")},
        {"witnesses": ["x"]},
        {"witnesses": witnesses[::-1]},
        {"witnesses": witnesses[:1]},
        {"witnesses": [*witnesses, witnesses[-1]]},
        {"witnesses": sorted([*witnesses, WITNESSES[2].key.text])},
        {"key": "x"},
        {"key": notes.generate(LOG.name).verifier.text},
        {"key": notes.SignerKey(name="other.example/log", seed=bytes(32)).verifier.text},
        {"key": "\ud800"},
        {"more": 1},
    ]
    return [
        *(spelled(bundle | one, ascii_only=ascii_only) for one in fields for ascii_only in (True, False)),
        json.dumps(bundle).encode(),
        json.dumps(bundle | {"path": [" " * 70_000]}, sort_keys=True, separators=(",", ":")).encode(),
        b'{"congvu":"conflict/1","congvu":"conflict/1"}',
    ]


def test_the_script_says_of_every_proof_what_the_program_says(data_folder, opened) -> None:
    page = opened(reverse("portal:verify"))
    asked = [Asked(data, spoken=LANGUAGES) for data in [*genuine(), *wrong()]]
    asked += [Asked(data, key=KEY, spoken=LANGUAGES[:1]) for data in [*genuine(), *made_up()]]
    asked += [Asked(genuine()[0], key="x"), Asked(genuine()[0], key=notes.generate(LOG.name).verifier.text)]
    assert differences(page, asked) == []
    told = [by_python(one) for one in asked]
    spelling = {"too_large", "not_conflict", "not_canonical", "key", "proof", "policy", "given_key"}
    failing = {
        "other_key",
        "other_log",
        "other_signer",
        "signature",
        "no_conflict",
        "cosigner",
        "cosignature",
    }
    assert {*spelling, *failing} <= {code for one in told for code in one["reasons"]}
    assert sum(one["ok"] for one in told) > 2 * len(genuine())


def test_the_script_says_of_changed_proofs_what_the_program_says(data_folder, opened) -> None:
    page = opened(reverse("portal:verify"))
    asked = [Asked(data, key=KEY if at % 2 else None) for at, data in enumerate(mutated(400, 9, genuine()))]
    assert differences(page, asked) == []


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_proof_is_explained_when_the_network_is_cut(data_folder, opened, language, width) -> None:
    page = opened(reverse("portal:verify"), language=language, width=width)
    page.context.set_offline(True)
    data = genuine()[8]
    choose(page, "x.congvu-conflict.json", data)
    press(page)
    page.locator("#answer-title").wait_for()
    titles = {"vi": "Đã chứng minh nhật ký có hai lịch sử", "en": "Two histories of the log are proven"}
    assert page.locator("#answer-title").inner_text() == titles[language]
    said = congvu_verify.explain_conflict(congvu_verify.convict(data), language)
    assert page.locator("#check-answer h3").all_inner_texts()[: len(said)] == [one for one, _ in said]
    shown = page.locator("#check-answer").inner_text()
    assert all(" ".join(one.split()) in " ".join(shown.split()) for _, sentences in said for one in sentences)
    assert page.trouble == []
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_server_explains_it_where_the_browser_cannot(data_folder, db) -> None:
    convicted, acquitted = check(genuine()[0], "en"), check(made_up()[0], "en")
    assert [(one.ok, str(one.title), one.tone) for one in (convicted, acquitted)] == [
        (True, "Two histories of the log are proven", "warning"),
        (False, "The file proves nothing against the log", "bad"),
    ]
