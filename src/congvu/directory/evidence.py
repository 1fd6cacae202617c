"""What single acts and the import of many people record alike."""

from datetime import datetime

from congvu.directory import events
from congvu.directory.models import Account, Address, Agency, Membership, Person, Post, Rank
from congvu.directory.policies import Actor, actor
from congvu.ledger.actions import Record


def bearing(post: Post) -> dict[str, bool]:
    """Return what evidence says of a post's functions."""
    return {word: word in post.functions for word in ("head", "deputy", "clerk")}


def post_created(post: Post, by: Actor, now: datetime) -> Record:
    """Tell that a post was created."""
    return Record(
        event=events.PostCreated(rank=Rank(post.rank), **bearing(post)),
        agency=post.agency.handle,
        at=now,
        disclosures={"actor": actor(by), "post": post.handle, "unit": post.unit.handle},
    )


def person_registered(person: Person, agency: Agency, by: Actor, now: datetime) -> Record:
    """Tell that a person was registered."""
    disclosures = {"actor": actor(by), "person": person.handle}
    return Record(event=events.PersonRegistered(), agency=agency.handle, at=now, disclosures=disclosures)


def appointment_made(membership: Membership, by: Actor, now: datetime) -> Record:
    """Tell that a person was appointed."""
    post = membership.post
    return Record(
        event=events.AppointmentMade(rank=Rank(post.rank), **bearing(post)),
        agency=membership.agency.handle,
        at=now,
        disclosures=_held(membership, by) | {"valid_from": membership.valid_from.isoformat()},
    )


def appointment_ended(membership: Membership, address: Address | None, by: Actor, now: datetime) -> Record:
    """Tell that an appointment's end was decided, and which address is left behind."""
    post = membership.post
    ended = {"valid_to": membership.valid_to.isoformat()} if membership.valid_to else {}
    left = {"address": address.handle} if address else {}
    return Record(
        event=events.AppointmentEnded(rank=Rank(post.rank), **bearing(post)),
        agency=membership.agency.handle,
        at=now,
        disclosures=_held(membership, by) | ended | left,
    )


def address_given(address: Address, by: Actor, now: datetime) -> Record:
    """Tell that an address was given to a person's appointment or to a unit."""
    holder = {"unit": address.unit.handle} if address.unit else {}
    if address.membership is not None:
        holder |= {"membership": address.membership.handle, "person": address.membership.person.handle}
    return Record(
        event=events.AddressGiven(box=Address.Kind(address.kind)),
        agency=address.agency.handle,
        at=now,
        disclosures={"actor": actor(by), "address": address.handle, **holder},
    )


def account_opened(account: Account, agency: Agency, by: Actor, now: datetime) -> Record:
    """Tell that an account was opened."""
    disclosures = {"actor": actor(by), "account": account.handle, "person": account.person.handle}
    return Record(event=events.AccountOpened(), agency=agency.handle, at=now, disclosures=disclosures)


def _held(membership: Membership, by: Actor) -> dict[str, str]:
    return {
        "actor": actor(by),
        "membership": membership.handle,
        "person": membership.person.handle,
        "post": membership.post.handle,
        "unit": membership.post.unit.handle,
    }
