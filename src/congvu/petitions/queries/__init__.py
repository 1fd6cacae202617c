"""Reads of petitions; never writes."""
