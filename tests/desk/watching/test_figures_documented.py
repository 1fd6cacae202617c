"""Every metric has its line in the reference, and the reference names no other."""

import re
from pathlib import Path

import pytest

from congvu.base import clock
from congvu.desk.watching import figures

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "metrics.md"


@pytest.mark.django_db
def test_the_reference_names_every_metric_with_its_type_and_meaning():
    named = dict(re.findall(r"^\| `(\w+)` \| ([a-z]+, [^|]*) \|", PAGE.read_text(), re.MULTILINE))
    families = figures.families(clock.now())
    assert named == {one.name: f"{one.type}, {one.help}" for one in families}
