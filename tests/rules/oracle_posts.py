"""Who holds what, as the log had told it by a place: the oracle reads everything before the place anew.

Written from docs/explanation/duties.md, docs/reference/rulebook.md ("Bearers") and decision 212. Of one thing the last
word in the log stands: acts on one post, address, unit or leave are committed one after another.
"""

from datetime import date
from types import SimpleNamespace

from tests.rules.oracle_time import BOXES, box, number

AGENCY = "agency"
OFFICE = {"head_of_unit": "head", "deputy_in_charge": "deputy", "registry_clerk": "clerk"}
NEVER = 10**9


def legal(text: str | None) -> int | None:
    """Return the midnight of a legal day."""
    return number(date.fromisoformat(text)) * BOXES if text else None


class Known:
    """What was known of posts, mailboxes, units and leave after these entries."""

    def __init__(self, told, covered):
        self.members, self.boxes, self.units, self.leaves = {}, {}, {}, {}
        self.covered = covered
        tellers = {
            "directory.unit.opened": self.unit,
            "directory.unit.moved": self.unit,
            "directory.appointment.made": self.appointed,
            "directory.appointment.ended": self.ended,
            "directory.post.charged": self.charged,
            "directory.address.given": self.given,
            "directory.address.withdrawn": self.withdrawn,
            "directory.leave.granted": self.granted,
            "directory.leave.ended": self.returned,
        }
        for one in told:
            if one.kind in tellers:
                tellers[one.kind](one.disclosures, one.attributes, (one.at, one.id))

    def unit(self, said, *_):
        self.units[said["unit"]] = said.get("parent", "")

    def appointed(self, said, offices, told):
        before = self.members.get(said["membership"])
        end = legal(said.get("valid_to"))
        self.members[said["membership"]] = SimpleNamespace(
            name=said["membership"],
            person=said["person"],
            post=said["post"],
            unit=said["unit"],
            offices={name for name in OFFICE.values() if offices[name]},
            since=max(box(told[0]), legal(said["valid_from"])),
            until=end if end is not None else before.until if before else NEVER,
        )

    def ended(self, said, _, told):
        if said["membership"] in self.members:
            end = legal(said.get("valid_to"))
            self.members[said["membership"]].until = box(told[0]) if end is None else end

    def charged(self, said, offices, _):
        for member in self.members.values():
            if member.post == said["post"]:
                member.offices = {name for name in OFFICE.values() if offices[name]}

    def given(self, said, attributes, told):
        self.boxes[said["address"]] = SimpleNamespace(
            name=said["address"],
            kind=attributes["box"],
            person=said.get("person", ""),
            unit=said.get("unit", ""),
            since=box(told[0]),
            until=NEVER,
        )

    def withdrawn(self, said, _, told):
        if said["address"] in self.boxes:
            self.boxes[said["address"]].until = box(told[0])

    def granted(self, said, _, told):
        if said["leave"] not in self.leaves:
            self.leaves[said["leave"]] = SimpleNamespace(
                person=said["person"],
                acting=said.get("acting", ""),
                since=legal(said["valid_from"]),
                until=legal(said["valid_to"]),
                told=told,
                returns=set(),
            )

    def returned(self, said, _, told):
        if said["leave"] in self.leaves:
            self.leaves[said["leave"]].returns.add((*told, legal(said["valid_to"])))

    def away(self, person: str, known_at=None) -> list[tuple[int, int]]:
        """Return when a person is away, by the returns that were known at an instant."""
        return [absence(one, known_at) for one in self.leaves.values() if one.person == person]

    def is_away(self, person: str, begin: int, end: int) -> bool:
        return any(since <= begin and end <= until for since, until in self.away(person))

    def posts(self, person: str, at: int) -> list:
        """Return what a person holds, the longest held first."""
        held = [one for one in self.members.values() if one.person == person and one.since <= at < one.until]
        return sorted(held, key=lambda one: (one.since, one.name))

    def covering(self, person: str, begin: int, end: int) -> list:
        """Return what a person holds for the whole of a period, the longest held first."""
        return [one for one in self.posts(person, begin) if end <= one.until]

    def box_of(self, one) -> str:
        """Return the mailbox that an entry is about: by its address, else as the one of its unit."""
        said = one.disclosures
        shared = [
            name
            for name, each in self.boxes.items()
            if each.kind != "personal"
            and (each.unit, each.kind) == (said.get("unit", ""), one.attributes.get("box"))
        ]
        return said.get("address") or min(shared, default="")

    def has_address(self, person: str, at: int) -> bool:
        held = [one for one in self.boxes.values() if person and one.person == person]
        return any(one.since < at < one.until for one in held)

    def holder(self, unit: str, at: int, office: str) -> tuple[str, str, str]:
        """Return person, membership and unit of who answers for an office: of the unit, of the nearest above, of any."""
        above = [unit] if unit else []
        while above and self.units.get(above[-1]) and self.units[above[-1]] not in above:
            above.append(self.units[above[-1]])
        fit = [one for one in self.members.values() if office in one.offices and one.since <= at < one.until]
        fit.sort(
            key=lambda one: (above.index(one.unit) if one.unit in above else len(above), one.since, one.name)
        )
        for one in fit:
            there = self.there(one, at)
            self.covered[
                "office: away" if there is None else "office: acting" if there is not one else "office: held"
            ] += 1
            if there:
                return there.person, there.name, one.unit
        return (fit[0].person, fit[0].name, fit[0].unit) if fit else ("", "", "")

    def there(self, member, at: int):
        """Return the member, or who acts while the member is away; nobody when that one is away too."""
        now = [one for one in self.leaves.values() if one.person == member.person and self._lasts(one, at)]
        if not now:
            return member
        for leave in sorted(now, key=lambda one: one.told):
            held = self.posts(leave.acting, at) if leave.acting else []
            if held and not self.is_away(leave.acting, at, at + 1):
                return held[0]
        return None

    def _lasts(self, leave, at: int) -> bool:
        since, until = absence(leave)
        return since <= at < until


def absence(leave, known_at=None) -> tuple[int, int]:
    """Return when somebody is away: by the last word on the return that was said by an instant."""
    said = [one for one in leave.returns if known_at is None or one[0] <= known_at]
    back = max(said)[2] if said else NEVER
    return leave.since, min(leave.until, back)


def bearer(known: Known, norm, one) -> tuple[str, str, str, str, str] | None:
    """Return key, person, membership, unit and mailbox of the first named bearer that an event tells."""
    found = (of_event(known, kind, one, one.disclosures, box(one.at)) for kind in norm.bearer)
    return next((each for each in found if each), None)


def of_event(known: Known, kind: str, one, said, at: int):
    unit = said.get("unit", "")
    match kind:
        case "agency":
            found = AGENCY, "", "", unit, ""
        case "actor" | "assignee":
            found = of_person(known, said.get(kind), unit, at)
        case "reported" | "sender":
            found = of_person(known, said.get("person"), unit, at) or of_unit(known, "head", one, at)
        case "recipient":
            found = of_person(known, said.get("recipient"), unit, at) or of_box(known, one, unit, at)
        case "registry_clerk":
            person, membership, of = known.holder(unit, at, "clerk")
            found = unit or AGENCY, person, membership, unit or of, ""
        case "unit":
            named = unit_of(known, one, at)
            found = (named, "", "", named, "") if named else None
        case _:
            found = of_unit(known, OFFICE[kind], one, at)
    return found


def of_person(known: Known, person: str | None, unit: str, at: int):
    if not person:
        return None
    held = known.posts(person, at)
    return (
        (person, person, held[0].name, held[0].unit or unit, "") if held else (person, person, "", unit, "")
    )


def of_box(known: Known, one, unit: str, at: int):
    name = known.box_of(one)
    if not name:
        return None
    unit = unit or (known.boxes[name].unit if name in known.boxes else "")
    person, membership, of = known.holder(unit, at, "clerk")
    return name, person, membership, unit or of, name


def of_unit(known: Known, office: str, one, at: int):
    unit = unit_of(known, one, at)
    if not unit:
        return None
    person, membership, _ = known.holder(unit, at, office)
    return unit, person, membership, unit, ""


def unit_of(known: Known, one, at: int) -> str:
    """Return the unit that an entry discloses, else that of the person in it."""
    held = known.posts(one.disclosures.get("person", ""), at)
    return one.disclosures.get("unit") or (held[0].unit if held else "")


def standing(known: Known, norm, begin: int, end: int) -> dict:
    """Return who owes for a whole window or period, by key."""
    found = {}
    for kind in norm.bearer:
        for one in _standing(known, norm, kind, begin, end):
            found[one[0]] = one
    return found


def _standing(known: Known, norm, kind: str, begin: int, end: int):
    if kind == "agency":
        yield AGENCY, "", "", "", ""
    elif kind == "official":
        for person in {one.person for one in known.members.values()}:
            held = known.covering(person, begin, end)
            has_box = any(
                one.kind == "personal" and one.person == person and one.since <= begin and end <= one.until
                for one in known.boxes.values()
            )
            if held and (has_box or not norm.windows) and not known.is_away(person, begin, end):
                yield person, person, held[0].name, held[0].unit, ""
    elif kind == "agency_mailbox":
        for one in known.boxes.values():
            if one.kind in {"unit", "agency"} and one.since <= begin and end <= one.until:
                person, membership, of = known.holder(one.unit, begin, "clerk")
                yield one.name, person, membership, one.unit or of, one.name
    elif kind == "registry_clerk":
        person, membership, of = known.holder("", begin, "clerk")
        yield AGENCY, person, membership, of, ""
    else:
        for unit in known.units:
            person, membership, _ = (
                known.holder(unit, begin, OFFICE[kind]) if kind in OFFICE else ("", "", "")
            )
            yield unit, person, membership, unit, ""


def belongs(known: Known, norm, one, key: str) -> bool:
    """Say whether evidence of a period may be that of this bearer."""
    said = one.disclosures
    if norm.windows:
        return key == (said.get("actor") if one.attributes["box"] == "personal" else known.box_of(one))
    if norm.fulfil.same:
        return key == said.get(norm.fulfil.same[0])
    keys = {
        "official": said.get("actor") or said.get("person"),
        "agency_mailbox": known.box_of(one),
        "agency": AGENCY,
        "registry_clerk": AGENCY,
    }
    return any(key == keys.get(kind, said.get("unit")) for kind in norm.bearer)
