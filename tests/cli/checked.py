"""Inside an installation: have the log checked as at night; stop one check in the middle, and kill another."""

import contextlib
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path


def found() -> None:
    """Found an agency with a log."""
    from congvu.cli.__main__ import main  # noqa: PLC0415 -- as the operator does

    words = ["init", "--agency", "Committee", "--slug", "ubnd", "--domain", "ubnd.example"]
    with contextlib.redirect_stdout(sys.stderr):
        assert main([*words, "--administrator", "Ngoc"]) == 0
    from congvu.ledger.sequencer import settle  # noqa: PLC0415 -- after setup

    settle()


def results() -> dict[str, object]:
    """Check once to the end, once until the clerk stops, once until somebody kills the process."""
    from congvu.cli import checker  # noqa: PLC0415 -- after setup

    stop = threading.Event()
    whole = checker.check_due(stop), known()
    forget()
    threading.Timer(0.3, stop.set).start()
    stopped = checker.check_due(stop), known()
    threading.Thread(target=kill_child).start()
    killed = checker.check_due(threading.Event()), known()
    return {
        "whole": whole,
        "stopped": stopped,
        "killed": killed,
        "again": checker.check_due(threading.Event()),
    }


def known() -> list[str]:
    """Return the failure of each check that came to a result."""
    from congvu.ledger.models import Chore  # noqa: PLC0415 -- after setup

    return list(Chore.objects.filter(name__startswith="full_check").values_list("failure", flat=True))


def forget() -> None:
    """Let the log be due again."""
    from congvu.ledger.models import Chore  # noqa: PLC0415 -- after setup

    Chore.objects.all().delete()


def kill_child() -> None:
    """Kill the process of a check as soon as there is one."""
    for _ in range(2_000):
        found_ = [int(one) for task in Path("/proc/self/task").iterdir() for one in _children(task)]
        if found_:
            os.kill(found_[0], signal.SIGKILL)
            return
        time.sleep(0.01)
    raise AssertionError("no check was started")


def _children(task: Path) -> list[str]:
    with contextlib.suppress(OSError):
        return (task / "children").read_text().split()
    return []


if __name__ == "__main__":
    found()
    sys.stdout.write(json.dumps(results()) + "\n")
