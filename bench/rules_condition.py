"""One condition over an event of twenty fields, beside cel-expr-python, zen-engine, cedarpy and regopy.

All stand in one process and take turns of one length over the same random events, each in a loop of its own, so that
Python can fit each loop to what it calls; of the rounds the quickest is told, as timeit advises, for other work on the
machine only adds. Each is handed the event as a dictionary, or as it takes it, and gives back whether the condition
holds; all must agree about every event. What can be compiled, parsed or kept is, beforehand. The five tests stand in
the same order for all; each is met by three to four events in five, all of them by one in four. The loop and an empty
call stand in a line of their own: they are part of every other.
"""

import argparse
import importlib
import json
import random
import time
import timeit
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from congvu.rules.book import Condition, Match, Value
from congvu.rules.conditions import Predicate, compile_condition

Racer = Callable[[], Predicate]  # ready for a turn

AIMS = {"cel-expr-python": 70, "zen-engine": 45}
EVENTS = 200
FLOOR = "a call alone"
FIELDS = 20
CONDITION = Condition(
    kind="mail.message.delivered",
    tests=(
        Match(attribute="direction", operator="is", values=("in",)),
        Match(attribute="automatic", operator="is", values=(False,)),
        Match(attribute="communication", operator="in", values=("report", "work_schedule", "direction")),
        Match(attribute="box", operator="not", values=("hand_over",)),
        Match(attribute="depth", operator="at_least", values=(2,)),
    ),
)
CEL = (
    'direction == "in" && !automatic && communication in ["report", "work_schedule", "direction"] '
    '&& box != "hand_over" && depth >= 2'
)
ZEN = (
    'direction == "in" and automatic == false and communication in ["report", "work_schedule", "direction"] '
    'and box != "hand_over" and depth >= 2'
)
CEDAR = """permit(principal, action, resource) when {
  context.direction == "in" && !context.automatic && ["report", "work_schedule", "direction"].contains(
  context.communication) && context.box != "hand_over" && context.depth >= 2 };"""
REGO = """package rules
default holds := false
holds if {
  input.direction == "in"
  input.automatic == false
  input.communication in {"report", "work_schedule", "direction"}
  input.box != "hand_over"
  input.depth >= 2
}"""


def main(arguments: list[str]) -> None:
    """Print the table and the JSON line."""
    parser = argparse.ArgumentParser(prog="python -m bench rules_condition")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--turn", type=float, default=0.02, help="seconds that a turn takes at least")
    told = parser.parse_args(arguments)
    events = _events(random.Random(2009))  # noqa: S311 -- a bench repeats itself
    racers = _racers()
    wrong = _disagreements(racers, events)
    taken = _race({**racers, FLOOR: lambda: _yes}, events, told.rounds, told.turn)
    print(f"{len(events)} events of {FIELDS} fields, {len(CONDITION.tests)} tests; {wrong} disagreements")
    for name, seconds in taken.items():
        print(f"{name:<16} {seconds * 1e9:>12,.0f} ns  {seconds / taken['congvu']:>10,.1f} times")
    _line(taken, wrong)


def _racers() -> dict[str, Racer]:
    holds = compile_condition(CONDITION)
    return {
        "congvu": lambda: holds,
        "cel-expr-python": _cel(),
        "zen-engine": _zen(),
        "cedarpy": _cedar(),
        "regopy": _rego(),
    }


def _yes(_: Mapping[str, Value]) -> bool:
    return True


def _line(taken: dict[str, float], wrong: int) -> None:
    ours, floor = taken.pop("congvu"), taken.pop(FLOOR)
    line = {"bench": "rules_condition", "value": round(ours * 1e9), "unit": "ns for one condition"}
    peers = {name: round(seconds * 1e9) for name, seconds in taken.items()}
    ratio = {name: round(seconds / ours, 1) for name, seconds in taken.items()}
    more = {"floor": round(floor * 1e9), "aims": AIMS, "ratio": ratio, "disagreements": wrong}
    print(json.dumps({**line, "peers": peers, **more}))


def _events(chance: random.Random) -> Sequence[Mapping[str, Value]]:
    """Return events of twenty fields, of which a quarter meets all tests."""
    found = []
    for _ in range(EVENTS):
        event: dict[str, Value] = {f"field_{number}": f"word_{number}" for number in range(FIELDS - 5)}
        event["direction"] = chance.choice(["in", "in", "in", "out"])
        event["automatic"] = chance.random() < 0.2  # noqa: PLR2004 -- one in five
        event["communication"] = chance.choice(["report", "direction", "work_schedule", "other"])
        event["box"] = chance.choice(["personal", "unit", "agency", "hand_over"])
        event["depth"] = chance.randrange(1, 6)
        found.append(event)
    return found


def _race(
    racers: Mapping[str, Racer], events: Sequence[Mapping[str, Value]], rounds: int, turn: float
) -> dict[str, float]:
    """Return the processor's seconds for one evaluation, the least of the rounds in which all take their turn."""
    taken: dict[str, list[float]] = {name: [] for name in racers}
    for _ in range(rounds):
        for name, racer in racers.items():
            names = {"events": events, "holds": racer()}
            timer = timeit.Timer("for event in events: holds(event)", timer=time.process_time, globals=names)
            passes = max(1, round(turn / max(timer.timeit(1), 1e-6)))
            taken[name].append(timer.timeit(passes) / passes / len(events))
    return {name: min(found) for name, found in taken.items()}


def _disagreements(racers: Mapping[str, Racer], events: Sequence[Mapping[str, Value]]) -> int:
    predicates = [racer() for racer in racers.values()]
    return sum(len({holds(event) for holds in predicates}) > 1 for event in events)


def _cel() -> Racer:
    cel: Any = _peer("cel_expr_python.cel")
    kinds = {"automatic": cel.Type.BOOL, "depth": cel.Type.INT}
    names = ["direction", "communication", "box", *(f"field_{number}" for number in range(FIELDS - 5))]
    env = cel.NewEnv(variables={**dict.fromkeys(names, cel.Type.STRING), **kinds})
    evaluate: Callable[..., Any] = env.compile(CEL).eval

    def begin() -> Predicate:
        arena = cel.Arena()  # its memory for all events of a turn, as its documentation advises
        return lambda event: evaluate(data=event, arena=arena).value()

    return begin


def _zen() -> Racer:
    evaluate: Predicate = _peer("zen").compile_expression(ZEN).evaluate
    return lambda: evaluate


def _cedar() -> Racer:
    cedar: Any = _peer("cedarpy")
    policies = cedar.PolicySet.from_str(CEDAR)
    entities = cedar.Entities.from_json_str("[]")
    asked = {"principal": 'A::"a"', "action": 'Action::"a"', "resource": 'R::"r"'}

    def holds(event: Mapping[str, Value]) -> bool:
        return bool(cedar.is_authorized({**asked, "context": event}, policies, entities).allowed)

    return lambda: holds


def _rego() -> Racer:
    rego: Any = _peer("regopy").Interpreter()
    rego.add_module("rules", REGO)
    bundle = rego.build("x=data.rules.holds")

    def holds(event: Mapping[str, Value]) -> bool:
        rego.set_input(event)
        answer = rego.query_bundle(bundle)  # its nodes live as long as it does
        return bool(answer.binding("x").value)

    return lambda: holds


def _peer(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        message = f"{name} is not installed: `make peers` installs what this stands beside."
        raise SystemExit(message) from error
