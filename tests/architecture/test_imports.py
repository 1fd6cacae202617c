"""Calls go down: the contracts of .importlinter hold, and are seen to break."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.planting import plant
from tools import imports, ladder, tree

VERIFIER = tree.ROOT / "src" / "congvu_verify.py"
RECHECKER = tree.ROOT / "src" / "congvu_recheck.py"
SIGNATURES = frozenset({"cryptography"})
VERIFYING = frozenset({"congvu_verify"})


def lint(source: Path) -> tuple[int, str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    arguments = ["--no-cache", "--config", str(tree.ROOT / ".importlinter")]
    environment = {**os.environ, "PYTHONPATH": str(source), "COLUMNS": "200"}
    done = subprocess.run(
        [*command, *arguments], cwd=source, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_every_contract_is_kept() -> None:
    code, report = lint(tree.ROOT / "src")
    assert code == 0, report


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The ladder with empty rungs."""
    plant(tmp_path, "congvu/__init__.py", "")
    for package in tree.packages():
        plant(tmp_path, f"congvu/{package}/__init__.py", "")
    return tmp_path


def test_the_empty_ladder_is_kept(small: Path) -> None:
    code, report = lint(small)
    assert code == 0, report


@pytest.mark.parametrize(
    ("where", "what", "broken"),
    [
        ("congvu/ledger/queries.py", "from congvu.mail import models", "Calls go down"),
        ("congvu/desk/day.py", "from congvu.portal import pages", "Calls go down"),
        ("congvu/conduct/actions.py", "from congvu.mail import queries", "Conduct is blind"),
        ("congvu/portal/pages.py", "from congvu.rules import queries", "The portal sees only"),
        ("congvu/standards/jcs.py", "import django", "Standards know no Django"),
    ],
)
def test_a_call_against_the_ladder_is_caught(small: Path, where: str, what: str, broken: str) -> None:
    for package in ("mail", "portal", "rules"):
        for module in ("models", "queries", "pages"):
            plant(small, f"congvu/{package}/{module}.py", "")
    plant(small, where, f"{what}\n")
    code, report = lint(small)
    assert code == 1
    assert next(line for line in report.splitlines() if line.endswith("BROKEN")).startswith(broken)


def test_rooms_that_know_each_other_both_ways_are_caught(small: Path) -> None:
    plant(small, "congvu/mail/queries.py", "from congvu.mail import actions\n")
    plant(small, "congvu/mail/actions.py", "from congvu.mail import queries\n")
    code, report = lint(small)
    assert code == 1
    assert "one way only BROKEN" in report


def test_the_portal_may_read_what_is_public(small: Path) -> None:
    plant(small, "congvu/rules/queries.py", "")
    plant(small, "congvu/rules/public.py", "from congvu.rules import queries\n")
    plant(small, "congvu/portal/pages.py", "from congvu.rules import public\n")
    code, report = lint(small)
    assert code == 0, report


def test_a_package_without_a_rung_is_caught(small: Path) -> None:
    plant(small, "congvu/gossip/__init__.py", "")
    code, report = lint(small)
    assert code == 1
    assert "gossip" in report


def test_the_ladder_is_read_as_it_is_declared() -> None:
    ranks = ladder.heights()
    assert [ranks[package] for package in ("standards", "base", "ui", "ledger")] == [0, 1, 2, 3]
    assert ranks["portal"] == ranks["desk"]
    assert ladder.may_know("mail", "rules", ranks=ranks)
    assert not ladder.may_know("desk", "portal", ranks=ranks)
    assert not ladder.may_know("rules", "mail", ranks=ranks)
    assert set(tree.packages()) <= set(ranks)


@pytest.mark.skipif(not VERIFIER.exists(), reason="there is no verifier yet")
def test_the_verifier_stands_alone() -> None:
    assert list(imports.faults(VERIFIER, allowed=SIGNATURES)) == []


def test_the_rechecker_stands_alone() -> None:
    assert list(imports.faults(RECHECKER, allowed=VERIFYING)) == []


def test_a_verifier_that_leans_on_django_is_caught(tmp_path: Path) -> None:
    path = plant(
        tmp_path, "verify.py", "import json\nfrom django.db import models\nfrom congvu.standards import jcs\n"
    )
    found = [fault.split(": ", 1)[1] for fault in imports.faults(path, allowed=SIGNATURES)]
    assert found == ["imports django.db", "imports congvu.standards"]
