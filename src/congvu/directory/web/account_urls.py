"""The pages of django-allauth that Congvu shows; sign-up, reset by mail and change of mail address are closed."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.usersessions import views as sessions
from django.urls import path
from django.views.generic import TemplateView

from congvu.directory.web.access import seated

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", TemplateView.as_view(template_name="account/signup_closed.html"), name="account_signup"),
    path(
        "password/reset/",
        TemplateView.as_view(template_name="account/password_reset.html"),
        name="account_reset_password",
    ),
    path("password/change/", seated(account.password_change), name="account_change_password"),
    path("reauthenticate/", seated(account.reauthenticate), name="account_reauthenticate"),
    path("2fa/", seated(mfa.index), name="mfa_index"),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", seated(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", seated(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", seated(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", seated(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/",
        seated(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/",
        seated(recovery.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("2fa/webauthn/", seated(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", seated(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("2fa/webauthn/login/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path(
        "2fa/webauthn/reauthenticate/",
        seated(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("2fa/webauthn/keys/<int:pk>/edit/", seated(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", seated(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("sessions/", seated(sessions.list_usersessions), name="usersessions_list"),
]
