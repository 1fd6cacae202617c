"""The page "Check a receipt" checks in the browser, without network, and says what congvu-verify says."""

import json
from random import Random

import pytest
from django.urls import reverse

import congvu_verify
from congvu.standards import closings, cosignatures, jcs, notes
from congvu.standards.cosignatures import CosignerSecret
from tests import witnessed
from tests.portal.checking import Asked, by_python, differences
from tests.torture.mutations import CHANGES
from tests.ui.test_gallery import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LANGUAGES = congvu_verify.LANGUAGES
SECRETS, LATTICE = witnessed.SECRETS, witnessed.LATTICE
KEY = witnessed.SIGNER.verifier.text
STRANGER = CosignerSecret("stranger.example", cosignatures.ED25519, bytes([7]) * 32)
FOLLOWING = notes.SignerKey(name=f"{witnessed.ORIGIN}-2", seed=bytes([8]) * 32)
BOTH = witnessed.policy_of(LATTICE, *SECRETS[1:], threshold=2)
POLICIES = [
    None,
    witnessed.TWO_OF_THREE.format(),
    f"log {KEY}\n\n# mine\n{witnessed.TWO_OF_THREE.format()}",
    f"log {notes.generate(witnessed.ORIGIN).verifier.text}\n{witnessed.TWO_OF_THREE.format()}",
    witnessed.policy_of(SECRETS[0], STRANGER, threshold=1, names=("kho", "x")).format(),
    witnessed.policy_of(SECRETS[0], STRANGER, threshold=2).format(),
    BOTH.format(),
    "quorum none\n",
    "quorum none",
    "",
    "quorum x\n",
    "witness none x\nquorum none\n",
    f"witness a {SECRETS[0].key.text}\ngroup g constructor a\nquorum g\n",
    f"witness a {SECRETS[0].key.text}\ngroup g 2 a\nquorum g\n",
    f"witness a {KEY}\nquorum a\n",
]


def genuine() -> list[bytes]:
    """Receipts of every sort: none, some and all witnesses, both algorithms, large trees, odd letters."""
    odd = [witnessed.disclosures.make("actor", "\x1b[2J\u202eAn \U0001f58b\u00a0"), *witnessed.SHOWN[1:]]
    said = json.loads(witnessed.LEAF) | {
        "attributes": {"by": "press", "automatic": True, "n": -7, "odd": "a=b{x}"}
    }
    leaf = jcs.encode(said | {"digests": sorted(one.digest for one in odd), "kind": "rules.clock.ticked"})
    demonstration = notes.SignerKey(name=f"demonstration.{witnessed.ORIGIN}", seed=bytes(32))
    return [
        witnessed.receipt(),
        witnessed.receipt(by=SECRETS[:1]),
        witnessed.receipt(by=()),
        witnessed.receipt(by=(), policy=""),
        witnessed.receipt(by=(LATTICE, SECRETS[1]), policy=BOTH.format()),
        witnessed.receipt(index=733_001_234, size=1_000_000_000, shown=witnessed.SHOWN[:1]),
        witnessed.receipt(leaf=leaf, shown=odd, signer=demonstration, policy_signer=demonstration),
        witnessed.receipt(index=0, size=1, at=253_402_300_799),
        witnessed.receipt(by=(), policy=f"witness a {SECRETS[0].key.text}\nquorum none\n"),
    ]


CHANGED_FIELDS = [
    {"congvu": "receipt/2"},
    {"policy": ""},
    {"policy": None},
    {"policy": "\ud800"},
    {"policy": notes.sign("quorum none\nmore\n", witnessed.SIGNER)},
    {"disclosures": ["\U0001f58b", "\uffff"]},
    {"disclosures": ["W10="]},
    {"entry": "e30="},
    {"entry": ""},
    {"key": KEY.upper()},
    {"more": 1},
    {"entry": 12345678901234567890},
]
NO_JSON = [
    *(
        "",
        "{",
        "[]",
        "null",
        '"x"',
        "1",
        "01",
        "-",
        "-0",
        "1.5",
        "1e5",
        "NaN",
        "[1,]",
        "{,}",
        '{"a":1,}',
        "tru",
        "[[[]",
    ),
    *(
        '{"a":1,"a":1}',
        '{"a":1,"a":1} x',
        '{"b":{"a":1,"a":1}',
        '{"a":1,"a":1',
        '{"a" 1}',
        "{1:1}",
        '{"\\ud800":1}',
    ),
    *('"\\u00zz"', '"\t"', "\ufeff{}", "[" * 60_000, '{"a":' * 9_000, "9" * 5_000, "[" + "9" * 4_000 + "]"),
]


def wrong() -> list[bytes]:
    """Files that hold, each, one thing wrong that a forger may choose."""
    bundle = json.loads(witnessed.receipt())
    weaker = {"policy": bundle["policy"].replace("quorum 2", "quorum 1")}
    return [
        b"\xff\xfe",
        b" " * (64 * 1024 + 1),
        *(text.encode(errors="surrogatepass") for text in NO_JSON),
        *(
            spelled(bundle | one, ascii_only=ascii_only)
            for one in [*CHANGED_FIELDS, weaker]
            for ascii_only in (True, False)
        ),
        *wrongly_witnessed(),
    ]


def spelled(bundle: dict[str, object], *, ascii_only: bool) -> bytes:
    text = json.dumps(bundle, sort_keys=True, separators=(",", ":"), ensure_ascii=ascii_only)
    return f"{text}\n".encode(errors="surrogatepass")


def wrongly_witnessed() -> list[bytes]:
    lines = witnessed.lines_of(*SECRETS).splitlines(keepends=True)
    stranger = witnessed.lines_of(STRANGER)
    at = (0, 253_402_300_800, 2**63)
    timeless = [notes.encode_base64(SECRETS[0].key.id + one.to_bytes(8, "big") + bytes(64)) for one in at]
    lone = [f"{notes.DASH}{SECRETS[0].name} {one}\n" for one in (*timeless, "AAAA", "AAAAAAAAAAAA")]
    forger = notes.SignerKey(name=witnessed.ORIGIN, seed=bytes([5]) * 32)
    return [
        *(
            witnessed.receipt(lines=one)
            for one in (lines[1] + lines[0], lines[0] * 2, lines[0] + stranger, *lone)
        ),
        witnessed.receipt(policy=""),
        witnessed.receipt(policy_signer=forger),
        witnessed.receipt(lines=witnessed.lines_of(LATTICE, size=9), policy=BOTH.format()),
        witnessed.receipt(lines=witnessed.lines_of(SECRETS[0], size=9)),
    ]


def mutated(many: int, seed: int, kept: list[bytes]) -> list[bytes]:
    """Genuine files, changed as a forger, a bad disk or a mail program would."""
    dice, found = Random(seed), []  # noqa: S311 -- repeatable, not secret
    while len(found) < many:
        change = CHANGES[len(found) % len(CHANGES)]
        try:
            found.append(change(dice.choice(kept), dice.choice(kept), dice))
        except (IndexError, KeyError, ValueError):  # a change of something that this file does not have
            found.append(CHANGES[0](kept[0], kept[0], dice))
    return found


def test_the_script_says_of_every_file_what_the_program_says(data_folder, opened) -> None:
    page = opened(reverse("portal:verify"))
    files = [*genuine(), *wrong()]
    asked = [Asked(data, spoken=LANGUAGES) for data in files]
    asked += [
        Asked(data, key=KEY, policy=policy, spoken=LANGUAGES[:1]) for data in genuine() for policy in POLICIES
    ]
    asked += [
        Asked(genuine()[0], key="x"),
        Asked(genuine()[0], key=notes.generate(witnessed.ORIGIN).verifier.text),
    ]
    assert differences(page, asked) == []
    codes = {code for one in asked for code in by_python(one)["reasons"]}
    parts = {"key", "entry", "proof", "policy", "disclosure", "disclosure_order", "given_key", "given_policy"}
    spelling = {"too_large", "not_json", "repeated_field", "not_receipt", "not_canonical"}
    assert {*parts, *spelling, "other_key", "policy_signature", "cosigner", "cosignature", "quorum"} <= codes


def closed() -> list[str]:
    """Closings of the log of the receipts: right ones of both reasons, other heads and keys, and malformed ones."""
    head, _ = witnessed.head(witnessed.Wish())
    size, root = head.size, head.root
    policy = witnessed.TWO_OF_THREE.format()
    right = {"closed": witnessed.SIGNER.verifier, "next": FOLLOWING.verifier, "size": size, "root": root}
    kinds = [
        right | {"reason": reason, "policy": told} | change
        for reason in ("stolen", "lost")
        for told in ("", policy)
        for change in (
            {},
            {"root": bytes(32)},
            {"size": size + 1},
            {"size": 1},
            {"closed": notes.generate(witnessed.ORIGIN).verifier},
        )
    ]
    found = [closings.sign(closings.Closing(**one), FOLLOWING) for one in kinds]
    swapped = closings.Closing(**kinds[0] | {"closed": FOLLOWING.verifier, "next": witnessed.SIGNER.verifier})
    both = closings.sign(closings.Closing(**kinds[0]), FOLLOWING, witnessed.SIGNER)
    return [
        *found,
        both,
        both + both.splitlines(keepends=True)[-1],
        notes.sign(swapped.format(), witnessed.SIGNER),
        notes.sign(closings.Closing(**kinds[0]).format(), witnessed.SIGNER),
        notes.sign(closings.Closing(**kinds[0] | {"policy": "quorum x\n"}).format(), FOLLOWING),
        found[0].replace("stolen", "sold"),
        found[0].replace("v1", "v2"),
        found[0][:-9],
        found[0].replace("\n\n", "\n"),
        "",
        "\n",
    ]


def test_the_script_weighs_a_closing_as_the_program_does(data_folder, opened) -> None:
    page = opened(reverse("portal:verify"))
    following = witnessed.receipt(signer=FOLLOWING, policy_signer=FOLLOWING)
    files = [*genuine()[:4], genuine()[6], following, *wrongly_witnessed()[:3]]
    policy = witnessed.TWO_OF_THREE.format()
    asked = [Asked(data, closing=one, spoken=LANGUAGES) for data in files for one in closed()]
    asked += [Asked(data, closing=one, policy=policy) for data in files[:3] for one in closed()]
    assert differences(page, asked) == []
    told = [by_python(one) for one in asked]
    codes = {code for one in told for code in one["reasons"]}
    assert {"given_closing", "closed", "closed_history", "closed_unwitnessed", "other_key"} <= codes
    assert {one["facts"]["closing"] for one in told if one["facts"]} == {"within", "beyond", "next", "other"}


def test_the_script_says_of_changed_receipts_what_the_program_says(data_folder, opened) -> None:
    page = opened(reverse("portal:verify"))
    asked = [
        Asked(data, key=KEY if at % 2 else None) for at, data in enumerate(mutated(600, 20261122, genuine()))
    ]
    assert differences(page, asked) == []


def choose(page, name: str, data: bytes, field: str = "receipt") -> None:
    page.locator(f"input[name={field}]").set_input_files(
        {"name": name, "mimeType": "application/json", "buffer": data}
    )


def press(page) -> None:
    page.locator("main form button.cv-button").click()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_receipt_is_checked_when_the_network_is_cut(receipt, opened, language) -> None:
    page = opened(reverse("portal:verify"), language=language)
    page.context.set_offline(True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    choose(page, "x.congvu.json", receipt)
    press(page)
    page.locator("#answer-title").wait_for()
    words = json.loads(page.locator("#check-data").text_content())
    assert page.locator("#answer-title").inner_text() == words["proven"]
    assert {"vi": "Biên nhận được chứng minh", "en": "The receipt is proven"}.get(
        language, words["proven"]
    ) == words["proven"]
    (log,) = words["keys"].values()
    mine = congvu_verify.verify(receipt, key=log)
    shown = page.locator("#check-answer h3").all_inner_texts()
    said = congvu_verify.explain(mine, language)
    assert shown[:-1] == [heading for heading, _ in said]
    listed = [
        one.all_inner_texts()
        for one in (page.locator("#check-answer ul").nth(at).locator("li") for at in range(len(said)))
    ]
    assert [[" ".join(one.split()) for one in part] for part in listed] == [
        [" ".join(one.split()) for one in sentences] for _, sentences in said
    ]
    assert asked == []
    assert page.trouble == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04", "This is a ZIP archive or an office document."),
        (b"%PDF-1.7\n", "This is a PDF document."),
        (b"\x89PNG\r\n\x1a\n", "This is a picture."),
        (b"From: an@ubnd.example\n\n", "This is not a receipt."),
        (b"{" + b" " * 70_000, "The file is too large to be a receipt."),
    ],
)
def test_what_cannot_be_a_receipt_is_named_in_the_browser_too(data_folder, opened, data, words) -> None:
    page = opened(reverse("portal:verify"))
    page.context.set_offline(True)
    choose(page, "x.bin", data)
    press(page)
    assert words in page.locator("#check-answer [role=alert]").inner_text()


def test_a_policy_of_ones_own_is_taken_in_the_browser(data_folder, opened) -> None:
    page = opened(reverse("portal:verify"))
    page.context.set_offline(True)
    choose(page, "x.congvu.json", witnessed.receipt())
    page.locator("main details summary").click()
    choose(page, "mine.policy", POLICIES[1].encode(), field="policy")
    press(page)
    page.locator("#answer-title").wait_for()
    said = page.locator("#check-answer").inner_text()
    assert "The log was witnessed under your policy (3 of 3): inspectorate, lưu-trữ, press." in said
    choose(page, "mine.policy", POLICIES[5].encode(), field="policy")
    press(page)
    page.locator("section[data-reasons=quorum]").wait_for()
    assert page.locator("#answer-title").inner_text() == "The receipt is not proven"


def test_a_browser_without_ed25519_asks_the_server(receipt, opened) -> None:
    page = opened(reverse("portal:verify"))
    page.add_init_script("crypto.subtle.importKey = () => Promise.reject(new Error('old'))")
    page.reload()
    page.wait_for_load_state("networkidle")
    choose(page, "x.congvu.json", receipt)
    with page.expect_navigation():
        press(page)
    assert "The receipt is proven" in page.locator("main").inner_text()
    assert "was sent nowhere" not in page.locator("main").inner_text()


def test_without_ml_dsa_its_cosignatures_are_not_counted_in_the_browser(
    data_folder, opened, monkeypatch
) -> None:
    page = opened(reverse("portal:verify"))
    page.evaluate("""() => {
      const known = crypto.subtle.importKey.bind(crypto.subtle);
      crypto.subtle.importKey = (format, ...rest) => format === "raw-public"
        ? Promise.reject(new DOMException("unknown", "NotSupportedError")) : known(format, ...rest);
    }""")
    monkeypatch.setattr(congvu_verify, "MLDSA44PublicKey", None)
    asked = [Asked(genuine()[4], policy=policy, spoken=LANGUAGES) for policy in POLICIES[:8]]
    assert differences(page, asked) == []
    assert by_python(asked[0])["facts"]["witnessing"]["by"][0]["standing"] == "unchecked"


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_answer_is_accessible_and_fits(data_folder, opened, width, language) -> None:
    page = opened(reverse("portal:verify"), language=language, width=width)
    choose(page, "x.congvu.json", witnessed.receipt())
    page.locator("main details summary").click()
    press(page)
    page.locator("#answer-title").wait_for()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.activeElement === document.querySelector('#check-answer section')")
