"""The user's sentence for each fact that refuses an act of the directory."""

from django import forms
from django.utils.translation import gettext_lazy as _

from congvu.directory import naming
from congvu.directory.actions import (
    accounts,
    addresses,
    application_passwords,
    appointments,
    imports,
    leave,
    posts,
    units,
)

SENTENCES: dict[type[Exception], object] = {
    naming.BlankTextError: _("Write at least one letter."),
    naming.LongTextError: _("Write at most 200 characters."),
    naming.ControlCharacterError: _("The text holds a character that cannot be printed."),
    naming.BadCodeError: _("Use letters a to z, digits, points, hyphens or underscores, at most 40."),
    naming.BadLocalPartError: _("Use letters a to z, digits, points, hyphens or underscores, at most 64."),
    naming.ReservedLocalPartError: _("This address is kept for the mail system. Choose another one."),
    addresses.AddressTakenError: _("The agency gave this address before; an address never changes hands."),
    addresses.AddressWithdrawnError: _("The address was withdrawn already."),
    addresses.HolderInPostError: _("The holder of the address still holds a post."),
    accounts.AccountExistsError: _("Somebody signs in with this name already."),
    accounts.AccountClosedError: _("The account is closed already."),
    accounts.AccountOpenError: _("The account is open already."),
    accounts.ServesElsewhereError: _(
        "The person serves another agency too. Ask whoever runs this installation to do it."
    ),
    appointments.AlreadyAppointedError: _("The person holds this post in that time already."),
    appointments.AlreadyEndedError: _("The end of this appointment was decided already."),
    appointments.EndsBeforeItBeginsError: _("An appointment cannot end before its first day."),
    application_passwords.TooManyError: _(
        "You have 20 application passwords. Revoke one that you no longer need."
    ),
    application_passwords.LabelInUseError: _(
        "You have a password with this name. Revoke it first, or give the new one another name."
    ),
    application_passwords.AlreadyRevokedError: _("The application password was revoked already."),
    leave.OwnLeaveError: _(
        "Nobody grants or ends their own leave. Ask the head above you or an administrator."
    ),
    leave.NotInChargeError: _(
        "Your post does not lead every unit in which the person holds a post in that time. Ask an administrator."
    ),
    leave.EmptyPeriodError: _("The last day is before the first day."),
    leave.LeaveTooFarError: _("The first day is more than three years from now."),
    leave.LeaveTooLongError: _("A leave lasts three years at most. Who is away longer gives up the post."),
    leave.NoPostThenError: _("The person does not hold a post on all of these days."),
    leave.OverlappingLeaveError: _("The person is on leave on one of these days already."),
    leave.ActingForOneselfError: _("Nobody acts for themselves. Choose somebody else."),
    leave.ActingHoldsNoPostError: _(
        "Whoever acts must hold a post on all of these days. Choose somebody else."
    ),
    leave.ActingAwayError: _("Whoever acts is on leave on one of these days. Choose somebody else."),
    leave.ActingBackwardsError: _(
        "Nobody can act for days that have passed. Record those days with nobody acting, and the days from today "
        "on as another leave."
    ),
    leave.LeaveOverError: _("The leave is over, or it was withdrawn."),
    leave.DayPastError: _(
        "The first day back can be today at the earliest: days that have passed stay leave."
    ),
    leave.NotEarlierError: _(
        "The first day back must be earlier than it was. For more days record another leave after this one."
    ),
    imports.AgencyChangedError: _(
        "The directory changed meanwhile, and nobody was appointed. Check the table again."
    ),
    posts.PostCodeTakenError: _("A post has this code already."),
    posts.UnitHasHeadError: _("Somebody else is head of this unit in that time. End that appointment first."),
    units.UnitClosedError: _("The unit is not open on that day."),
    units.UnitCodeTakenError: _("A unit has this code already."),
    units.UnitInsideItselfError: _("A unit cannot stand under itself."),
    units.UnitNotEmptyError: _("Posts of the unit are held, or units under it are open, on that day."),
    units.RootUnitError: _("The agency's own unit neither moves nor closes."),
}
REFUSALS = tuple(SENTENCES)


def refused(form: forms.Form, error: Exception, field: str | None = None) -> None:
    """Say in the form why an act was refused."""
    form.add_error(field, str(SENTENCES[type(error)]))
