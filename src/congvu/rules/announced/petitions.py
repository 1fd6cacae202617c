"""Petitions, complaints, denunciations, requests for information and their answers."""

from collections.abc import Mapping

from congvu.rules.shape import Shape

KINDS: Mapping[str, Shape] = {}
