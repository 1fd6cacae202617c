"""What Congvu asks of django-allauth: no sign-up, and nobody signs in who holds no post today."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from congvu.base import clock
from congvu.directory.actions.accounts import keep_own_password
from congvu.directory.models import Account
from congvu.directory.policies import may_sign_in


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """The agency gives accounts; people do not make them."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: accounts come with an appointment."""
        del request
        return False

    def pre_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse | None:
        """Turn away, with a page that says why, whoever holds no post today."""
        if not may_sign_in(user, clock.now()):
            return redirect("directory:no-post")
        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return answer

    def post_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse:
        """Go on in the language that the person chose."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if user.language:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax", secure=settings.CONGVU_HTTPS
            )
        return response

    def set_password(self, user: Account, password: str) -> None:
        """Keep the password that a person chose; the one-time one is gone."""
        keep_own_password(account=user, secret=password)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failures by name alone, so that the web and the mail door share one count whatever the host."""
        del request
        return str(credentials.get("username", "")).strip().lower()
