"""Numbered stories of the whole product, told from outside: the listing is the table of contents."""
