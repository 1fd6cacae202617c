"""Congvu: the system on which a public agency speaks officially, with evidence."""
