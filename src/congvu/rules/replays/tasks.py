"""How a replay is done: from the draft as it was asked for to differences and figures, with its progress."""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from congvu.rules import trial
from congvu.rules.assumption import read
from congvu.rules.models import Replay, ReplayState
from congvu.rules.replay import CanceledError, scratch
from congvu.rules.replay import run as judge_twice
from congvu.rules.replays import actions
from congvu.rules.replays.bodies import figures

log = logging.getLogger(__name__)
PAUSE = 1.0  # seconds between two notes of how far the work is
Clock = Callable[[], datetime]


def run_next(clock: Clock, *, stopped: Callable[[], bool] = lambda: False) -> bool:
    """Do the replay that waits longest, here and now; return whether there was one."""
    replay = actions.take_up(at=clock())
    if replay is None:
        return False
    run(replay.handle, clock, stopped=stopped)
    return True


def run(handle: str, clock: Clock, *, stopped: Callable[[], bool]) -> None:
    """Do a replay that was taken up; it is over afterwards. `stopped` says that the process ends."""
    replay = Replay.objects.select_related("agency").get(handle=handle)
    try:
        _replay(replay, clock, stopped)
    except CanceledError:
        state = ReplayState.INTERRUPTED if stopped() else ReplayState.CANCELED
        actions.give_up(replay, problem="", at=clock(), state=state)
    except trial.REFUSALS as error:
        actions.give_up(replay, problem=str(error) or type(error).__name__, at=clock())
    except Exception as error:
        log.exception("a replay failed")
        actions.give_up(replay, problem=type(error).__name__, at=clock())


def _replay(replay: Replay, clock: Clock, stopped: Callable[[], bool]) -> None:
    agency = replay.agency
    draft = trial.read_draft(replay.text, name=replay.name)
    day, values = read(replay.assumed)
    ready = trial.prepare(
        agency=agency, draft=draft, first=replay.first, last=replay.last, assumed_from=day, values=values
    )
    progress = _Progress(replay, trial.total(agency), stopped)
    with scratch() as file:
        twice = trial.replay(ready, file)
        summary = judge_twice(twice, trial.runs(agency), progress=progress)
        actions.file_differences(replay, twice.differences())
    actions.finish(replay, figures=figures(summary), at=clock())


class _Progress:
    """Notes how far a replay is, once a second, and stops it when nobody wants it or the process ends."""

    def __init__(self, replay: Replay, total: int, stopped: Callable[[], bool]) -> None:
        self.replay, self.total, self.stopped = replay, total, stopped
        self.noted = 0.0

    def __call__(self, done: int) -> None:
        if self.stopped():
            raise CanceledError
        now = time.monotonic()
        if now - self.noted >= PAUSE or done >= self.total:
            self.noted = now
            if not actions.advance(self.replay, done=done, total=self.total):
                raise CanceledError
