"""How often the pages for citizens are opened."""

from congvu.petitions.visits import Numbers, numbers, visited

__all__ = ["Numbers", "numbers", "visited"]
