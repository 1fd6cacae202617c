"""Letters of the house to people, about what happened to an account's sending."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from congvu.directory import queries as directory
from congvu.directory.models import Agency, Function, Person
from congvu.mail import system_letters
from congvu.mail.actions.accepting import store
from congvu.mail.addresses import Mailbox
from congvu.mail.models import Suspension
from congvu.mail.parcels import from_system, unsealed

CARING = {Function.ADMINISTRATOR, Function.MAIL_ADMINISTRATOR}


def tell_of_stop(*, agency: Agency, person: Person, rule: str, recipients: int, now: datetime) -> None:
    """Tell the account's owner, the administrators and the head of the agency that sending was stopped, and why."""
    told = {person.pk: person} | {one.pk: one for one in _caring(agency, now)}
    addresses = directory.emails(agency, told.values())
    with translation.override(agency.language):
        reason = {
            Suspension.Rule.MANY_OUTSIDE: _("it wrote to %(n)d recipients outside within a short time"),
            Suspension.Rule.NEW_NETWORK: _(
                "it wrote to %(n)d recipients outside from a network that it had not used before"
            ),
        }[Suspension.Rule(rule)] % {"n": recipients}
        subject = _("Sending was stopped for the account of %(name)s") % {"name": person.full_name}
        text = _(
            "The account of %(name)s sends no mail at present, because %(reason)s. A written rule was met; nobody is "
            "blamed. Perhaps somebody else uses the account.\n\nIf the letters were meant, an administrator or the "
            "head lets the account send again under Mail, Sending. If not: change the password, revoke the "
            "application passwords, and look at what lies under Sent."
        ) % {"name": person.full_name, "reason": reason}
    for address in addresses.values():
        raw = system_letters.letter(agency, to=[Mailbox("", address)], subject=subject, text=text, now=now)
        store([unsealed(from_system(raw, to=[address], at=now))])


def _caring(agency: Agency, now: datetime) -> list[Person]:
    held = directory.memberships(agency).filter(directory.current(directory.legal_day(agency, now)))
    head = directory.head_of(directory.root_unit(agency), directory.legal_day(agency, now))
    found = [one.person for one in held.select_related("post", "person") if CARING & set(one.post.functions)]
    return [*found, *([head.person] if head else [])]
