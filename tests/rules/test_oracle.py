"""Random traces, late, out of order, told twice, over a change of the book: the judge and a naive reading agree."""

import os
import pprint

import pytest

from tests.rules.comparison import compare, compare_many, differing, drawn, shrunk

TRACES = 1_000
MANY = int(os.environ.get("CONGVU_TRACES", "1000000"))
WORKERS = int(os.environ.get("CONGVU_WORKERS", str(os.cpu_count() or 1)))
SEED = os.environ.get("CONGVU_SEED", "")
KNOBS = {
    "bearer": "actor agency assignee deputy_in_charge head_of_unit recipient registry_clerk reported sender unit",
    "cap": "breached fulfilled pending",
    "deadline": "by day hour is_before is_from_year_end minute month next_morning none parameter roll same_day "
    "same_or_next_day working_day working_hour working_minute year",
    "office": "acting away held",
    "parameter": "decided outside undecided",
    "period": "agency agency_mailbox deputy_in_charge head_of_unit official registry_clerk unit",
    "prevails": "exception higher later",
    "status": "annulled breached compensated excused fulfilled late pending reported",
    "window": "agency_mailbox official",
}
TRIED = [f"{knob}: {form}" for knob, forms in KNOBS.items() for form in forms.split()] + [
    "bound along the chain",
    "counted",
    "day closed: freed",
    "deadline: start told",
    "deadline: by, paused",
    "deadline: is_before, extended",
    "deadline: parameter, paused",
    "deadline: unit, extended",
    "deadline: unit, paused",
    "destroyed: untraceable",
    "leave: back early",
    "leave: freed",
    "leave: granted afterwards",
    "leave: stops time",
    "overridden",
    "post left",
    "post left: other post",
    "unless",
]


def test_the_judge_agrees_with_the_naive_reading_of_a_thousand_traces():
    met = compare(range(TRACES))
    assert met.disagreed == []
    assert [knob for knob in TRIED if met.covered[knob] == 0] == []


@pytest.mark.torture
def test_the_judge_agrees_with_the_naive_reading_of_very_many_traces(capsys):
    with capsys.disabled():
        met = compare_many(TRACES, MANY, processes=WORKERS, tell=print)
        pprint.pp(dict(sorted(met.covered.items())))
    assert met.disagreed == []
    assert met.traces == MANY


@pytest.mark.torture
@pytest.mark.skipif(not SEED, reason="CONGVU_SEED names the trace to look at")
def test_the_judge_agrees_with_the_naive_reading_of_one_trace(capsys):
    one, told = drawn(int(SEED))
    differs = differing(one.books, told)
    if differs:
        with capsys.disabled():
            pprint.pp(shrunk(one.books, told), width=200)
    assert differs == {}
