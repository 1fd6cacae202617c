"""The one lock-out: failed sign-ins on the web and at the mail door count against the same limits.

The limits are the setting ACCOUNT_RATE_LIMITS (`login_failed`): so many failures from one network address,
and so many for one sign-in name.
"""

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.http import HttpRequest


def is_locked(*, username: str, client: str) -> bool:
    """Return whether this name, or this network address, failed too often a short while ago."""
    return not _consume(username, client, dry_run=True)


def count_failure(*, username: str, client: str) -> None:
    """Count one failed sign-in."""
    _consume(username, client, dry_run=False)


def _consume(username: str, client: str, *, dry_run: bool) -> bool:
    request = HttpRequest()
    request.method = "POST"
    request.META["REMOTE_ADDR"] = client or "127.0.0.1"
    adapter = get_adapter(request)
    key = adapter._get_login_attempts_cache_key(request, username=username)  # noqa: SLF001 -- the web's own key
    return bool(ratelimit.consume(request, action="login_failed", key=key, dry_run=dry_run))
