"""The product's own settings, over an installation that each test process has for itself."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_FOLDER = Path(tempfile.mkdtemp(prefix="congvu-test-"))
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
os.environ["CONGVU_DATA"] = str(_FOLDER / "data")
os.environ["CONGVU_CHECKPOINT_COPY"] = str(_FOLDER / "copy")
os.environ["CONGVU_DNS"] = os.environ["CONGVU_REVOCATION"] = "off"
os.environ["CONGVU_SECRET"] = "only-for-tests-" + "x" * 40
os.environ["CONGVU_DATABASE"] = os.environ.get("CONGVU_TEST_DATABASE", "")  # PostgreSQL, where one is named
for _name in [name for name in os.environ if name.startswith("CONGVU_RELAY")]:
    del os.environ[_name]

from congvu.config.settings import *  # noqa: E402, F403 -- the environment must be set first

# Tables are made at once; whether migrations make the same, tests/architecture asks.
DATABASES["default"].setdefault("TEST", {})["MIGRATE"] = False  # noqa: F405 -- as above
PASSWORD_HASHERS = [  # fast; never outside tests
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # one-time passwords name it themselves
]
