import argparse
import json
import mailbox
import tarfile

import pytest

from congvu.base import blobs
from congvu.ledger import queries as ledger
from congvu.ledger import sequencer
from congvu.ledger.actions import ReadOnlyError
from congvu.ledger.models import Ledger, Outbox
from congvu.mail import cli
from congvu.mail.models import Item, Message
from tests.mail.letters import raw

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _here(data_folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def old(tmp_path):
    """An mbox of three letters, one of them with a line that begins with From."""
    letters = [
        raw(message_id="1@cu.example", text="Thư thứ nhất", subject="Một").replace(b"\r\n", b"\n"),
        raw(message_id="2@cu.example", text="From Hà Nội, ngày 1", subject="Hai").replace(b"\r\n", b"\n"),
        raw(message_id="3@cu.example", sender="Bình <binh@ubnd.example>", subject="Ba").replace(
            b"\r\n", b"\n"
        ),
    ]
    path = tmp_path / "cu.mbox"
    lines = []
    for letter in letters:
        quoted = letter.replace(b"\nFrom ", b"\n>From ")
        lines.append(b"From x@cu.example Mon Nov 23 08:59:00 2009\n" + quoted + b"\n")
    path.write_bytes(b"".join(lines))
    return path


def main(words):
    parser = argparse.ArgumentParser()
    cli.register(parser.add_subparsers())
    arguments = parser.parse_args(words)
    return arguments.run(arguments)


def take(*words):
    return main(["mail", "import", *map(str, words), "--mailbox", "binh@ubnd.example"])


def rows(name="cu.mbox.report.jsonl"):
    with open(name, encoding="utf-8") as lines:  # noqa: PTH123 -- the report lies where the command ran
        return [json.loads(line) for line in lines]


def test_old_mail_is_taken_over_filed_and_owes_nothing(agency, binh, old, capsys):
    assert take(old) == 0
    found = Item.objects.order_by("id").values_list(
        "message__subject", "folder", "filed_in__name", "owes_acknowledgement"
    )
    assert list(found) == [
        ("Một", "filed", "cu.mbox", False),
        ("Hai", "filed", "cu.mbox", False),
        ("Ba", "sent", None, False),
    ]
    assert "3  imported" in capsys.readouterr().out
    sequencer.settle()
    kinds = [
        one.kind for one in ledger.entries_from(agency.handle, 0, 0, 1000) if one.kind.startswith("mail.")
    ]
    assert kinds == ["mail.message.imported"] * 3


def test_one_quoting_mark_is_taken_off(agency, binh, old):
    take(old)
    assert b"\nFrom H\xc3\xa0 N\xe1\xbb\x99i" in blobs.get(Message.objects.get(subject="Hai").blob)


def test_the_report_names_every_message(agency, binh, old):
    take(old)
    assert [(one["source"], one["result"]) for one in rows()] == [("cu.mbox", "imported")] * 3
    assert [one["message"] for one in rows()] == list(
        Message.objects.order_by("id").values_list("handle", flat=True)
    )


def test_an_import_that_was_cut_off_goes_on_where_it_stopped(agency, binh, old, tmp_path):
    take(old)
    report = tmp_path / "cu.mbox.report.jsonl"
    first, second, _third = report.read_text().splitlines()
    report.write_text(f"{first}\n{second[:20]}")
    assert take(old) == 2
    assert take(old, "--resume") == 0
    assert [one["result"] for one in rows()] == ["imported", "present", "present"]
    assert Message.objects.count() == 3


def test_a_marked_message_is_refused_and_named(agency, binh, tmp_path):
    (tmp_path / "thu.eml").write_bytes(raw(subject="[MẬT] Công văn"))
    assert take("thu.eml") == 1
    assert rows("thu.eml.report.jsonl") == [
        {"source": "thu.eml", "offset": 0, "result": "refused", "mark": "secret"}
    ]
    assert Message.objects.count() == 0
    sequencer.settle()
    found = [one for one in ledger.entries_from(agency.handle, 0, 0, 1000) if one.kind.startswith("mail.")]
    assert [(one.kind, one.attributes, one.disclosures) for one in found] == [
        ("mail.message.refused", {"channel": "import", "mark": "secret"}, {})
    ]


def test_an_import_that_fails_leaves_neither_bytes_nor_evidence(agency, binh, old, tmp_path, data_folder):
    (tmp_path / "thu.eml").write_bytes(raw(subject="[MẬT] Công văn"))
    Ledger.objects.filter(agency=agency.handle).update(sealed="restored")
    for archive in (old, "thu.eml"):
        with pytest.raises(ReadOnlyError):
            take(archive)
    assert (Message.objects.count(), Outbox.objects.filter(leaf__contains=b"mail.").count()) == (0, 0)
    assert [one for one in (data_folder / "blobs").rglob("*") if one.is_file()] == []


def test_a_maildir_and_a_packed_folder_are_read(agency, binh, tmp_path):
    folder = mailbox.Maildir(tmp_path / "maildir", create=True)
    folder.add(raw(message_id="a@cu.example", subject="Trong Maildir"))
    (tmp_path / "x.eml").write_bytes(raw(message_id="b@cu.example", subject="Trong tar"))
    with tarfile.open(tmp_path / "goi.tar.gz", "w:gz") as packed:
        packed.add(tmp_path / "x.eml", arcname="x.eml")
    assert take("maildir") == take("goi.tar.gz") == 0
    assert sorted(Message.objects.values_list("subject", flat=True)) == ["Trong Maildir", "Trong tar"]


def test_two_archives_of_one_name_do_not_hide_each_other(agency, binh, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "thu.eml").write_bytes(raw(subject=name))
        assert take(f"{name}/thu.eml", "--report", f"{name}.jsonl") == 0
    assert Message.objects.count() == 2


def test_mistakes_are_said_before_anything_happens(agency, binh, old, capsys):
    assert main(["mail", "import", str(old), "--mailbox", "khong@ubnd.example"]) == 2
    assert take("khong-co.mbox") == 2
    assert "is no address of this installation" in capsys.readouterr().err
    assert Message.objects.count() == 0


def test_the_queue_is_listed(agency, binh, capsys):
    assert main(["mail", "queue"]) == 0
    assert "0 waiting" in capsys.readouterr().out
