"""The gate before a Dovecot whose log is read."""

from tests.mail.gate.conftest import gate, imap, opened

__all__ = ["gate", "imap", "opened"]
