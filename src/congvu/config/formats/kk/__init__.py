"""Kazakh (kk)."""
