"""A full check has a process of its own: stopped it has said nothing, fallen it waits for the next night."""

import sys

import pytest

from bench.installation import Installation

pytestmark = [
    pytest.mark.torture,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
]


def test_a_check_ends_well_is_stopped_or_falls(tmp_path):
    installation = Installation(tmp_path)
    installation.extra["TMPDIR"] = str(tmp_path)
    assert installation.ask("tests.cli.checked") == {
        "whole": [1, [""]],
        "stopped": [0, []],
        "killed": [0, ["ended: status -9"]],
        "again": 0,
    }
