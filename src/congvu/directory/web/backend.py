"""Password and passkey sign-in, only for whoever holds a post today."""

from allauth.account.auth_backends import AuthenticationBackend

from congvu.directory.models import Account


class SeatedBackend(AuthenticationBackend):  # type: ignore[misc]  # -- allauth has no types
    """allauth's backend over accounts that follow posts."""

    def user_can_authenticate(self, user: Account) -> bool:
        """Return whether the account has not been closed."""
        return user.is_active
