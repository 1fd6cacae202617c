"""Writing in the browser: whatever goes wrong, what was typed stays; state secrets never do."""

import pytest
from django.urls import reverse

from congvu.base import clock
from congvu.mail.actions.accepting import accept
from congvu.mail.models import Draft, DraftFile, Item, Message, Transfer
from tests.mail.letters import NOW, incoming, submitted
from tests.mail.pages import item_of, kinds, press, show

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nine_o_clock(data_folder):
    with clock.demonstration(NOW):
        yield


LETTER = {
    "to": "an@ubnd.example",
    "cc": "",
    "subject": "Lịch họp",
    "body": "9 giờ",
    "communication": "meeting_papers",
}


def test_a_message_from_the_browser_goes_the_same_way(agency, an, binh, client_of):
    answer = press(client_of(binh), "compose", do="send", **LETTER)
    message = Message.objects.get()
    assert answer.url == reverse("mail:message", args=[item_of(binh, "sent").handle])
    assert (message.channel, message.author, message.communication) == ("web", binh.person, "meeting_papers")
    assert (item_of(an).message, item_of(an).owes_acknowledgement) == (message, True)
    assert Draft.objects.count() == 0
    assert kinds(agency) == ["mail.message.accepted", "mail.message.delivered"]


def test_a_units_list_reaches_everybody_in_the_unit(agency, an, binh, chi, client_of):
    press(client_of(binh), "compose", do="send", **LETTER | {"to": '"Office" <@vp>', "cc": "an@ubnd.example"})
    boxes = Item.objects.filter(folder="inbox").values_list("mailbox__person__full_name", flat=True)
    assert sorted(boxes) == sorted(one.person.full_name for one in (an, binh, chi))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"to": ""}, "Enter at least one recipient"),
        ({"to": "khong-co@ubnd.example"}, "khong-co@ubnd.example"),
        ({"to": "không phải địa chỉ"}, "không phải địa chỉ"),
        ({"to": "@khongco"}, "@khongco"),
    ],
)
def test_a_mistake_is_named_and_nothing_typed_is_lost(agency, an, binh, client_of, fields, words):
    answer = press(client_of(binh), "compose", do="send", **LETTER | fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "9 giờ" in page
    assert Message.objects.count() == 0
    assert Draft.objects.get().body == "9 giờ"


def test_recipients_outside_the_agency_are_asked_about_once(agency, binh, client_of):
    client = client_of(binh)
    letter = LETTER | {"to": "dung@dan.example"}
    first = press(client, "compose", do="send", **letter)
    assert "outside the agency: dung@dan.example" in first.content.decode()
    assert Message.objects.count() == 0
    draft = Draft.objects.get().handle
    press(client, "compose", do="send", **letter, draft=draft, checked="dung@dan.example")
    assert Transfer.objects.get().recipient == "dung@dan.example"
    assert Draft.objects.count() == 0


@pytest.mark.parametrize("do", ["send", "save"])
def test_a_state_secret_is_neither_sent_nor_kept_as_a_draft(agency, an, binh, client_of, do):
    answer = press(client_of(binh), "compose", do=do, **LETTER | {"subject": "[TUYỆT MẬT] Kế hoạch"})
    page = answer.content.decode()
    assert "No. 117/2025/QH15" in page
    assert "9 giờ" in page
    assert (Message.objects.count(), Draft.objects.count()) == (0, 0)
    assert kinds(agency) == (["mail.message.refused"] if do == "send" else [])


def test_files_stay_with_the_draft_and_go_with_the_message(agency, an, binh, client_of, tmp_path):
    client, file = client_of(binh), tmp_path / "báo cáo.txt"
    file.write_bytes(b"so lieu")
    with file.open("rb") as opened:
        answer = press(client, "compose", do="save", **LETTER, attachments=opened)
    draft = Draft.objects.get()
    assert answer.url == reverse("mail:draft", args=[draft.handle])
    assert "báo cáo.txt" in client.get(answer.url).content.decode()
    press(client, "compose", do="send", **LETTER, draft=draft.handle)
    given = show(client_of(an), "attachment", item_of(an).handle, 1)
    assert given.content == b"so lieu"
    assert DraftFile.objects.count() == 0


def test_a_file_can_be_taken_out_again(agency, an, binh, client_of, tmp_path):
    client, file = client_of(binh), tmp_path / "a.txt"
    file.write_bytes(b"a")
    with file.open("rb") as opened:
        press(client, "compose", do="save", **LETTER, attachments=opened)
    kept = DraftFile.objects.get()
    press(client, "compose", do=f"remove:{kept.handle}", **LETTER, draft=kept.draft.handle)
    assert DraftFile.objects.count() == 0


def test_a_draft_keeps_itself_while_it_is_typed(agency, binh, client_of):
    client = client_of(binh)
    answer = press(client, "save", **LETTER)
    draft = Draft.objects.get()
    assert answer["HX-Replace-Url"] == reverse("mail:draft", args=[draft.handle])
    press(client, "save", **LETTER | {"body": "10 giờ"}, draft=draft.handle)
    assert Draft.objects.get().body == "10 giờ"
    assert kinds(agency) == []


def test_a_second_press_of_send_leads_to_what_was_sent(agency, an, binh, client_of):
    client = client_of(binh)
    press(client, "compose", do="save", to="an@ubnd.example", subject="Một lần")
    form = {"do": "send", "to": "an@ubnd.example", "subject": "Một lần", "draft": Draft.objects.get().handle}
    first, second = (press(client, "compose", **form) for _ in range(2))
    assert (first.status_code, second.status_code, second.url) == (302, 302, reverse("mail:sent"))
    assert "was sent already" in show(client, "sent").content.decode()
    answer = press(client, "save", **form)
    assert "was sent already" in answer.content.decode()
    assert (Message.objects.count(), Draft.objects.count()) == (1, 0)


def test_a_double_press_on_a_letter_that_was_never_kept_sends_one(agency, an, binh, client_of):
    client = client_of(binh)
    token = show(client, "compose").context["form"]["draft"].value()
    first, second = (press(client, "compose", do="send", **LETTER, draft=token) for _ in range(2))
    assert (first.status_code, second.status_code, second.url) == (302, 302, reverse("mail:sent"))
    assert (Message.objects.count(), Draft.objects.count()) == (1, 0)


def test_each_form_begins_a_letter_of_its_own(agency, an, binh, client_of):
    client = client_of(binh)
    for _ in range(2):
        token = show(client, "compose").context["form"]["draft"].value()
        press(client, "compose", do="send", **LETTER, draft=token)
    assert Message.objects.count() == 2


def test_nobody_else_sees_or_sends_a_draft(agency, an, binh, client_of):
    press(client_of(binh), "save", **LETTER)
    handle = Draft.objects.get().handle
    assert show(client_of(an), "draft", handle).status_code == 404
    other = press(client_of(an), "compose", do="send", **LETTER, draft=handle)
    assert (other.status_code, other.url) == (302, reverse("mail:sent"))
    assert (Message.objects.count(), Draft.objects.get().author) == (0, binh.person)


def test_the_clerk_writes_as_the_unit_and_others_cannot(agency, an, binh, client_of):
    boxes = show(client_of(an), "inbox").context["boxes"]
    unit = next(one.url for one in boxes if one.label == "Office").split("/")[-2]
    press(client_of(an), "compose", do="send", **LETTER | {"to": "binh@ubnd.example"}, sender=unit)
    assert Message.objects.get().sender_address == "vanphong@ubnd.example"
    assert Message.objects.get().author == an.person
    assert press(client_of(binh), "compose", do="send", **LETTER, sender=unit).status_code == 422
    assert Message.objects.count() == 1


def test_a_reply_from_the_browser_acknowledges(agency, an, binh, client_of):
    accept([submitted(binh, "an@ubnd.example", message_id="q@ubnd.example", subject="Họp", text="9 giờ nhé")])
    client, item = client_of(an), item_of(an)
    form = show(client, "reply", item.handle).context["form"].initial
    assert form["subject"] == "Re: Họp"
    assert "binh@ubnd.example" in form["to"]
    assert "> 9 giờ nhé" in form["body"]
    press(client, "compose", do="send", **form)
    item.refresh_from_db()
    assert item.acknowledged_by == "reply"
    assert item_of(binh).thread == item.thread


def test_reply_to_all_leaves_oneself_out(agency, an, binh, chi, client_of):
    accept([submitted(binh, "an@ubnd.example", "chi@ubnd.example", cc="dung@dan.example")])
    form = show(client_of(an), "reply-all", item_of(an).handle).context["form"].initial
    assert "an@ubnd.example" not in form["to"] + form["cc"]
    assert form["cc"] == "chi@ubnd.example, dung@dan.example"


def test_a_forward_carries_the_original_byte_for_byte(agency, an, binh, chi, client_of):
    letter = incoming("an@ubnd.example", subject="Đơn", message_id="don@dan.example")
    accept([letter])
    client = client_of(an)
    form = show(client, "forward", item_of(an).handle).context["form"].initial
    press(client, "compose", do="send", **form | {"to": "chi@ubnd.example"})
    assert letter.raw in show(client_of(chi), "raw", item_of(chi).handle).content
    assert item_of(an).acknowledged_at is None
