"""Every answer of the door stands in its reference, and the reference names no other."""

import re
from pathlib import Path

from congvu.mail.door import answers
from congvu.mail.door.envelope import Verdict

PAGE = Path(__file__).parents[2] / "docs/reference/smtp.md"


def test_the_reference_has_every_answer_and_no_other():
    verdicts = [value for value in vars(answers).values() if isinstance(value, Verdict)]
    given = {
        re.match(r"\d{3} (?:\d\.\d+\.\d+)?", f"{verdict.code} {verdict.text}")[0].strip()
        for verdict in verdicts
    }
    table = [line.split("|")[1] for line in PAGE.read_text().splitlines() if re.match(r"\| \d", line)]
    assert {answer.strip() for cell in table for answer in cell.split(",")} == given
