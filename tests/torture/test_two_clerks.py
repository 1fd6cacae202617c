"""Two clerks on one data folder, started by mistake."""

import pytest

from bench.installation import Installation
from tests.torture.proof import assert_ledger_whole, settled

pytestmark = pytest.mark.torture


def test_a_second_clerk_refuses_and_says_why(installation: Installation, addresses):
    with installation.serving("door", "clerk"):
        settled(installation)
        second = installation.congvu("run", "--only", "clerk")
        assert second.returncode == 3
        assert "another clerk" in second.stderr
        assert "Traceback" not in second.stderr
        assert installation.running["clerk"].poll() is None
        assert_ledger_whole(installation)
