"""Starting the agency: what stands in the way is said in words."""

import os
import socket
import subprocess
import sys

import pytest

from congvu.cli import ports

NGOC = ("--agency", "Ủy ban", "--administrator", "Đặng Hồng Ngọc")


def congvu(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the real command."""
    return subprocess.run(
        [sys.executable, "-m", "congvu.cli", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "congvu.config.settings", **environment},
    )


def test_a_taken_port_is_named_with_its_setting(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        answer = congvu("run", CONGVU_WEB_PORT=port, CONGVU_DATA=str(tmp_path / "data"))
    assert answer.returncode == 1
    assert answer.stderr == f"congvu: in use by another program: CONGVU_WEB_PORT={port}; set other ports\n"


def test_free_ports_are_free(settings):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        free = other.getsockname()[1]
    settings.CONGVU_WEB_PORT = settings.CONGVU_SMTP_PORT = settings.CONGVU_SUBMISSION_PORT = free
    assert ports.taken() == []


@pytest.fixture(scope="module")
def founded(tmp_path_factory) -> str:
    """Return the data folder of an agency."""
    data = str(tmp_path_factory.mktemp("founded") / "data")
    made = congvu("init", *NGOC, "--slug", "uy-ban", "--domain", "uyban.example", CONGVU_DATA=data)
    assert (made.returncode, made.stderr) == (0, "")
    return data


def test_a_demonstration_is_not_mixed_into_an_agency_of_its_own(founded):
    free = dict.fromkeys(("CONGVU_WEB_PORT", "CONGVU_SMTP_PORT", "CONGVU_SUBMISSION_PORT"), "0")
    answer = congvu("run", "--demonstration", CONGVU_DATA=founded, **free)
    assert (answer.returncode, answer.stderr) == (
        1,
        "congvu: uy-ban is no demonstration; start it with: congvu run\n",
    )


def test_a_second_agency_is_founded_only_when_that_is_meant(founded):
    words = (*NGOC, "--slug", "hai", "--domain", "hai.example")
    refused = congvu("init", *words, CONGVU_DATA=founded)
    meant = congvu("init", *words, "--another", CONGVU_DATA=founded)
    assert [one.returncode for one in (refused, meant)] == [1, 0]
