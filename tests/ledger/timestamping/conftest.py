"""A time authority that the installation asks and believes."""

import pytest

from tests.ledger.timestamping.authority import TimeAuthority


@pytest.fixture
def authority(tmp_path, settings, web) -> TimeAuthority:
    made = TimeAuthority(tmp_path)
    web.pages["/time"] = made.page()
    settings.CONGVU_TIME_AUTHORITY = web.url("/time")
    settings.CONGVU_TIME_AUTHORITY_CERTIFICATES = str(made.root.path)
    return made
