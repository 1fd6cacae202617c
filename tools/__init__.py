"""Checkers of the code itself: each takes sources or registries and returns faults, one sentence each."""
