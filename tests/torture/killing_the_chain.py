"""Every process of the chain killed again and again under load, and what must be true afterwards.

Letters come to Postfix, to our own door, and from officials in the browser, all the while. A thread for each process
kills it at random moments, often just after it began, and begins it again at once; nobody waits for anybody. After
every so many rounds all comes to rest, and what was told is compared with what is there.
"""

import collections
import contextlib
import os
import random
import re
import shutil
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from congvu.base import handles
from tests.torture import clients, proof, visitors
from tests.torture.chain import Chain
from tests.torture.proof import tell
from tests.torture.visitors import Pressed

VICTIMS = ("door", "clerk", "web", "postfix", "dovecot")
SHORT, MEAN = 0.15, float(os.environ.get("CONGVU_TORTURE_LIFE", "1.2"))  # seconds of a life
STILL_SECONDS = 180.0  # in which not one letter more was handed on
MESSAGE_ID = re.compile(rb"^Message-ID: <([^>]+)>", re.MULTILINE)
SAVED = re.compile(rb"lmtp\(([^)]+)\).*?msgid=<([^>]+)>: saved mail to ")
Copies = collections.Counter[tuple[str, str]]


@dataclass(slots=True, kw_only=True)
class Told:
    """What all who hand letters in were told, since the beginning."""

    by_postfix: Path
    by_door: Path
    pressed: list[Pressed]


class Killer(threading.Thread):
    """Ends one process so many times, each after a life of random length."""

    def __init__(self, chain: Chain, part: str, *, times: int, chance: random.Random) -> None:
        super().__init__(name=f"killer-{part}", daemon=True)
        self._chain, self._part, self._times, self._chance = chain, part, times, chance
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            for _ in range(self._times):
                is_short = self._chance.random() < 0.25
                time.sleep(self._chance.uniform(0, SHORT) if is_short else self._chance.expovariate(1 / MEAN))
                self._chain.kill(self._part)
                self._chain.begin(self._part)
        except BaseException as error:  # noqa: BLE001 -- told by who waits for the thread
            self.error = error


def kill_and_compare(chain: Chain, folder: Path, *, rounds: int, legs: int, seed: int) -> None:
    """Kill every process so many times in every leg; compare at the end of each, and everything at the last."""
    cookies = chain.house.ask("tests.torture.visitors")
    told = Told(by_postfix=folder / "postfix", by_door=folder / "door", pressed=[])
    for path in (told.by_postfix, told.by_door):
        path.mkdir()
    for leg in range(1, legs + 1):
        began = time.monotonic()
        with _load(chain, told, cookies, seed=seed * 1_000 + leg):
            _kill_all(chain, rounds, seed * 1_000 + leg)
            chain.wait_serving()
        seconds = time.monotonic() - began
        _rest(chain)
        _compare(chain, told, kills=leg * rounds, seed=seed, seconds=round(seconds))
    proof.assert_ledger_whole(chain.house)
    counted = chain.house.congvu(
        "mail", "outcomes", "check", "--day", time.strftime("%Y-%m-%d", time.gmtime())
    )
    tell("outcomes", said=counted.stdout.splitlines()[:2])
    assert counted.returncode == 0, counted.stdout + counted.stderr


def _kill_all(chain: Chain, rounds: int, seed: int) -> None:
    killers = [
        Killer(chain, part, times=rounds, chance=random.Random(f"{seed} {part}"))  # noqa: S311 -- repeatable
        for part in VICTIMS
    ]
    for one in killers:
        one.start()
    for one in killers:
        one.join()
        if one.error:
            raise one.error


@contextlib.contextmanager
def _load(chain: Chain, told: Told, cookies: Mapping[str, Mapping[str, str]], *, seed: int) -> Iterator[None]:
    """Hand letters in at every entrance for the length of the block; keep what was told before."""
    with contextlib.ExitStack() as stack:
        book = stack.enter_context(visitors.visits(port=chain.house.ports["web"], cookies=cookies, seed=seed))
        for folder, port in (
            (told.by_postfix, chain.postfix.port),
            (told.by_door, chain.house.ports["smtp"]),
        ):
            leg = folder / str(seed)
            leg.mkdir()
            stack.enter_context(
                clients.load(
                    port=port,
                    recipients=chain.addresses,
                    folder=leg,
                    seed=seed + port,
                    clients=3,
                    pause=0.1,
                )
            )
        yield
    told.pressed.extend(book.pressed)


def _rest(chain: Chain) -> None:
    """Wait until Postfix has nothing left, for as long as it becomes less. Raises AssertionError."""
    began = moved = time.monotonic()
    first = least = chain.postfix.waiting()
    while waiting := chain.postfix.waiting():
        chain.assert_running()
        if waiting < least:
            least, moved = waiting, time.monotonic()
        assert time.monotonic() < moved + STILL_SECONDS, (
            f"{waiting} of {first} letters wait and none moves: {chain.house.log.read_text()[-3_000:]}"
        )
        time.sleep(0.5)
    tell("came to rest", letters=first, seconds=round(time.monotonic() - began))


def _compare(chain: Chain, told: Told, *, kills: int, seed: int, seconds: int) -> None:
    report = proof.settled(chain.house)
    rows = collections.defaultdict(list)
    for row in report["messages"]:
        rows[row["id"]].append(row)
    by_postfix, by_door = _acknowledged(told.by_postfix), _acknowledged(told.by_door)
    pressed = [_as_told(one) for one in told.pressed]
    copies = _copies(chain)
    faults = {
        "lost": [one["id"] for one in (*by_postfix, *by_door, *pressed) if not rows[one["id"]]],
        "doubled": [one["id"] for one in (*by_postfix, *by_door) if len(rows[one["id"]]) > one["tries"]]
        + [one["id"] for one in pressed if len(rows[one["id"]]) > 1],
        "changed": _changed(by_postfix + by_door, rows),
        "misplaced": _misplaced(by_postfix + by_door, rows),
        "outcomes": _without_one_outcome(report["messages"]),
        **_faults_in_dovecot(by_postfix, rows, copies, _logged(chain)),
        "strangers": report["strangers"],
    }
    tell(
        "chain killed",
        kills_of_each=kills,
        parts=VICTIMS,
        seed=seed,
        seconds=seconds,
        acknowledged={"postfix": len(by_postfix), "door": len(by_door), "web": len(pressed)},
        rows=len(report["messages"]),
        recipients=sum(len(row["boxes"]) for row in report["messages"]),
        entries=report["entries"],
        stored_again_after_no_answer=sum(len(rows[one["id"]]) - 1 for one in (*by_postfix, *by_door)),
        in_dovecot=copies.total(),
        in_dovecot_again_after_no_answer=sum(count - 1 for count in copies.values()),
        **{name: len(found) if isinstance(found, list) else found for name, found in faults.items()},
    )
    assert not any(faults.values()), {name: found for name, found in faults.items() if found}


def _acknowledged(folder: Path) -> list[dict]:
    return [one for leg in sorted(folder.iterdir()) for one in clients.acknowledged(leg)]


def _as_told(one: Pressed) -> dict:
    domain = one.recipients[0].partition("@")[2]
    return {"id": f"{handles.derive(one.draft, 'message-id')}@{domain}", "recipients": one.recipients}


def _changed(told: Sequence[dict], rows: Mapping[str, list[dict]]) -> list[str]:
    return [
        one["id"]
        for one in told
        if any(row["sha256"] != one["sha256"] or not row["is_digest_right"] for row in rows[one["id"]])
    ]


def _misplaced(told: Sequence[dict], rows: Mapping[str, list[dict]]) -> list[str]:
    return [
        one["id"]
        for one in told
        if any(not set(row["boxes"]) <= set(one["recipients"]) for row in rows[one["id"]])
        or {box for row in rows[one["id"]] for box in row["boxes"]} != set(one["recipients"])
    ]


def _without_one_outcome(messages: Sequence[dict]) -> list[str]:
    """Name every message that was not accepted once, and delivered once to each of its boxes."""
    return [row["id"] for row in messages if row["accepted"] != 1 or row["delivered"] != len(row["boxes"])]


def _faults_in_dovecot(
    told: Sequence[dict], rows: Mapping[str, list[dict]], copies: Copies, logged: Copies
) -> dict[str, list[str]]:
    """Compare Dovecot's mailboxes with what was told; twice is allowed only where somebody had no answer.

    Of a copy that its log does not show nobody can know: then Dovecot is asked again, as often as that happens.
    """
    wanted = {(one["id"], address): one["tries"] for one in told for address in one["recipients"]}
    faults = []
    for key, count in copies.items():
        again = sum(key[1] in row["asked_again"] for row in rows[key[0]])
        seen, allowed = logged[key], wanted.get(key, 1)
        if seen > allowed + again or (count > allowed and not again):
            faults.append(f"{key}: {count} copies, {seen} in the log, {allowed} wanted, asked again: {again}")
    return {
        "lost_in_dovecot": [str(key) for key in wanted if not copies[key]],
        "doubled_in_dovecot": faults,
    }


def _logged(chain: Chain) -> Copies:
    """Count what Dovecot's log says that it saved, by Message-ID and address."""
    return collections.Counter(
        (match[2].decode(), match[1].decode()) for match in SAVED.finditer(chain.dovecot.log.read_bytes())
    )


def _copies(chain: Chain) -> Copies:
    """Count what lies in Dovecot, by Message-ID and address."""
    found: Copies = collections.Counter()
    for address in chain.addresses:
        for raw in chain.dovecot.messages(address):
            match = MESSAGE_ID.search(raw)
            assert match
            found[match[1].decode(), address] += 1
    return found


def keep(chain: Chain, folder: Path) -> None:
    """Copy what servers said to a folder, for whoever looks for a fault."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in (chain.house.log, chain.dovecot.log, chain.postfix.log):
        if path.exists():
            shutil.copy(path, folder / f"{path.parent.name}-{path.name}")
