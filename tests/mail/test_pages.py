import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

import congvu_verify
from congvu.base import clock
from congvu.ledger import queries as ledger
from congvu.ledger import sequencer
from congvu.mail.actions.accepting import accept
from congvu.mail.models import Check, Item, Message, Transfer
from tests.mail.letters import NOW, incoming, submitted
from tests.mail.pages import ENGLISH, item_of, kinds, press, show

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nine_o_clock(data_folder):
    with clock.demonstration(NOW):
        yield


# --- the inbox and the check ---------------------------------------------------------------------


def test_a_person_opening_the_inbox_checks_the_mailbox_once_a_minute(agency, binh, client_of):
    client = client_of(binh)
    for _ in range(3):
        assert show(client, "inbox").status_code == 200
    assert kinds(agency) == ["mail.mailbox.checked"]
    with clock.demonstration(NOW.replace(minute=1)):
        show(client, "inbox")
    assert kinds(agency) == ["mail.mailbox.checked"] * 2


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Request": "true"},
        {"Sec-Fetch-Mode": "cors"},
        {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
    ],
)
def test_polling_frames_and_fetching_ahead_are_no_check(agency, binh, client_of, headers):
    show(client_of(binh), "inbox", **headers)
    assert Check.objects.count() == 0
    assert kinds(agency) == []


def test_head_requests_and_strangers_check_nothing(agency, binh, client_of, client):
    client_of(binh).head(reverse("mail:inbox"))
    assert client.get(reverse("mail:inbox")).status_code == 302
    assert kinds(agency) == []


def test_the_clerk_checks_the_box_of_the_unit(agency, an, client_of):
    unit = show(client_of(an), "inbox").context["boxes"]
    assert [one.label for one in unit] == ["Office", "People's Committee of Lam Son"]
    client_of(an).get(unit[0].url)
    assert kinds(agency) == ["mail.mailbox.checked"] * 2
    entry = [
        one for one in ledger.entries_from(agency.handle, 0, 0, 1000) if one.kind == "mail.mailbox.checked"
    ]
    assert [one.attributes["box"] for one in entry] == ["personal", "unit"]
    assert entry[1].disclosures["unit"] == an.unit.handle


def test_nobody_else_sees_the_box_of_the_unit(agency, an, binh, chi, client_of):
    accept([incoming("vanphong@ubnd.example", subject="Chỉ cho văn thư")])
    unit = Item.objects.get().mailbox.address.handle
    assert show(client_of(an), "box", unit).status_code == 200
    for seat in (binh, chi):
        assert show(client_of(seat), "box", unit).status_code == 404


def test_the_inbox_shows_what_came_and_what_is_owed(agency, an, binh, client_of):
    accept(
        [
            incoming("binh@ubnd.example", subject="Hỏi về giấy phép"),
            incoming("an@ubnd.example", subject="Cho An"),
        ]
    )
    page = show(client_of(binh), "inbox").content.decode()
    assert "Hỏi về giấy phép" in page
    assert "Cho An" not in page
    assert page.count(">Acknowledge<") + page.count("Acknowledge<span") == 1


def test_the_inbox_asks_the_database_as_often_for_three_letters_as_for_one(agency, binh, client_of):
    client = client_of(binh)

    def asked():
        show(client, "inbox")
        with CaptureQueriesContext(connection) as captured:
            show(client, "inbox")
        return len(captured)

    accept([incoming("binh@ubnd.example")])
    one = asked()
    accept([incoming("binh@ubnd.example"), incoming("binh@ubnd.example")])
    assert asked() == one


# --- reading ------------------------------------------------------------------------------------


def test_opening_a_message_is_a_receipt_once(agency, binh, client_of):
    accept([incoming("binh@ubnd.example")])
    client, item = client_of(binh), item_of(binh)
    for _ in range(2):
        assert "Kính gửi đồng chí." in show(client, "message", item.handle).content.decode()
    assert kinds(agency) == ["mail.message.accepted", "mail.message.delivered", "mail.message.opened"]


def test_a_browser_that_fetches_ahead_opens_nothing(agency, binh, client_of):
    accept([incoming("binh@ubnd.example")])
    answer = show(client_of(binh), "message", item_of(binh).handle, **{"Sec-Purpose": "prefetch"})
    assert (answer.status_code, item_of(binh).opened_at) == (503, None)


@pytest.mark.parametrize("name", ["message", "raw", "html", "receipts", "reply", "reply-all", "forward"])
def test_another_persons_message_is_not_found(agency, binh, chi, ngoc, client_of, name):
    accept([incoming("binh@ubnd.example")])
    for seat in (chi, ngoc):
        assert show(client_of(seat), name, item_of(binh).handle).status_code == 404
    assert item_of(binh).opened_at is None


@pytest.mark.parametrize("name", ["acknowledge", "recall", "file"])
def test_nobody_acts_on_another_persons_message(agency, binh, chi, client_of, name):
    accept([incoming("binh@ubnd.example")])
    assert press(client_of(chi), name, item_of(binh).handle).status_code == 404
    assert item_of(binh).acknowledged_at is None


def test_the_text_of_a_message_never_runs(agency, binh, client_of):
    accept(
        [
            incoming(
                "binh@ubnd.example", subject="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>"
            )
        ]
    )
    page = show(client_of(binh), "message", item_of(binh).handle).content.decode()
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page


HTML = (
    b"From: d@dan.example\r\nTo: binh@ubnd.example\r\nSubject: h\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/html; charset=utf-8\r\n\r\n"
    b'<p>Xin chao</p><script>alert(1)</script><img src="https://spy.example/x.png">\r\n'
)


def test_html_stands_in_a_sandboxed_frame_without_remote_pictures(agency, binh, client_of):
    accept([incoming("binh@ubnd.example", data=HTML)])
    client, handle = client_of(binh), item_of(binh).handle
    page = show(client, "message", handle).content.decode()
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert "Load them this once" in page
    frame = show(client, "html", handle)
    assert "Xin chao" in frame.content.decode()
    assert "script" not in frame.content.decode()
    assert "spy.example" not in frame.content.decode()
    assert "sandbox" in frame["Content-Security-Policy"]
    assert "https:" not in frame["Content-Security-Policy"]
    loaded = client.get(reverse("mail:html", args=[handle]) + "?remote=1")
    assert "spy.example" in loaded.content.decode()
    assert "spy.example" not in show(client, "html", handle).content.decode()


def test_the_original_is_given_byte_for_byte_and_only_for_saving(agency, binh, client_of):
    letter = incoming("binh@ubnd.example", data=HTML)
    accept([letter])
    answer = show(client_of(binh), "raw", item_of(binh).handle)
    assert answer.content == letter.raw
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_conversation_shows_what_the_reader_may_see_with_the_latest_open(agency, an, binh, chi, client_of):
    accept([submitted(binh, "an@ubnd.example", message_id="1@x.example", text="câu hỏi")])
    accept(
        [
            submitted(
                an, "binh@ubnd.example", message_id="2@x.example", in_reply_to="1@x.example", text="trả lời"
            )
        ]
    )
    accept(
        [
            submitted(
                an,
                "chi@ubnd.example",
                message_id="3@x.example",
                in_reply_to="1@x.example",
                text="riêng cho Chi",
            )
        ]
    )
    page = show(client_of(binh), "conversation", item_of(binh).thread).content.decode()
    assert page.index("câu hỏi") < page.index("trả lời")
    assert "riêng cho Chi" not in page
    assert item_of(binh).opened_at == NOW


# --- acknowledging ------------------------------------------------------------------------------


def test_one_press_acknowledges_and_tells_the_sender(agency, an, binh, client_of):
    accept([submitted(binh, "an@ubnd.example", message_id="q@ubnd.example", subject="Họp")])
    item = item_of(an)
    assert press(client_of(an), "acknowledge", item.handle).status_code == 302
    item.refresh_from_db()
    assert (item.acknowledged_at, item.acknowledged_by) == (NOW, "press")
    told = item_of(binh)
    assert (told.message.automatic, told.owes_acknowledgement) == (True, False)
    assert told.thread == item.thread
    assert kinds(agency)[2:] == [
        "mail.message.acknowledged",
        "mail.message.accepted",
        "mail.message.delivered",
    ]


def test_what_was_acknowledged_is_not_acknowledged_again(agency, an, binh, client_of):
    accept([submitted(binh, "an@ubnd.example")])
    client, item = client_of(an), item_of(an)
    for _ in range(2):
        press(client, "acknowledge", item.handle)
    assert kinds(agency).count("mail.message.acknowledged") == 1
    assert Item.objects.filter(mailbox__address=binh.address, folder="inbox").count() == 1


def test_automatic_mail_cannot_be_acknowledged(agency, binh, client_of):
    accept([incoming("binh@ubnd.example", extra="Auto-Submitted: auto-generated")])
    press(client_of(binh), "acknowledge", item_of(binh).handle)
    assert item_of(binh).acknowledged_at is None


def test_the_acknowledgement_of_a_citizens_letter_waits_for_the_relay(agency, binh, client_of):
    accept([incoming("binh@ubnd.example")])
    press(client_of(binh), "acknowledge", item_of(binh).handle)
    assert list(Transfer.objects.values_list("recipient", "state")) == [("dung@dan.example", "queued")]


def test_the_button_leads_back_to_the_list_and_nowhere_else(agency, binh, client_of):
    accept([incoming("binh@ubnd.example"), incoming("binh@ubnd.example")])
    first, second = Item.objects.order_by("id")
    client = client_of(binh)
    assert press(client, "acknowledge", first.handle, next="/mail/?page=1").url == "/mail/?page=1"
    assert press(client, "acknowledge", second.handle, next="https://evil.example/").url == reverse(
        "mail:message", args=[second.handle]
    )


# --- recalling ----------------------------------------------------------------------------------


def test_a_recalled_message_is_hidden_from_those_who_have_not_opened_it(agency, an, binh, chi, client_of):
    accept(
        [
            submitted(
                binh,
                "an@ubnd.example",
                "chi@ubnd.example",
                "dung@dan.example",
                text="Nội dung nhầm",
                subject="Nhầm",
            )
        ]
    )
    show(client_of(chi), "message", item_of(chi).handle)
    answer = press(client_of(binh), "recall", item_of(binh, "sent").handle)
    assert answer.status_code == 302
    unseen = show(client_of(an), "message", item_of(an).handle).content.decode()
    assert "Nội dung nhầm" not in unseen
    assert ">Nhầm<" not in show(client_of(an), "inbox").content.decode()
    assert show(client_of(an), "raw", item_of(an).handle).status_code == 404
    assert item_of(an).opened_at is None
    assert "Nội dung nhầm" in show(client_of(chi), "message", item_of(chi).handle).content.decode()
    assert Transfer.objects.get(recipient="dung@dan.example").reason == "recalled"
    assert kinds(agency).count("mail.message.recalled") == 1


def test_nothing_is_owed_for_a_recalled_message(agency, an, binh, client_of):
    accept([submitted(binh, "an@ubnd.example")])
    press(client_of(binh), "recall", item_of(binh, "sent").handle)
    press(client_of(an), "acknowledge", item_of(an).handle)
    assert item_of(an).acknowledged_at is None


def test_only_the_sender_recalls(agency, an, binh, client_of):
    accept([submitted(binh, "an@ubnd.example")])
    assert press(client_of(an), "recall", item_of(an).handle).status_code == 404
    assert Message.objects.get().recalled_at is None


# --- filing, search, receipts -------------------------------------------------------------------


def test_a_filed_message_leaves_the_inbox_and_can_come_back(agency, binh, client_of):
    accept([incoming("binh@ubnd.example", subject="Cần lưu")])
    client, item = client_of(binh), item_of(binh)
    press(client, "file", item.handle, under="Giấy phép")
    assert "Cần lưu" not in show(client, "inbox").content.decode()
    folder = item_of(binh, "filed").filed_in
    assert folder.name == "Giấy phép"
    assert "Cần lưu" in show(client, "folder", folder.handle).content.decode()
    assert "Cần lưu" in show(client, "filed").content.decode()
    press(client, "file", item.handle, unfile="1")
    assert item_of(binh).filed_in is None


def test_a_recipient_sees_only_the_own_steps(agency, an, binh, chi, client_of):
    accept([submitted(binh, "an@ubnd.example", "chi@ubnd.example", to="an@ubnd.example")])
    mine = show(client_of(binh), "receipts", item_of(binh, "sent").handle).content.decode()
    theirs = show(client_of(an), "receipts", item_of(an).handle).content.decode()
    assert "chi@ubnd.example" in mine
    assert "chi@ubnd.example" not in theirs


def test_a_receipt_is_pending_then_proven_and_downloads_as_a_bundle(agency, an, binh, client_of):
    accept([submitted(binh, "an@ubnd.example")])
    press(client_of(an), "acknowledge", item_of(an).handle)
    client, handle = client_of(binh), item_of(binh, "sent").handle
    page = show(client, "receipts", handle)
    steps = [step for course in page.context["courses"] for step in course.steps]
    assert [one.is_proven for one in steps] == [False] * 3
    receipt = steps[-1].receipt
    assert show(client, "receipt", handle, receipt.handle).status_code == 409
    sequencer.settle()
    answer = show(client, "receipt", handle, receipt.handle)
    assert (
        answer["Content-Disposition"] == 'attachment; filename="receipt-acknowledged-2026-11-23.congvu.json"'
    )
    assert answer.content.startswith(b'{"congvu"')


def test_a_receipt_tells_who_acted_only_when_that_is_asked_for(agency, an, binh, client_of):
    accept([submitted(binh, "an@ubnd.example")])
    press(client_of(an), "acknowledge", item_of(an).handle)
    sequencer.settle()
    client, handle = client_of(binh), item_of(binh, "sent").handle
    courses = show(client, "receipts", handle).context["courses"]
    accepted, delivered, acknowledged = (step for course in courses for step in course.steps)
    told = {
        step.receipt.step: congvu_verify.verify(
            show(client, "receipt", handle, step.receipt.handle).content
        ).facts
        for step in (accepted, delivered, acknowledged)
    }
    assert {name: sorted(one.disclosed) for name, one in told.items()} == {
        "accepted": ["digest", "message"],
        "delivered": ["address", "digest", "message"],
        "acknowledged": ["address", "digest", "message"],
    }
    assert {name: one.withheld for name, one in told.items()} == {
        "accepted": 2,
        "delivered": 3,
        "acknowledged": 2,
    }
    link = reverse("mail:receipt", args=[handle, acknowledged.receipt.handle])
    answer = client.get(f"{link}?all")
    whole = congvu_verify.verify(answer.content).facts
    assert (whole.withheld, whole.disclosed["actor"]) == (0, an.person.handle)
    assert answer["Content-Disposition"].endswith('-all.congvu.json"')


@pytest.mark.parametrize("page", ["1" * 5_000, "0", "-1", "x", "²", "999"])
def test_a_senseless_page_number_of_a_search_is_no_error(agency, binh, client_of, page):
    answer = client_of(binh).get(reverse("mail:search"), {"q": "thư", "page": page}, headers=ENGLISH)
    assert answer.status_code == 200


@pytest.mark.parametrize("name", ["reply", "reply-all", "forward"])
def test_a_message_with_damaged_bytes_cannot_be_answered(agency, binh, client_of, data_folder, name):
    accept([incoming("binh@ubnd.example")])
    [kept] = [one for one in (data_folder / "blobs").rglob("*") if one.is_file()]
    kept.write_bytes(kept.read_bytes()[:-1] + b"x")
    assert show(client_of(binh), name, item_of(binh).handle).status_code == 404


def test_every_page_wants_a_seat():
    pages = get_resolver().namespace_dict["mail"][1].url_patterns
    assert [one.name for one in pages if not getattr(one.callback, "requires_seat", False)] == []
