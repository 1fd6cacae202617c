"""Every act that writes leaves evidence, or says why not."""

from pathlib import Path

import pytest

from tests.architecture.planting import assert_none, line, plant
from tools import acts, tree


@pytest.mark.parametrize("package", tree.packages())
def test_every_act_leaves_evidence(package: str) -> None:
    assert_none(acts.faults(tree.SOURCE / package))


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    """A package whose acts record well: directly, through a room of its own, through a method."""
    plant(
        tmp_path,
        "mail/rows.py",
        """
        from congvu.ledger.actions import record

        def put(x):
            x.save()

        def note(x):
            record(x)
        """,
    )
    plant(
        tmp_path,
        "mail/actions.py",
        """
        from congvu.ledger import actions as ledger
        from congvu.mail import rows
        from congvu.mail.rows import note, put

        def direct(x):
            x.save()
            ledger.record(x)

        def through_rooms(x):
            put(x)
            rows.note(x)

        def only_reads(x):
            return x.all()

        def draft(x):  # no-evidence: draft
            x.save()

        def wrapped(
            x,
        ):  # no-evidence: personal setting
            x.save()

        def _private(x):
            x.save()
        """,
    )
    return tmp_path / "mail"


def test_acts_that_record_or_say_why_not_pass(mail: Path) -> None:
    assert list(acts.faults(mail)) == []


@pytest.mark.parametrize(
    "code",
    [
        "def act(x):\n    x.save()\n",
        "def act(x):\n    _private(x)\n\ndef _private(x):\n    x.save()\n",
        "from congvu.mail.rows import put\n\ndef act(x):\n    put(x)\n",
        "from congvu.mail import rows\n\ndef act(x):\n    rows.put(x)\n",
        "import os\nimport os\nimport os\nimport os\nimport os\ndef act(x):  # no-evidence:\n    x.save()\n",
    ],
)
def test_an_act_without_evidence_is_caught(mail: Path, code: str) -> None:
    plant(mail, "actions/posts.py", code)
    assert [line(fault).split(": ")[1] for fault in acts.faults(mail)] == [
        "act writes but records no evidence"
    ]
