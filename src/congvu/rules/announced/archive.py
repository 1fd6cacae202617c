"""Files and the archive: submission, preservation, backups, access (Law on Archives 2024, circulars)."""

from collections.abc import Mapping

from congvu.rules.shape import Shape

KINDS: Mapping[str, Shape] = {}
