"""The test suite of openspf.org for RFC 7208, as it stands."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from congvu.mail.authentication import spf
from congvu.mail.authentication.resolving import TemporaryError

SUITE = Path(__file__).parent / "spf" / "rfc7208-tests.yml"
WORDS = {"temperror": "temporary_error", "permerror": "permanent_error"}
SCENARIOS = list(yaml.safe_load_all(SUITE.read_text(encoding="utf-8")))
CASES = [(scenario, name) for scenario in SCENARIOS for name in scenario["tests"]]


class Suite:
    """Answers as the suite's zone data says: SPF stands for TXT too, TIMEOUT for no answer."""

    def __init__(self, data: dict) -> None:
        self.zone = {name.lower(): rows for name, rows in data.items()}

    async def ask(self, name: str, kind: str) -> Sequence[bytes]:
        rows = self.zone.get(name.lower().rstrip("."))
        if rows is None:
            return []
        found: list[bytes] = []
        has_text = any("TXT" in row for row in rows if isinstance(row, dict))
        for row in rows:
            if row == "TIMEOUT":
                if found:
                    break
                raise TemporaryError(name)
            ((given, value),) = row.items()
            if given == "CNAME" and kind != "CNAME":
                return [] if value.lower() == name.lower() else await self.ask(value, kind)
            if given == "SPF" and not has_text:
                given = "TXT"
            if given == kind and value == "TIMEOUT":
                raise TemporaryError(name)
            if given == kind and value != "NONE":
                found.append(_octets(value))
        return found


def _octets(value: object) -> bytes:
    if isinstance(value, list):
        is_exchange = bool(value) and isinstance(value[0], int)
        return (str(value[1]) if is_exchange else "".join(value)).encode()
    return str(value).encode()


@pytest.mark.parametrize(("scenario", "name"), CASES, ids=[name for _, name in CASES])
def test_the_suite_of_openspf(scenario, name):
    case = scenario["tests"][name]
    result, _ = asyncio.run(
        spf.check(
            peer=case["host"],
            helo=case["helo"],
            mail_from=case["mailfrom"],
            names=Suite(scenario["zonedata"]),
        )
    )
    wanted = case["result"] if isinstance(case["result"], list) else [case["result"]]
    assert result in [WORDS.get(one, one) for one in wanted]


def test_the_suite_is_whole():
    assert len(CASES) > 140
