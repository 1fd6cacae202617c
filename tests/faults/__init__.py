"""Faults of disk and power: a library of our own that is preloaded into the program under test, and what it leaves."""
