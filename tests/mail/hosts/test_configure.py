"""`congvu mail server configure`, checked by the servers' own programs."""

import argparse
import re
import subprocess
from pathlib import Path

import pytest

from bench.peers.dovecot import Dovecot
from congvu.mail.commands import server
from congvu.mail.hosts import dovecot, postfix
from congvu.mail.hosts.requirements import check
from congvu.mail.lmtp.endpoints import Endpoint, EndpointError, endpoint
from tests import requires

GATE = Endpoint(host="127.0.0.1", port=2424)
PLAN = postfix.Plan(gate=GATE, message_limit=50_000_000)


def run(capsys, *words: str) -> tuple[int, str]:
    parser = argparse.ArgumentParser()
    server.register(parser.add_subparsers())
    arguments = parser.parse_args(["server", "configure", *words])
    return arguments.run(arguments), capsys.readouterr().out


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A Postfix that was told nothing."""
    requires.program("postconf", package="postfix")
    (tmp_path / "main.cf").write_text("compatibility_level = 3.6\n")
    (tmp_path / "master.cf").write_text("smtp inet n - y - - smtpd\n")
    return tmp_path


@pytest.fixture
def heard(settings) -> None:
    settings.CONGVU_LMTP = "127.0.0.1:2424"
    settings.CONGVU_MESSAGE_LIMIT = 50_000_000


def test_a_postfix_that_was_told_nothing_lacks_what_matters(folder, heard, capsys):
    status, said = run(capsys, "postfix", "--check", "--configuration", str(folder))
    missing = re.findall(r"^MISSING  (\S+):", said, re.MULTILINE)
    assert (status, missing) == (
        1,
        [
            "virtual_transport",
            "master:congvu",
            "congvu_destination_concurrency_limit",
            "message_size_limit",
            "lmtp_send_xforward_command",
            "lmtp_line_length_limit",
            "smtp_line_length_limit",
            "smtpd_forbid_bare_newline",
            "smtpd_forbid_unauth_pipelining",
            "smtpd_data_restrictions",
            "smtpd_sender_restrictions",
        ],
    )
    assert "breaks signatures" in said


def test_a_postfix_that_was_told_what_is_printed_lacks_nothing(folder, heard, capsys):
    printed = run(capsys, "postfix")[1]
    lines = [line for line in printed.splitlines() if not line.startswith("#")]
    mark = "(master.cf) "
    with (folder / "main.cf").open("a") as file:
        file.writelines(f"{line}\n" for line in lines if not line.startswith(mark))
    with (folder / "master.cf").open("a") as file:
        file.writelines(f"{line.removeprefix(mark)}\n" for line in lines if line.startswith(mark))
    status, said = run(capsys, "postfix", "--check", "--configuration", str(folder))
    assert (status, said.splitlines()[-1]) == (0, "nothing is missing")
    told = subprocess.run(["postconf", "-c", str(folder), "-n"], capture_output=True, text=True, check=True)
    assert "unused parameter" not in told.stderr.replace("congvu_destination", "")


def test_a_dovecot_with_our_events_lacks_only_what_is_not_of_the_log(tmp_path):
    requires.program("doveconf", package="dovecot-core")
    made = Dovecot(tmp_path / "dovecot", extra=dovecot.EVENTS)
    plan = dovecot.Plan(delivery=GATE, log=str(made.log))
    found = check(dovecot.requirements(plan), dovecot.settings(tmp_path / "dovecot" / "dovecot.conf"))
    assert [one.requirement.name for one in found if not one.is_met] == ["quota_full_tempfail"]


def test_a_dovecot_that_was_told_nothing_lacks_the_events(tmp_path, capsys, settings):
    requires.program("doveconf", package="dovecot-core")
    settings.CONGVU_DOVECOT_LOG = "/var/log/congvu-dovecot.log"
    Dovecot(tmp_path / "dovecot")
    status, said = run(
        capsys, "dovecot", "--check", "--configuration", str(tmp_path / "dovecot" / "dovecot.conf")
    )
    assert status == 1
    assert "MISSING  event_exporter congvu/transport" in said
    assert "events of an outage are lost" in said


def test_what_is_printed_for_dovecot_is_taken_by_dovecot(tmp_path, capsys, settings):
    requires.program("doveconf", package="dovecot-core")
    settings.CONGVU_DELIVERY_LMTP, settings.CONGVU_DOVECOT_LOG = (
        "127.0.0.1:2425",
        "/var/log/congvu-dovecot.log",
    )
    printed = run(capsys, "dovecot")[1]
    file = tmp_path / "dovecot.conf"
    file.write_text(f"ssl = no\n{printed}")
    status, said = run(capsys, "dovecot", "--check", "--configuration", str(file))
    assert (status, said.splitlines()[-1]) == (0, "nothing is missing")


def test_a_protocol_with_plugins_of_its_own_is_named(tmp_path, capsys, settings):
    """Dovecot changes no section of an earlier file: with sieve or quota, the log would say nothing of letters."""
    requires.program("doveconf", package="dovecot-core")
    settings.CONGVU_DELIVERY_LMTP, settings.CONGVU_DOVECOT_LOG = "127.0.0.1:2425", "/var/log/congvu.log"
    printed = run(capsys, "dovecot")[1]
    file = tmp_path / "dovecot.conf"
    own = "protocol lmtp {\n  mail_plugins = $mail_plugins sieve\n}\n"
    file.write_text(f"ssl = no\n{own}{printed}")
    status, said = run(capsys, "dovecot", "--check", "--configuration", str(file))
    assert (status, re.findall(r"^MISSING  (.+): is", said, re.MULTILINE)) == (
        1,
        ["protocol lmtp/mail_plugins"],
    )
    file.write_text(
        f"{file.read_text()}protocol lmtp {{\n  mail_plugins = $mail_plugins notify mail_log\n}}\n"
    )
    assert run(capsys, "dovecot", "--check", "--configuration", str(file))[0] == 0


def test_a_program_that_is_not_there_is_named(tmp_path, capsys):
    assert run(capsys, "dovecot", "--check", "--configuration", str(tmp_path / "none.conf"))[0] == 2


@pytest.mark.parametrize("text", ["", "host", "host:", "host:x", "host:70000", "relative/path"])
def test_what_names_no_place_is_refused(text):
    with pytest.raises(EndpointError):
        endpoint(text)


def test_a_place_is_written_as_it_is_read():
    for text in ("127.0.0.1:24", "[::1]:24", "mail.example:24", "/run/congvu/lmtp"):
        assert str(endpoint(text)) == text


@pytest.mark.django_db
def test_a_postfix_that_sends_copies_as_printed_lacks_nothing(folder, agency, capsys, settings):
    settings.CONGVU_JOURNAL, settings.CONGVU_MESSAGE_LIMIT = "127.0.0.1:2426", 50_000_000
    words = ["postfix", "--way", "journal"]
    status, said = run(capsys, *words, "--check", "--configuration", str(folder))
    missing = re.findall(r"^MISSING  (\S+):", said, re.MULTILINE)
    assert (status, missing[:4]) == (
        1,
        ["recipient_bcc_maps", "transport_maps", "master:congvujournal", "smtpd_recipient_restrictions"],
    )
    mark, lines = "(master.cf) ", [one for one in run(capsys, *words)[1].splitlines() if one[:1] != "#"]
    with (folder / "main.cf").open("a") as file:
        file.writelines(f"{line}\n" for line in lines if not line.startswith(mark))
    with (folder / "master.cf").open("a") as file:
        file.writelines(f"{line.removeprefix(mark)}\n" for line in lines if line.startswith(mark))
    status, said = run(capsys, *words, "--check", "--configuration", str(folder))
    assert (status, said.splitlines()[-1]) == (0, "nothing is missing")
