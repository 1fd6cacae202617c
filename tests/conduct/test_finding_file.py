"""Whoever may read a duty takes it away in a file, and a program that shares no code replays it, receipts and all."""

import json

from django.urls import reverse

import congvu_recheck
from congvu.cli.__main__ import main
from congvu.conduct.actions.reports import report
from congvu.rules.models import Obligation
from congvu.standards import closings, notes
from tests.conduct.conftest import at


def file_of(client_of, seat, duty):
    return client_of(seat).get(reverse("conduct:finding", args=[duty]))


def test_the_file_of_a_missed_window_agrees(missed, binh, client_of):
    answer = file_of(client_of, binh, missed(binh).handle)
    code, said = congvu_recheck.answer(answer.content, language="en")
    assert (code, answer["Content-Disposition"]) == (
        0,
        f'attachment; filename="{missed(binh).handle}.finding.json"',
    )
    assert "Recomputed: every point AGREES." in said


def test_the_entries_come_with_receipts_and_a_changed_one_is_named(missed, binh, client_of):
    told = json.loads(file_of(client_of, binh, missed(binh).handle).content)
    assert all("receipt" in one for one in told["entries"])
    told["entries"][0]["attributes"]["valid_from"] = "2026-01-01"
    code, said = congvu_recheck.answer(json.dumps(told).encode(), language="en")
    assert code == 1
    assert any("is not what its receipt says" in one for one in said)


def test_a_forged_receipt_is_named(missed, binh, client_of):
    told = json.loads(file_of(client_of, binh, missed(binh).handle).content)
    plain = json.loads(told["entries"][0]["receipt"])
    plain["proof"] = plain["proof"].replace("index ", "index 1")
    told["entries"][0]["receipt"] = (
        json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")) + "\n"
    )
    assert congvu_recheck.answer(json.dumps(told).encode())[0] == 1


def test_receipts_beyond_the_end_of_a_log_whose_key_was_stolen_are_named(
    missed, binh, client_of, tmp_path, capsys
):
    file, note = tmp_path / "one.finding.json", tmp_path / "closing"
    file.write_bytes(file_of(client_of, binh, missed(binh).handle).content)
    closed = notes.parse_verifier_key(
        json.loads(json.loads(file.read_text())["entries"][0]["receipt"])["key"]
    )
    following = notes.generate(f"{closed.name}-2")
    end = closings.Closing(reason="stolen", closed=closed, next=following.verifier, size=1, root=bytes(32))
    note.write_text(closings.sign(end, following))
    assert congvu_recheck.main([str(file)]) == 0
    assert congvu_recheck.main([str(file), "--closing", str(note), "--lang", "en"]) == 1
    assert "its receipt is not proven (closed)" in capsys.readouterr().out
    assert congvu_recheck.main([str(file), "--closing", str(tmp_path / "nowhere")]) == 2


def test_the_command_writes_the_same_file(missed, binh, client_of, tmp_path, capsys):
    path = tmp_path / "one.finding.json"
    assert main(["rules", "export-finding", missed(binh).handle, "--output", str(path)]) == 0
    assert path.read_bytes() == file_of(client_of, binh, missed(binh).handle).content
    assert main(["rules", "export-finding", "a" * 26]) == 1
    assert "there is no finding" in capsys.readouterr().err


def test_others_get_no_file(missed, an, binh, client_of):
    assert file_of(client_of, an, missed(binh).handle).status_code == 404
    assert file_of(client_of, binh, "a" * 26).status_code == 404


def test_the_file_names_nobody(missed, binh, client_of):
    text = file_of(client_of, binh, missed(binh).handle).content.decode()
    assert binh.person.full_name not in text


def test_the_reporter_stays_hidden_from_who_is_reported(office, an, binh, chi, judge, client_of):
    said = {"matter": "paper_used", "communication": "report", "text": "Giấy."}
    report(by=an, unit=binh.unit, person=binh.person, at=at("10:30"), **said)
    judge(at("10:40"))
    duty = Obligation.objects.get(norm="exchange-by-mail")
    for seat, is_shown in ((binh, False), (chi, True)):
        answer = file_of(client_of, seat, duty.handle)
        assert (an.person.handle in answer.content.decode()) is is_shown
        assert congvu_recheck.answer(answer.content)[0] == 0
