"""An authority with its servers, which this installation believes and may ask."""

import pytest

from congvu.mail.smime import trust
from tests.mail.pki import Pki
from tests.mail.revocations.authority import Authority
from tests.mail.signed_letters import Maker


@pytest.fixture
def authority(tmp_path) -> Authority:
    return Authority(Maker(Pki(tmp_path)), tmp_path / "ca")


@pytest.fixture
def asking(settings, data_folder, authority):
    """Let the installation ask for everything, also on this machine, and believe the authority."""
    settings.CONGVU_REVOCATION = "all"
    settings.CONGVU_REVOCATION_HOSTS = "127.0.0.1"
    trust.add(data_folder / "trust", authority.make.root.path.read_bytes())
    return settings
