"""Which database an installation has: SQLite in the data folder, or PostgreSQL where a setting names it."""

from pathlib import Path
from typing import Any

from congvu.base.journal import OURS

SCHEMES = ("postgresql://", "postgres://")
_NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
_SESSION = {  # what every session asks of the server
    "default_transaction_isolation": "read\\ committed",
    "lock_timeout": "5min",
    "idle_in_transaction_session_timeout": "5min",  # an open transaction holds up the log
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}


class DatabaseSettingError(ValueError):
    """CONGVU_DATABASE names no database; the argument is the reason, for the operator."""


def database(url: str, *, folder: Path) -> dict[str, Any]:
    """Return Django's description of the database; raises DatabaseSettingError."""
    return _postgresql(url) if url else _sqlite(folder)


def _sqlite(folder: Path) -> dict[str, Any]:
    return {
        "ENGINE": "congvu.base.sqlite",
        "NAME": folder / "truth.sqlite3",
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                "PRAGMA secure_delete=FAST; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;" + OURS
            ),
        },
        "TEST": {"NAME": folder / "test.sqlite3"},
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = _parts(url)
    asked = " ".join(f"-c {name}={value}" for name, value in _SESSION.items())
    own = {name: value for name, value in parts.items() if name not in _NAMES}
    options = {
        "connect_timeout": 10,
        "application_name": "congvu",
        **own,
        "options": f"{asked} {own.get('options', '')}".strip(),  # the operator's come last, and win
    }
    named = {ours: parts[theirs] for theirs, ours in _NAMES.items() if theirs in parts}
    return {
        "ENGINE": "congvu.base.postgresql",
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": None,
        "OPTIONS": options,
        **named,
    }


def _parts(url: str) -> dict[str, Any]:
    """Take a connection URI of PostgreSQL apart; what is wrong is said without the password."""
    import psycopg  # noqa: PLC0415 -- only who uses PostgreSQL needs it
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415 -- as above

    if not url.startswith(SCHEMES):
        raise DatabaseSettingError("it must begin with postgresql://, or be empty for SQLite")
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise DatabaseSettingError("it is no address of a PostgreSQL database") from error
    if not parts.get("dbname"):
        raise DatabaseSettingError("it names no database: postgresql://user@host/DATABASE")
    if not str(parts.get("port") or "1").isdigit():
        raise DatabaseSettingError("its port is no number")
    return parts
