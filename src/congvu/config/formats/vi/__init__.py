"""Vietnamese (vi)."""
