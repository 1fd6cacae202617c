"""Petitions by mail: letters to the agency's 1022 address become petitions (vi: qua thư; kk: пошта арқылы)."""
