"""What the directory tells the ledger: who holds what, since when, and which addresses there are."""

from dataclasses import dataclass
from typing import ClassVar

from congvu.directory.models import Address, Rank
from congvu.ledger.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyFounded(Event):
    """An agency began to keep its directory here."""

    kind: ClassVar[str] = "directory.agency.founded"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitOpened(Event):
    """A unit was opened; depth 0 is the agency itself."""

    kind: ClassVar[str] = "directory.unit.opened"
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitMoved(Event):
    """A unit was put under another one."""

    kind: ClassVar[str] = "directory.unit.moved"
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitClosed(Event):
    """A unit was closed."""

    kind: ClassVar[str] = "directory.unit.closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCreated(Event):
    """A post was created, with what it is charged with."""

    kind: ClassVar[str] = "directory.post.created"
    rank: Rank
    head: bool
    deputy: bool
    clerk: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCharged(Event):
    """A post was charged with other functions."""

    kind: ClassVar[str] = "directory.post.charged"
    head: bool
    deputy: bool
    clerk: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRegistered(Event):
    """A person was registered."""

    kind: ClassVar[str] = "directory.person.registered"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRenamed(Event):
    """A person's name was corrected or changed."""

    kind: ClassVar[str] = "directory.person.renamed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentMade(Event):
    """A person was appointed to a post."""

    kind: ClassVar[str] = "directory.appointment.made"
    rank: Rank
    head: bool
    deputy: bool
    clerk: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentEnded(Event):
    """The end of an appointment was decided; `valid_to` (disclosed) is the first day without the post."""

    kind: ClassVar[str] = "directory.appointment.ended"
    rank: Rank
    head: bool
    deputy: bool
    clerk: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveGranted(Event):
    """A person was given leave, never with a reason; `acting`: somebody answers for the office meanwhile.

    Disclosed are the first day away (`valid_from`), the first day back (`valid_to`) and who acts, if anybody does.
    """

    kind: ClassVar[str] = "directory.leave.granted"
    acting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveEnded(Event):
    """A leave was shortened; `valid_to` (disclosed) is the first day back, its first day when withdrawn whole."""

    kind: ClassVar[str] = "directory.leave.ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressGiven(Event):
    """An official address was given to an appointment or unit: a new one, or the one that the person has."""

    kind: ClassVar[str] = "directory.address.given"
    box: Address.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressHandedOver(Event):
    """An address goes on receiving for the unit's head, its holder having left, until it is withdrawn."""

    kind: ClassVar[str] = "directory.address.handed_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressWithdrawn(Event):
    """An address receives no more."""

    kind: ClassVar[str] = "directory.address.withdrawn"
    box: Address.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOpened(Event):
    """A person was given an account to sign in with."""

    kind: ClassVar[str] = "directory.account.opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountClosed(Event):
    """An account was closed, whatever posts its person holds."""

    kind: ClassVar[str] = "directory.account.closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountReopened(Event):
    """A closed account was opened again."""

    kind: ClassVar[str] = "directory.account.reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordGiven(Event):
    """An administrator gave a one-time password, and took off a lost second factor if so asked."""

    kind: ClassVar[str] = "directory.password.given"
    second_factor_removed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationPasswordIssued(Event):
    """A person issued a secret for one mail program."""

    kind: ClassVar[str] = "directory.application_password.issued"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationPasswordRevoked(Event):
    """A secret for a mail program was revoked."""

    kind: ClassVar[str] = "directory.application_password.revoked"
