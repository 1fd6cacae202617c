"""T120: the public reads the rule book, checks a receipt, and reads the log's hashes, but not its entries.

Hash tiles and checkpoints are served to everybody, entry bundles only to auditors (C2SP tlog-tiles).
"""

import re

import pytest

from congvu_verify import verify
from tests.journeys.conftest import DOMAIN

pytestmark = pytest.mark.browser

NORMS = 9


@pytest.fixture(scope="module")
def receipt(looked_at, chromium, tmp_path_factory):
    """Any receipt, which an auditor gave away."""
    context = chromium.new_context(base_url=looked_at.url)
    page = context.new_page()
    page.goto("/account/login/?next=/desk/evidence/")
    page.locator("#id_login").fill(f"tuan@{DOMAIN}")
    page.locator("#id_password").fill("binh-minh-2026")
    page.locator("#id_password").press("Enter")
    page.wait_for_url("**/desk/evidence/")
    bundle = page.locator("main td a[href$='/bundle']").nth(3)
    answer = context.request.get(looked_at.url + bundle.get_attribute("href"))
    assert answer.status == 200, answer.text()[:2000]
    path = tmp_path_factory.mktemp("public") / "receipt.congvu.json"
    path.write_bytes(answer.body())
    context.close()
    return path


def test_every_norm_says_how_far_its_article_is_established(looked_at, visitor):
    stranger = visitor(looked_at)
    stranger.opens("/")
    stranger.follows(re.compile("Read the rule books"))
    stranger.writes("Words in title, number or rule", "82/2009")
    stranger.presses("Show")
    stranger.follows(re.compile("Regulation on the use of e-mail"))
    stranger.sees("82/2009/QĐ-UBND")
    norms = stranger.page.get_by_role("region", name=re.compile(r"^\d\. "))
    assert norms.count() == NORMS
    assert norms.filter(has_text="Article not established").count() == NORMS
    stranger.sees("08:00-09:00, 14:00-15:00")
    stranger.sees("30 working minutes")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_receipt_is_checked_by_choosing_its_file(looked_at, visitor, receipt, javascript):
    stranger = visitor(looked_at, java_script_enabled=javascript)
    stranger.opens("/verify/")
    stranger.field("Receipt").set_input_files(receipt)
    stranger.presses("Check", exact=True)
    stranger.sees("The receipt is proven")
    stranger.sees("Its key is the published key of a log of this installation.")


def test_a_receipt_is_checked_by_dropping_its_file(looked_at, visitor, receipt):
    stranger = visitor(looked_at)
    stranger.opens("/verify/")
    data = stranger.page.evaluate_handle(
        """([text, name]) => {
            const dropped = new DataTransfer();
            dropped.items.add(new File([text], name, {type: "application/json"}));
            return dropped;
        }""",
        [receipt.read_text(), receipt.name],
    )
    for kind in ("dragenter", "dragover", "drop"):
        stranger.page.locator("[data-cv-drop]").dispatch_event(kind, {"dataTransfer": data})
    stranger.sees(receipt.name)
    stranger.presses("Check", exact=True)
    stranger.sees("The receipt is proven")


def test_a_changed_receipt_is_refused_on_the_page_too(looked_at, visitor, receipt, tmp_path):
    text = receipt.read_text()
    broken = tmp_path / receipt.name
    place = text.index('"entry":"') + 40
    broken.write_text(text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :])
    stranger = visitor(looked_at)
    stranger.opens("/verify/")
    stranger.field("Receipt").set_input_files(broken)
    stranger.presses("Check", exact=True)
    stranger.does_not_see("The receipt is proven")
    stranger.sees(re.compile("not proven|cannot be read|problem"))


def test_the_published_key_is_the_key_of_the_receipts(looked_at, visitor, receipt):
    stranger = visitor(looked_at)
    stranger.opens("/logs/")
    [key] = re.findall(r"demonstration\.localhost/log/\S+\+[0-9a-f]{8}\+\S+", stranger.main.inner_text())
    assert verify(receipt.read_bytes(), key=key).facts.trust == "compared"


def test_hashes_are_public_and_entries_are_for_the_auditor(looked_at, visitor):
    stranger, tuan, an = visitor(looked_at), visitor(looked_at, "tuan"), visitor(looked_at, "an")
    stranger.opens("/logs/")
    year = re.search(r"log/phuong-binh-minh/(\d{4})", stranger.main.inner_text())[1]
    log = f"/log/phuong-binh-minh/{year}"
    checkpoint = _get(stranger, f"{log}/checkpoint")
    assert checkpoint.text().splitlines()[0] == f"demonstration.localhost{log}"
    assert (checkpoint.status, _get(stranger, f"{log}/tile/0/000").status) == (200, 200)
    assert len(_get(stranger, f"{log}/tile/0/000").body()) == 256 * 32
    assert _get(stranger, f"{log}/tile/entries/000").status == 404
    inside = f"/desk/evidence/log/{year}/tile/entries/000"
    assert _get(tuan, inside).status == 200
    assert b"mail.mailbox.checked" in _get(tuan, inside).body()
    assert _get(an, inside).status == 403
    assert _get(stranger, inside).url.startswith(f"{looked_at.url}/account/login/")


def _get(somebody, path):
    return somebody.page.request.get(somebody.site + path)
