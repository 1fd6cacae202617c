"""Documents of an agency: drafted, signed, numbered, issued, received, handled (Decree 30/2020)."""

from collections.abc import Mapping

from congvu.rules.shape import Shape

KINDS: Mapping[str, Shape] = {}
