"""Russian (ru)."""
