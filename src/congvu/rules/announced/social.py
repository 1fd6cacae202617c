"""Official accounts and posts, and what officials report of networks."""

from collections.abc import Mapping

from congvu.rules.shape import Shape

KINDS: Mapping[str, Shape] = {}
