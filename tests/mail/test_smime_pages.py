"""An official gives a key on the own page, signs a letter where it is written, and takes the key back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from congvu.base import blobs, clock
from congvu.ledger import queries as ledger
from congvu.ledger import sequencer
from congvu.mail import tasks
from congvu.mail.actions.accepting import accept
from congvu.mail.models import Draft, Message, Signature, SigningKey
from congvu.mail.smime import trust
from tests.mail.letters import incoming
from tests.mail.pages import ENGLISH, item_of, press, show
from tests.mail.pki import DAY, NOW, Pki
from tests.mail.signed_letters import BINH, Maker
from tests.mail.test_envelopes import encrypt
from tests.mail.test_smime_signing import file_of

pytestmark = pytest.mark.django_db(transaction=True)
OPENS = "secret words"


@pytest.fixture
def make(tmp_path, data_folder) -> Maker:
    made = Maker(Pki(tmp_path))
    trust.add(data_folder / "trust", made.root.path.read_bytes())
    return made


def give(client, holder, passphrase=OPENS, data=None):
    file = SimpleUploadedFile("binh.p12", data or file_of(holder))
    return press(client, "signing", file=file, passphrase=passphrase)


def letter(**changed):
    return {"to": "an@ubnd.example", "subject": "Giấy mời", "body": "Kính mời.", "do": "send"} | changed


def kinds(agency) -> list[str]:
    sequencer.settle()
    entries = ledger.entries_from(agency.handle, 0, 0, 1000)
    return [one.kind for one in entries if one.kind.startswith("mail.signing_key")]


def test_a_letter_signed_where_it_is_written_is_stored_signed_and_valid(make, agency, an, binh, client_of):
    client = client_of(binh)
    assert give(client, make.binh()).status_code == 302
    sent = client.post(reverse("mail:compose"), letter(sign="on", passphrase=OPENS), headers=ENGLISH)
    assert sent.status_code == 302
    raw = blobs.get(Message.objects.get().blob)
    assert b"multipart/signed" in raw
    while tasks.check_signatures(clock.now()):
        pass
    assert [one.state for one in Signature.objects.all()] == ["valid"]
    page = show(client_of(an), "message", item_of(an).handle).content.decode()
    assert "Signed by binh. The signature is valid." in page


def test_a_letter_is_not_signed_unless_that_was_chosen(make, agency, an, binh, client_of):
    client = client_of(binh)
    give(client, make.binh())
    client.post(reverse("mail:compose"), letter(passphrase=OPENS))
    assert b"multipart/signed" not in blobs.get(Message.objects.get().blob)


def test_a_wrong_passphrase_sends_nothing_and_loses_nothing(make, agency, an, binh, client_of):
    client = client_of(binh)
    give(client, make.binh())
    answer = client.post(reverse("mail:compose"), letter(sign="on", passphrase="wrong"), headers=ENGLISH)
    assert answer.status_code == 422
    assert "does not open your key" in answer.content.decode()
    assert (Message.objects.count(), Draft.objects.get().body) == (0, "Kính mời.")


def test_without_a_key_nothing_is_signed(agency, an, binh, client_of, data_folder):
    client = client_of(binh)
    page = show(client, "compose").content.decode()
    assert "Sign letters with your certificate" in page
    assert 'name="passphrase"' not in page
    answer = client.post(reverse("mail:compose"), letter(sign="on", passphrase="x"), headers=ENGLISH)
    assert (answer.status_code, Message.objects.count()) == (422, 0)


def test_what_lies_in_the_server_opens_only_by_the_passphrase(make, agency, binh, client_of):
    give(client_of(binh), make.binh())
    stored = blobs.get(SigningKey.objects.get().blob)
    private = make.binh().key.private_numbers().private_value.to_bytes(32, "big")
    assert private not in stored
    assert OPENS.encode() not in stored


def test_the_page_shows_the_key_and_takes_it_back(make, agency, binh, chi, client_of):
    client = client_of(binh)
    give(client, make.binh())
    blob = SigningKey.objects.get().blob
    page = show(client, "signing").content.decode()
    assert BINH in page
    assert "In force" in page
    assert "Not everybody will believe it" not in page
    assert BINH not in show(client_of(chi), "signing").content.decode()
    assert press(client_of(chi), "signing-remove").status_code == 302
    assert SigningKey.objects.count() == 1
    assert press(client, "signing-remove").status_code == 302
    assert SigningKey.objects.count() == 0
    with pytest.raises(blobs.BlobMissingError):
        blobs.get(blob)
    assert kinds(agency) == ["mail.signing_key.kept", "mail.signing_key.removed"]


def test_a_second_key_takes_the_place_of_the_first(make, agency, binh, client_of):
    client = client_of(binh)
    give(client, make.binh())
    first = SigningKey.objects.get().blob
    give(client, make.binh("binh-rsa", kind="rsa2048"))
    assert SigningKey.objects.get().blob != first
    assert kinds(agency) == ["mail.signing_key.kept", "mail.signing_key.removed", "mail.signing_key.kept"]
    with pytest.raises(blobs.BlobMissingError):
        blobs.get(first)


@pytest.mark.parametrize(
    ("options", "passphrase", "sentence"),
    [
        ({}, "wrong", "does not open your key"),
        ({"mails": ("chi@ubnd.example",)}, OPENS, "not the address that signs"),
        ({"until": NOW - DAY}, OPENS, "not in force today"),
        ({"kind": "rsa1024"}, OPENS, "no private key with its certificate that can sign"),
    ],
)
def test_a_key_that_cannot_sign_for_the_person_is_refused(
    make, agency, binh, client_of, options, passphrase, sentence
):
    answer = give(client_of(binh), make.binh("odd", **options), passphrase)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert (SigningKey.objects.count(), kinds(agency)) == (0, [])


def test_only_administrators_see_whom_the_installation_trusts(make, agency, binh, ngoc, client_of):
    assert show(client_of(binh), "trust").status_code == 403
    page = show(client_of(ngoc), "trust").content.decode()
    assert "CN=root,C=VN" in page


def test_a_signed_receipt_goes_back_and_is_proved_once(make, agency, an, binh, client_of):
    sender, reader = client_of(binh), client_of(an)
    give(sender, make.binh())
    give(reader, make.binh("an", mails=("an@ubnd.example",)))
    chosen = letter(sign="on", ask_receipt="on", passphrase=OPENS)
    assert sender.post(reverse("mail:compose"), chosen, headers=ENGLISH).status_code == 302
    item = item_of(an)
    assert "The sender asks for a signed receipt" in show(reader, "message", item.handle).content.decode()
    assert press(reader, "signed-receipt", item.handle, passphrase="wrong").status_code == 302
    assert Message.objects.count() == 1
    for _ in range(2):
        press(reader, "signed-receipt", item.handle, passphrase=OPENS)
    assert Message.objects.count() == 2
    while tasks.check_signatures(clock.now()):
        pass
    rows = Signature.objects.order_by("id").values_list("state", "confirms__subject")
    assert list(rows) == [("valid", None), ("valid", "Giấy mời")]
    page = show(sender, "message", item_of(binh, "sent").handle).content.decode()
    assert "Confirmed by a signed receipt of an@ubnd.example" in page
    assert (
        "Signed receipt by an. It is valid." in show(sender, "message", item_of(binh).handle).content.decode()
    )


def test_an_encrypted_letter_is_read_with_the_own_key_and_nothing_of_it_is_stored(
    make, agency, binh, client_of
):
    client = client_of(binh)
    owner = make.binh("binh-rsa", kind="rsa2048", usage="both")
    raw = encrypt(make, owner, "-aes256").replace(b"From: binh@ubnd.example", b"From: dung@dan.example")
    accept([incoming("binh@ubnd.example", data=raw)])
    handle = item_of(binh).handle
    page = show(client, "message", handle).content.decode()
    assert "This message is encrypted" in page
    assert "The server has no key of yours" in page
    give(client, owner)
    assert "For your eyes only" in press(client, "unseal", handle, passphrase=OPENS).content.decode()
    assert press(client, "unseal", handle, passphrase="wrong").status_code == 302
    assert "For your eyes only" not in show(client, "message", handle).content.decode()
    assert blobs.get(Message.objects.get().blob) == raw


def test_no_address_within_an_encrypted_letter_can_be_followed(make, agency, binh, client_of):
    """Who tampers with a ciphertext can put its text behind an address (EFAIL): there is nothing to press."""
    client, owner = client_of(binh), make.binh("binh-rsa", kind="rsa2048", usage="both")
    content = (
        b"Content-Type: text/html\r\n\r\n<a href='http://x.example/?a'>b</a> http://x.example/?secret\r\n"
    )
    raw = encrypt(make, owner, "-aes256", content=content)
    accept([incoming("binh@ubnd.example", data=raw.replace(b"binh@ubnd", b"dung@dan", 1))])
    give(client, owner)
    page = press(client, "unseal", item_of(binh).handle, passphrase=OPENS).content.decode()
    assert "http://x.example/?secret" in page
    assert 'href="http://x.example' not in page
