"""The legal officer's desk in the browser."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from congvu.rules import shelf
from congvu.rules.drafts import actions, queries
from congvu.rules.drafts.blocks import fields
from congvu.rules.models import BookDraft
from tests.rules.worlds import BOOK, at

pytestmark = pytest.mark.usefixtures("data_folder", "told_time", "transactional_db")
NOW = at("2026-03-02 07:00")


@pytest.fixture
def hoa(seat_of):
    return seat_of(
        "Phan Thị Hoa", unit="vp", title={"vi": "Pháp chế", "en": "Lawyer"}, functions=("legal_officer",)
    )


@pytest.fixture
def english(client_of):
    def signed_in(seat):
        client = client_of(seat)
        client.cookies["django_language"] = "en"
        return client

    return signed_in


@pytest.fixture
def draft(chi):
    text = queries.copied(queries.text_of(BOOK, 1), shelf.version(BOOK, 1), date(2026, 4, 1))
    return actions.begin(by=chi, text=text, base_version=1, at=NOW)


def post(client, draft, text=None, **said):
    held = BookDraft.objects.get(pk=draft.pk)
    form = {"text": held.text if text is None else text, "revision": held.revision, "do": "save"}
    return client.post(f"/rules/drafts/{draft.handle}/", form | said)


def norm_form(**changed):
    """Return what a browser sends of the form of `acknowledge` as it is opened."""
    return {
        "norm": "acknowledge",
        "norm-code": "MAIL-BD-3",
        "norm-kind": "obligation",
        "norm-title_vi": "Phản hồi đã nhận thư",
        "norm-title_en": "Acknowledge mail",
        "norm-wording": "press",
        "norm-checked": "press",
        "norm-bearer": ["recipient"],
        "norm-limit": "after",
        "norm-word": "acknowledge_within",
    } | changed


def texts_of(draft, name):
    held = fields(draft.text, name)
    return {
        f"norm-{key}_{language}": held[key][language] for key in ("text", "note") for language in ("vi", "en")
    }


def test_a_version_goes_from_a_copy_to_the_shelf_in_the_browser(english, chi, hoa):
    author, second = english(chi), english(hoa)
    author.post("/rules/drafts/begin/", {"book": f"{BOOK}/1"})
    draft = BookDraft.objects.get()
    page = author.get(f"/rules/drafts/{draft.handle}/").content.decode()
    assert ("No problem found" in page, "Acknowledge mail" not in page) == (True, False)
    assert post(author, draft, do="submit").status_code == 302
    path = f"/rules/drafts/{draft.handle}/history/"
    assert "another person decides" in author.get(path).content.decode()
    assert "Approve and publish" not in author.get(path).content.decode()
    assert "Approve and publish" in second.get(path).content.decode()
    said = {"do": "approve", "valid_from": "2026-04-01", "number": "9/QĐ-VP"}
    assert author.post(path, said).status_code == 422
    assert second.post(path, said).status_code == 302
    assert [one.version for one in shelf.versions(BOOK)] == [1, 2]
    page = author.get(path).content.decode()
    assert all(word in page for word in ("9/QĐ-VP", "Phan Thị Hoa", "Withdraw before its day"))
    assert author.post(path, {"do": "withdraw", "reason": "Nhầm"}).status_code == 302
    assert [one.version for one in shelf.versions(BOOK)] == [1]


def test_a_draft_is_sent_back_with_a_reason(english, chi, hoa, draft):
    actions.submit(by=chi, draft=draft, at=NOW)
    path = f"/rules/drafts/{draft.handle}/history/"
    second = english(hoa)
    assert second.post(path, {"do": "send_back", "reason": ""}).status_code == 422
    assert second.post(path, {"do": "send_back", "reason": "Điều 3 chưa rõ"}).status_code == 302
    assert "Điều 3 chưa rõ" in english(chi).get(path).content.decode()


def test_the_form_writes_one_norm_into_the_text(english, chi, draft):
    said = norm_form(**texts_of(draft, "acknowledge")) | {"norm-title_en": "Answer: at once", "do": "norm"}
    answer = post(english(chi), draft, **said)
    assert answer["Location"].endswith("?norm=acknowledge#norm-form")
    held = BookDraft.objects.get()
    assert held.text == draft.text.replace('en: "Acknowledge mail"}', 'en: "Answer: at once"}', 1)


def test_opening_another_norm_keeps_what_was_written_in_text_and_form(english, chi, draft):
    said = norm_form(**texts_of(draft, "acknowledge")) | {"norm-title_en": "Answer", "do": "open:rating"}
    text = draft.text + "\n# a remark\n"
    answer = post(english(chi), draft, text, **said)
    assert answer["Location"].endswith("?norm=rating#norm-form")
    held = BookDraft.objects.get().text
    assert ('en: "Answer"}' in held, held.endswith("# a remark\n")) == (True, True)


def test_half_a_time_limit_is_refused_beside_its_field_and_the_text_stays(english, chi, draft):
    said = norm_form(**texts_of(draft, "acknowledge")) | {"norm-limit": "within", "do": "norm"}
    answer = post(english(chi), draft, draft.text + "# mine\n", **said)
    assert answer.status_code == 422
    assert ("Say how many" in answer.content.decode(), "# mine" in answer.content.decode()) == (True, True)
    assert BookDraft.objects.get().text == draft.text


def test_two_windows_lose_nothing(english, chi, draft):
    author = english(chi)
    assert post(author, draft, "# first\n" + draft.text).status_code == 302
    answer = author.post(
        f"/rules/drafts/{draft.handle}/", {"text": "# second\n" + draft.text, "revision": 1, "do": "save"}
    )
    page = answer.content.decode()
    assert (answer.status_code, "# first" in page, "# second" in page) == (409, True, True)
    assert BookDraft.objects.get().text.startswith("# first\n")
    kept = author.post(
        f"/rules/drafts/{draft.handle}/", {"text": "# second\n" + draft.text, "revision": 1, "do": "copy"}
    )
    assert kept.status_code == 302
    assert sorted(one.text.split("\n")[0] for one in BookDraft.objects.all()) == ["# first", "# second"]


def test_line_endings_of_browsers_change_nothing(english, chi, draft):
    post(english(chi), draft, draft.text.replace("\n", "\r\n"))
    held = BookDraft.objects.get()
    assert (held.text, held.revision) == (draft.text, 1)


def test_problems_name_line_and_mend_while_one_types(english, chi, draft):
    client = english(chi)
    broken = draft.text.replace("kind: obligation", "kind: duty", 1)
    page = client.post(f"/rules/drafts/{draft.handle}/check/", {"text": broken}).content.decode()
    line = broken.split("\n").index("    kind: duty") + 1
    assert (f'data-cv-line="{line}"' in page, "`kind: duty` is not known." in page) == (True, True)
    failing = draft.text.replace("status: late", "status: fulfilled", 1)
    page = client.post(f"/rules/drafts/{draft.handle}/check/", {"text": failing}).content.decode()
    assert "1 example fails" in page
    assert BookDraft.objects.get().text == draft.text


def test_problems_and_failing_examples_are_told_in_vietnamese(client_of, chi, draft):
    client = client_of(chi)
    client.cookies["django_language"] = "vi"
    broken = draft.text.replace("kind: obligation", "kind: duty", 1)
    page = client.post(f"/rules/drafts/{draft.handle}/check/", {"text": broken}).content.decode()
    assert "`kind: duty` không có trong danh mục." in page
    assert "Các giá trị có sẵn: obligation, prohibition," in page
    failing = draft.text.replace("status: late", "status: fulfilled", 1)
    page = client.post(f"/rules/drafts/{draft.handle}/check/", {"text": failing}).content.decode()
    assert ("không do phiên bản này xét" in page, "Mend the example" in page) == (True, False)
    assert 'lang="en"' not in page


@pytest.mark.parametrize(
    "text",
    [
        'book: "<script>alert(1)</script>"\ntitle: {vi: "<img src=x onerror=alert(1)>", en: "x"}\n',
        "</textarea><script>alert(1)</script>",
        "a: &a [x]\nb: [*a, *a]\n",
        "\x00\x01",
        "",
    ],
)
def test_hostile_words_are_shown_and_never_run(english, chi, draft, text):
    client = english(chi)
    page = client.post(f"/rules/drafts/{draft.handle}/check/", {"text": text})
    assert (page.status_code, b"<script>alert" in page.content, b"<img src=x" in page.content) == (
        200,
        False,
        False,
    )
    answer = post(client, draft, text)
    assert answer.status_code in {302, 422}
    for path in (
        "/rules/drafts/",
        f"/rules/drafts/{draft.handle}/",
        f"/rules/drafts/{draft.handle}/history/",
    ):
        page = client.get(path).content
        assert (b"<script>alert" in page, b"<img src=x" in page) == (False, False)


def test_a_draft_of_five_megabytes_is_refused_and_nothing_changes(english, chi, draft):
    client = english(chi)
    answer = post(client, draft, "x" * 5_100_000)
    assert answer.status_code == 413
    said = answer.content.decode()
    assert "what you sent is larger than 5 MB" in said
    assert "Nothing that was saved before is lost" in said
    assert post(client, draft, "x" * 2_000_000).status_code == 422
    file = SimpleUploadedFile("a.yaml", b"x" * 5_000_000)
    assert client.post("/rules/drafts/begin/", {"do": "upload", "file": file}).status_code == 422
    file = SimpleUploadedFile("a.yaml", b"\xff\xfe\x00")
    assert client.post("/rules/drafts/begin/", {"do": "upload", "file": file}).status_code == 422
    assert BookDraft.objects.get().text == draft.text


def test_a_file_goes_out_and_comes_in_unchanged(english, chi, draft):
    client = english(chi)
    sent = client.get(f"/rules/drafts/{draft.handle}/download/")
    assert sent["Content-Disposition"] == f'attachment; filename="{BOOK}.v2.yaml"'
    file = SimpleUploadedFile("a.yaml", sent.content)
    client.post("/rules/drafts/begin/", {"do": "upload", "file": file})
    assert {one.text for one in BookDraft.objects.all()} == {draft.text}


def test_who_decides_no_rules_and_who_is_of_another_agency_finds_no_desk(english, binh, chi, draft):
    for path in ("", "begin/", f"{draft.handle}/", f"{draft.handle}/history/", f"{draft.handle}/download/"):
        assert english(binh).get(f"/rules/drafts/{path}").status_code in {403, 405}
    assert english(chi).get(f"/rules/drafts/{'a' * 26}/").status_code == 404
    assert (
        english(binh).post(f"/rules/drafts/{draft.handle}/", {"text": "x", "revision": 1}).status_code == 403
    )
    assert "Drafts" not in english(binh).get("/rules/").content.decode()


def test_a_page_without_revision_saves_nothing(english, chi, draft):
    answer = english(chi).post(f"/rules/drafts/{draft.handle}/", {"text": "x", "revision": "²"})
    assert (answer.status_code, BookDraft.objects.get().text) == (422, draft.text)
