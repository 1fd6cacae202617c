"""Letters of the house to people, about what happened to an account's sending."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTPUTF8
from email.utils import format_datetime

from django.utils import translation
from django.utils.translation import gettext as _

from congvu.directory import queries as directory
from congvu.directory.models import Agency, Function, Person
from congvu.mail import compose
from congvu.mail.actions.accepting import store
from congvu.mail.models import Suspension
from congvu.mail.parcels import Parcel, unsealed

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
        store([unsealed(_parcel(agency, address, subject, text, now))])


def _caring(agency: Agency, now: datetime) -> list[Person]:
    held = directory.memberships(agency).filter(directory.current(directory.legal_day(agency, now)))
    head = directory.head_of(directory.root_unit(agency), directory.legal_day(agency, now))
    found = [one.person for one in held.select_related("post", "person") if CARING & set(one.post.functions)]
    return [*found, *([head.person] if head else [])]


def _parcel(agency: Agency, address: str, subject: str, text: str, now: datetime) -> Parcel:
    letter = EmailMessage(policy=SMTPUTF8)
    letter["From"] = f"postmaster@{agency.domain}"
    letter["To"] = address
    letter["Subject"] = subject
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = f"<{compose.new_message_id(domain=agency.domain).strip('<>')}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text)
    return Parcel(channel="system", mail_from="", recipients=(address,), raw=letter.as_bytes(), at=now)
