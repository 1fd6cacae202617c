"""The fixed cast and an installation of their own for tests."""

import os
import tempfile
from pathlib import Path

_FOLDER = Path(tempfile.mkdtemp(prefix="congvu-test-"))
os.environ["CONGVU_DATA"] = str(_FOLDER / "data")
os.environ["CONGVU_CHECKPOINT_COPY"] = str(_FOLDER / "copy")
os.environ.setdefault("CONGVU_SECRET", "only-for-tests-" + "x" * 40)
