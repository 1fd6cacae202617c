"""Finding an account by its name, as Django's sign-in asks."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager

if TYPE_CHECKING:
    Accounts = BaseUserManager[Any]
else:
    Accounts = BaseUserManager


class AccountManager(Accounts):
    """Accounts by name, whatever the case."""

    def get_by_natural_key(self, username: str | None) -> Any:
        """Return the account that signs in with this name."""
        return self.get(username=(username or "").strip().lower())
