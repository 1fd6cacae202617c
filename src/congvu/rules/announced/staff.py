"""Ratings, emulation, discipline, ethics cases and what officials are told."""

from collections.abc import Mapping

from congvu.rules.shape import Shape

KINDS: Mapping[str, Shape] = {}
