"""Secrets that the machine makes: one-time passwords and application passwords, shown once and never kept."""

import base64
import hashlib
import os
import re
import secrets

from django.contrib.auth.hashers import PBKDF2PasswordHasher

INITIAL_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another when read from paper
INITIAL_LENGTH = 20  # 31 ** 20 is about 99 bits
APPLICATION_OCTETS = 20  # 160 bits, 32 letters of base32
_BETWEEN = re.compile(r"[\s-]+")


def initial_password() -> str:
    """Return a one-time password: 99 random bits in groups of five letters."""
    letters = "".join(secrets.choice(INITIAL_LETTERS) for _ in range(INITIAL_LENGTH))
    return grouped(letters, 5)


def initial_digest(secret: str) -> str:
    """Return what the account keeps of a one-time password.

    One round of PBKDF2 is enough: no dictionary holds 99 random bits. A password that a person chose gets
    all rounds.
    """
    hasher = PBKDF2PasswordHasher()
    return str(hasher.encode(secret, hasher.salt(), iterations=1))


def application_password() -> str:
    """Return a secret for a mail program: 160 random bits in groups of four letters."""
    return grouped(base64.b32encode(os.urandom(APPLICATION_OCTETS)).decode().lower(), 4)


def application_digest(secret: str) -> str:
    """Return the SHA-256 of a secret, however its groups were typed."""
    return hashlib.sha256(_BETWEEN.sub("", secret).lower().encode()).hexdigest()


def grouped(letters: str, length: int) -> str:
    """Return letters in groups that an eye can follow."""
    return "-".join(letters[start : start + length] for start in range(0, len(letters), length))
