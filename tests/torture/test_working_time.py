"""Every minute of 26 years in three countries: the calendar beside a watch that is read every minute."""

import pytest

from tests.standards.naive_time import disagreements
from tests.standards.test_working_time_oracle import COUNTRIES


@pytest.mark.torture
@pytest.mark.parametrize("name", sorted(COUNTRIES))
def test_no_deadline_from_any_minute_of_26_years_disagrees(name):
    compared, wrong = disagreements(COUNTRIES[name], range(2010, 2036), 1)
    print(f"{name}: {compared:,} deadlines of 2010 to 2035, {wrong} disagreements")  # noqa: T201 -- the point of a long run is its figures
    assert (compared > 27_000_000, wrong) == (True, 0)
