"""One condition over an event of twenty fields, beside cel-expr-python, zen-engine, cedarpy and regopy.

All stand in one process and take turns over the same random events; each is handed the event as it takes it and gives
back whether the condition holds, and all must agree about every event. What can be compiled or parsed is, beforehand.
"""

import argparse
import importlib
import json
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from congvu.rules.book import Condition, Match, Value
from congvu.rules.conditions import Predicate, compile_condition

AIMS = {"cel-expr-python": 70, "zen-engine": 45}
EVENTS = 200
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
    """Print the medians and the JSON line."""
    parser = argparse.ArgumentParser(prog="python -m bench rules_condition")
    parser.add_argument("--rounds", type=int, default=15)
    told = parser.parse_args(arguments)
    events = _events(random.Random(2009))  # noqa: S311 -- a bench repeats itself
    racers: dict[str, Predicate] = {
        "congvu": compile_condition(CONDITION),
        "cel-expr-python": _cel(),
        "zen-engine": _zen(),
        "cedarpy": _cedar(),
        "regopy": _rego(),
    }
    wrong = _disagreements(racers, events)
    taken = _race(racers, events, told.rounds)
    for name, seconds in taken.items():
        print(f"{name:<16} {seconds * 1e9:>12,.0f} ns  {seconds / taken['congvu']:>10,.1f} times")
    print(f"{len(events)} events of {FIELDS} fields, {wrong} disagreements")
    ratio = {name: round(seconds / taken["congvu"], 1) for name, seconds in taken.items() if name != "congvu"}
    line = {"bench": "rules_condition", "value": round(taken["congvu"] * 1e9), "unit": "ns for one condition"}
    peers = {name: round(seconds * 1e9) for name, seconds in taken.items() if name != "congvu"}
    print(json.dumps({**line, "peers": peers, "aims": AIMS, "ratio": ratio, "disagreements": wrong}))


def _events(chance: random.Random) -> Sequence[Mapping[str, Value]]:
    """Return events of twenty fields, half of which meet all but one of the tests at least."""
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
    racers: Mapping[str, Predicate], events: Sequence[Mapping[str, Value]], rounds: int
) -> dict[str, float]:
    """Return the median seconds of one evaluation, over rounds in which all take their turn."""
    taken: dict[str, list[float]] = {name: [] for name in racers}
    for _ in range(rounds):
        for name, holds in racers.items():
            taken[name].append(_timed(holds, events, repeat=20 if name == "congvu" else 1))
    return {name: statistics.median(found) for name, found in taken.items()}


def _timed(holds: Predicate, events: Sequence[Mapping[str, Value]], *, repeat: int) -> float:
    began = time.perf_counter()
    for _ in range(repeat):
        for event in events:
            holds(event)
    return (time.perf_counter() - began) / repeat / len(events)


def _disagreements(racers: Mapping[str, Predicate], events: Sequence[Mapping[str, Value]]) -> int:
    return sum(len({holds(event) for holds in racers.values()}) > 1 for event in events)


def _cel() -> Predicate:
    cel: Any = _peer("cel_expr_python.cel")
    kinds = {"automatic": cel.Type.BOOL, "depth": cel.Type.INT}
    names = ["direction", "communication", "box", *(f"field_{number}" for number in range(FIELDS - 5))]
    env = cel.NewEnv(variables={**dict.fromkeys(names, cel.Type.STRING), **kinds})
    evaluate: Callable[..., Any] = env.compile(CEL).eval
    return lambda event: bool(evaluate(data=event).value())


def _zen() -> Predicate:
    evaluate: Callable[..., Any] = _peer("zen").compile_expression(ZEN).evaluate
    return lambda event: bool(evaluate(event))


def _cedar() -> Predicate:
    cedar: Any = _peer("cedarpy")
    policies = cedar.PolicySet.from_str(CEDAR)
    entities = cedar.Entities.from_json_str("[]")
    asked = {"principal": 'A::"a"', "action": 'Action::"a"', "resource": 'R::"r"'}
    return lambda event: bool(cedar.is_authorized({**asked, "context": event}, policies, entities).allowed)


def _rego() -> Predicate:
    rego: Any = _peer("regopy").Interpreter()
    rego.add_module("rules", REGO)
    bundle = rego.build("x=data.rules.holds")

    def holds(event: Mapping[str, Value]) -> bool:
        rego.set_input(event)
        answer = rego.query_bundle(bundle)  # its nodes live as long as it does
        return bool(answer.binding("x").value)

    return holds


def _peer(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        message = f"{name} is not installed: `make peers` installs what this stands beside."
        raise SystemExit(message) from error
