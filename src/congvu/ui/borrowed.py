"""Sentences of Django and django-allauth that our pages show and that those packages do not say, or say wrongly.

Named here so that they enter this package's catalogs; nothing imports the module.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext

SENTENCES = (
    # the fields of allauth
    _("Username"),
    _("Password"),
    _("Password (again)"),
    _("Remember Me"),
    _("Forgot your password?"),
    _("Current Password"),
    _("New Password"),
    _("New Password (again)"),
    _("Code"),
    _("Authenticator code"),
    _("Passwordless"),
    _(
        "Enabling passwordless operation allows you to sign in using just this key, but imposes"
        " additional requirements such as biometrics or PIN protection."
    ),
    # the refusals of allauth
    _("This account is currently inactive."),
    _("Please type your current password."),
    _("Incorrect code."),
    _("Incorrect password."),
    _("Invalid login."),
    _("Too many failed login attempts. Try again later."),
    _("The username and/or password you specified are not correct."),
    _("Be patient, you are sending too many requests."),
    _("You must type the same password each time."),
    _("You cannot deactivate two-factor authentication."),
    _("You cannot generate recovery codes without having two-factor authentication enabled."),
    _("Use your password"),
    _("Use authenticator app or code"),
    _("Use a security key"),
    # the refusals of Django
    _("Null characters are not allowed."),
    _("Enter a complete value."),
    _("This password is too common."),
    _("This password is entirely numeric."),
    _("The password is too similar to the %(verbose_name)s."),
    _("Your password can’t be too similar to your other personal information."),
    _("Your password can’t be a commonly used password."),
    _("Your password can’t be entirely numeric."),
    # the days of a week in short, which Django has wrong in Kazakh
    *(_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")),
)


def too_short(length: int) -> tuple[str, str]:
    """Return Django's two sentences about a short password, with their plural forms."""
    refusal = ngettext(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        length,
    )
    hint = ngettext(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        length,
    )
    return refusal, hint
