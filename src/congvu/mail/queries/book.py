"""The address book: officials and boxes of an agency, and lists of units."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from congvu.base.collation import key, person_key
from congvu.base.fold import fold
from congvu.base.texts import pick
from congvu.directory import queries as directory
from congvu.directory.models import Agency
from congvu.mail.addresses import Mailbox, is_address, lenient, normal
from congvu.mail.models import Mailbox as Box
from congvu.mail.queries.routes import route, routes

LIST = "@"  # a unit's list is written as @ and the unit's code


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One line of the address book; `written` is what one types into a recipient field."""

    name: str
    address: str
    unit: str
    title: str
    is_list: bool = False
    size: int = 1

    @property
    def written(self) -> str:
        """Return the entry as it is typed: name and address."""
        plain = self.name.replace('"', "").replace(",", " ")
        return f'"{plain}" <{self.address}>' if plain else self.address


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """What a recipient field means: addresses, and what could not be understood or found."""

    boxes: tuple[Mailbox, ...]
    unknown: tuple[str, ...]
    outside: tuple[str, ...]


def contacts(agency: Agency, *, now: datetime, words: str = "", language: str = "vi") -> list[Contact]:
    """Return the contacts of an agency whose name, title, unit or address holds all the words, lists first."""
    people = _people(agency, now, language)
    found = [*_lists(people), *(contact for _, contact in people)]
    wanted = fold(words).split()
    return [one for one in found if all(word in _searched(one) for word in wanted)]


def understand(written: str, *, agency: Agency, now: datetime) -> Recipients:
    """Return what a recipient field means; a unit's list becomes its members."""
    lists = _members(agency, now) if LIST in written else {}
    boxes: list[Mailbox] = []
    unknown: list[str] = []
    for one in lenient(written.replace("\n", ",")):
        address = one.address or one.name
        if address.startswith(LIST) and address[1:].lower() in lists:
            boxes += lists[address[1:].lower()]
        elif is_address(one.address):
            boxes.append(one)
        else:
            unknown.append(address)
    known = routes({one.address for one in boxes}, now=now)
    ours = normal(f"x@{agency.domain}").partition("@")[2]
    lost = [
        one.address for one in boxes if one.address not in known and normal(one.address).endswith(f"@{ours}")
    ]
    return Recipients(
        boxes=_once(boxes),
        unknown=(*unknown, *lost),
        outside=tuple(one.address for one in boxes if one.address not in known and one.address not in lost),
    )


def _once(boxes: Sequence[Mailbox]) -> tuple[Mailbox, ...]:
    return tuple({normal(one.address): one for one in reversed(boxes)}.values())[::-1]


def _people(agency: Agency, now: datetime, language: str) -> list[tuple[str, Contact]]:
    """Return the contacts with the code of their unit, by unit and name."""
    found = []
    for address in directory.addresses(agency):
        way = route(address, now=now)
        if way.kind == Box.Kind.HAND_OVER or way.unit is None:
            continue
        unit = pick(way.unit.name, language)[0]
        post = address.membership.post if address.membership else None
        box = pick(agency.name, language)[0] if way.kind == Box.Kind.AGENCY else unit
        contact = Contact(
            name=way.person.full_name if way.person else box,
            address=way.email,
            unit=unit,
            title=pick(post.title, language)[0] if post else "",
        )
        found.append((way.unit.code, contact))
    return sorted(found, key=lambda one: _place(*one))


def _place(code: str, contact: Contact) -> tuple[str, bool, str]:
    """Return what a contact is listed by: people of a unit by their names, then its boxes."""
    if contact.title:
        return code, False, person_key(contact.name)
    return code, True, key(contact.name)


def _lists(people: list[tuple[str, Contact]]) -> list[Contact]:
    """Return one list for each unit that has more than one person."""
    by_unit: dict[str, list[Contact]] = {}
    for code, contact in people:
        if contact.title:
            by_unit.setdefault(code, []).append(contact)
    return [
        Contact(
            name=held[0].unit,
            address=f"{LIST}{code}",
            unit=held[0].unit,
            title="",
            is_list=True,
            size=len(held),
        )
        for code, held in by_unit.items()
        if len(held) > 1
    ]


def _members(agency: Agency, now: datetime) -> dict[str, list[Mailbox]]:
    members: dict[str, list[Mailbox]] = {}
    for code, contact in _people(agency, now, agency.language):
        if contact.title:
            members.setdefault(code.lower(), []).append(Mailbox(contact.name, contact.address))
    return members


def _searched(contact: Contact) -> str:
    return fold(f"{contact.name} {contact.address} {contact.unit} {contact.title}")
