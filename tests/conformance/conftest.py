"""Other people's programs, started once."""

from collections.abc import Iterator

import pytest

from tests.conformance import foreign
from tests.conformance.real_log import RealLog, real_log


@pytest.fixture(scope="session")
def go(tmp_path_factory: pytest.TempPathFactory) -> Iterator[foreign.Foreign]:
    """Give the pipe to golang.org/x/mod/sumdb."""
    pipe = foreign.Foreign(foreign.build(tmp_path_factory.mktemp("go")))
    yield pipe
    pipe.close()


@pytest.fixture
def real(transactional_db, data_folder) -> RealLog:
    """Give a log that our sequencer wrote."""
    return real_log()
