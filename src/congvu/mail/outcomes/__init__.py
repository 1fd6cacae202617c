"""Exactly one outcome for each recipient of each message, and a daily count of it (vi: kết cục; kk: нәтиже)."""
