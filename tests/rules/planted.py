"""Faults planted in clean books: each kind in any place where it fits, the same for the same seed."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from ruamel.yaml import YAML

from congvu.rules import vocabulary

Data = dict[str, Any]
OWING = {"obligation", "prohibition"}


@dataclass
class Site:
    """Where a fault goes: a copy of a book, one of its norms, and perhaps a second version beside it."""

    book: Data
    norm: Data
    rng: Random
    second: Data | None = field(default=None)

    def table(self, name: str) -> Data:
        """Return a match table of the norm."""
        found = self.norm
        for part in name.split("."):
            found = found[part]
        return found

    def twin(self, **changed: object) -> Data:
        """Add a copy of the norm under an id of its own."""
        copy = deepcopy(self.norm) | {"id": "planted-twin"} | changed
        self.book["norms"].append(copy)
        return copy


@dataclass(frozen=True)
class Fault:
    """One kind of fault: where it fits, what it does, and what must be told of it."""

    name: str
    fits: Callable[[Data, Data], bool]
    plant: Callable[[Site], object]
    told: str
    at: str = "norm"  # norm, twin or book


def plain(text: str) -> Data:
    """Return a file as data that JSON can hold, days as text."""
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=date.isoformat))


def written(book: Data) -> str:
    """Return data as a file again: JSON is YAML, and each value has its line."""
    return json.dumps(book, ensure_ascii=False, indent=1)


def lines_of(text: str, norm: str) -> range:
    """Return the lines on which a norm stands, the last one of this id."""
    rows = text.splitlines()
    first = max(number for number, row in enumerate(rows, 1) if row == f'   "id": "{norm}",') - 1
    last = next(number for number in range(first, len(rows) + 1) if rows[number - 1] in {"  }", "  },"})
    return range(first, last + 1)


def sites(fault: Fault, books: dict[str, Data]) -> list[tuple[str, int]]:
    """Return every file and norm in which a kind of fault can stand."""
    return [
        (name, place)
        for name, book in books.items()
        for place, norm in enumerate(book["norms"])
        if fault.fits(book, norm)
    ]


def planting(count: int, books: dict[str, Data]) -> Iterator[tuple[Fault, str, Site]]:
    """Yield so many planted faults, every kind in turn, spread over the places where it fits."""
    open_sites = {fault.name: sites(fault, books) for fault in FAULTS}
    for number in range(count):
        fault = FAULTS[number % len(FAULTS)]
        rng = Random(number)  # noqa: S311 -- a seed, no secret
        name, place = rng.choice(open_sites[fault.name])
        book = deepcopy(books[name])
        site = Site(book, book["norms"][place], rng)
        fault.plant(site)
        yield fault, name, site


def attributes(table: Data) -> dict[str, tuple[str, ...]]:
    """Return the attributes of a table's kind that are one of some words."""
    shape = vocabulary.KINDS[table["kind"]]
    return {name: words for name, words in shape.attributes.items() if isinstance(words, tuple)}


def has(*names: str) -> Callable[[Data, Data], bool]:
    """Fit norms that have all of these keys."""

    def fits(_: Data, norm: Data) -> bool:
        found: Any = norm
        for name in names:
            found = norm
            for part in name.split("."):
                found = found.get(part) if isinstance(found, dict) else None
            if found is None:
                return False
        return True

    return fits


def also(
    fits: Callable[[Data, Data], bool], test: Callable[[Data, Data], bool]
) -> Callable[[Data, Data], bool]:
    """Fit what fits twice."""
    return lambda book, norm: fits(book, norm) and test(book, norm)


def owing(_: Data, norm: Data) -> bool:
    """Fit norms by which something is owed."""
    return norm["kind"] in OWING


def anywhere(_: Data, __: Data) -> bool:
    """Fit every norm."""
    return True


def worded(name: str) -> Callable[[Data, Data], bool]:
    """Fit tables whose kind has an attribute of closed words."""
    return also(has(name), lambda _, norm: bool(attributes(Site({}, norm, Random(0)).table(name))))  # noqa: S311 -- a seed, no secret


def closed(name: str, *, empty: bool) -> Callable[[Site], object]:
    """Leave no value of an attribute open."""

    def plant(site: Site) -> None:
        table = site.table(name)
        attribute, words = site.rng.choice(sorted(attributes(table).items()))
        table[attribute] = {"in": []} if empty else {"not": list(words)}

    return plant


def unshared(site: Site) -> None:
    """Tie the fulfilment by what only it discloses."""
    site.norm["fulfil"]["same"] = site.rng.choice(only_fulfilment(site.norm))


def only_fulfilment(norm: Data) -> list[str]:
    """Return the disclosures of the fulfilment that the trigger lacks."""
    told = vocabulary.KINDS[norm["fulfil"]["kind"]].disclosures
    return sorted(told - vocabulary.KINDS[norm["when"]["kind"]].disclosures)


def undated(norm: Data) -> list[str]:
    """Return the disclosures of the trigger that are no day."""
    told = vocabulary.KINDS[norm["when"]["kind"]].disclosures
    return sorted(
        name for name in told if not name.endswith("_on") and name not in {"valid_from", "valid_to"}
    )


def put(path: str, value: object) -> Callable[[Site], object]:
    """Write a value into the norm, or under `book.` into the book."""

    def plant(site: Site) -> None:
        *way, last = path.split(".")
        found: Any = site.norm
        if way and way[0] == "book":
            found, way = site.book, way[1:]
        for part in way:
            found = found.setdefault(part, {})
        found[last] = value

    return plant


def drop(path: str) -> Callable[[Site], object]:
    """Take a value out of the norm."""

    def plant(site: Site) -> None:
        *way, last = path.split(".")
        found: Any = site.norm
        for part in way:
            found = found[part]
        del found[last]

    return plant


def second(**changed: object) -> Callable[[Site], object]:
    """Put another version beside the book."""

    def plant(site: Site) -> None:
        site.second = deepcopy(site.book) | changed
        site.second["version"] = 99

    return plant


def gap(site: Site) -> None:
    """End the version, and begin the next one a year later."""
    site.book["in_force"]["to"] = "2027-01-01"
    second(in_force={"from": "2028-01-01"})(site)


def backwards(site: Site) -> None:
    """Number the later version before the earlier one."""
    site.book["in_force"]["to"] = "2027-01-01"
    site.book["version"] = 100
    second(in_force={"from": "2027-01-01"})(site)


def moved_deadline(norm: Data) -> Data:
    """Return another deadline than the norm has."""
    return {"within": {"working_minute": 7}} if "same_day" in norm["deadline"] else {"same_day": True}


WHEN = has("when", "fulfil", "deadline")


def open_ended(book: Data, _: Data) -> bool:
    """Fit books that no other version follows."""
    return "to" not in book["in_force"] and book["version"] == 1 and book["in_force"]["from"] < "2026"


FAULTS = [
    *(
        Fault(f"{name}: unknown event", has(name), put(f"{name}.kind", "mail.message.pondered"), "which nothing records.")
        for name in ("when", "fulfil", "cancel", "suspend.from", "suspend.until", "extend.notice", "compensate", "cap.part", "report", "count")
    ),
    *(
        Fault(f"{name}: no value left", worded(name), closed(name, empty=True), f"`{name}` can never hold.")
        for name in ("when", "fulfil", "report", "count", "cap.part", "suspend.from")
    ),
    *(
        Fault(f"{name}: every word refused", worded(name), closed(name, empty=False), f"`{name}` can never hold.")
        for name in ("when", "fulfil", "cap.whole")
    ),
    *(
        Fault(f"{name}: impossible word", worded(name), lambda site, name=name: site.table(name).update({next(iter(attributes(site.table(name)))): "never"}), "can never be `never`.")
        for name in ("when", "fulfil", "count")
    ),
    Fault("a bound on words", worded("when"), lambda site: site.norm["when"].update({next(iter(attributes(site.norm["when"]))): {"at_least": 3}}), "is no number, so `at_least` cannot hold."),
    Fault("an unknown attribute", has("when"), put("when.colour", "red"), "unknown key `colour`."),
    Fault("no deadline", also(WHEN, owing), drop("deadline"), "it has no deadline."),
    Fault("no fulfilment", also(WHEN, owing), drop("fulfil"), "nothing fulfils it."),
    Fault("no trigger", also(WHEN, owing), drop("when"), "nothing sets it off."),
    Fault("no bearer", also(WHEN, owing), drop("bearer"), "nobody bears it."),
    Fault("no bearer of a rhythm", also(has("every"), owing), put("bearer", "recipient"), "nobody bears it."),
    Fault("nobody answers a report", has("report"), put("bearer", "agency"), "nobody answers a report."),
    Fault("untied fulfilment", has("when", "fulfil.same"), drop("fulfil.same"), "nothing ties what fulfils it to what set it off."),
    Fault("untied cancellation", has("when", "cancel.same"), drop("cancel.same"), "nothing ties `cancel` to what set it off."),
    Fault("untied extension", has("extend.notice.same"), drop("extend.notice.same"), "nothing ties `extend.notice`"),
    Fault("untied suspension", has("suspend.until.same"), drop("suspend.until.same"), "nothing ties `suspend.until`"),
    Fault("tied by what the trigger lacks", also(WHEN, lambda _, norm: bool(only_fulfilment(norm))), unshared, "with its trigger."),
    Fault("tied by a word", has("fulfil.same"), put("fulfil.same", ["weather"]), "`same: weather` is not known."),
    *(Fault(f"no {language} title", anywhere, drop(f"title.{language}"), f"the key `{language}` is missing.") for language in ("vi", "en")),
    Fault("no original title", lambda book, norm: book["original"] == "vi" and "quote" in norm, put("quote", {"en": "Word for word"}), "`quote` lacks the original language `vi`."),
    Fault("undeclared parameter", WHEN, put("deadline", {"after": "in_good_time"}), "the parameter `in_good_time` is not declared."),
    Fault("unused parameter", anywhere, put("book.parameters.idle", {"unit": "day", "at_least": 1, "at_most": 2, "title": {"vi": "a", "en": "a"}}), "no norm uses this parameter.", "book"),
    Fault("empty bounds", anywhere, put("book.parameters.idle", {"unit": "day", "at_least": 3, "at_most": 2, "title": {"vi": "a", "en": "a"}}), "at_least 3 is more than at_most 2", "book"),
    *(Fault(f"by {day}", WHEN, put("deadline", {"by": day}), "is not a day of every year") for day in ("02-30", "04-31", "02-29")),
    Fault("by no month", WHEN, put("deadline", {"by": "13-01"}), "is no day of a year."),
    Fault("no time at all", WHEN, put("deadline", {"within": {"working_day": 0}}), "must be a whole number from 1 on."),
    Fault("endless time", WHEN, put("deadline", {"within": {"day": 10**30}}), "must be a whole number from 1 on."),
    Fault("two limits", WHEN, put("deadline", {"same_day": True, "within": {"day": 1}}), "a deadline needs one of"),
    Fault("a start that is not told", WHEN, put("deadline", {"within": {"day": 1}, "start": "wished_on"}), "discloses no `wished_on`."),
    Fault("a start that is no day", also(WHEN, lambda _, norm: bool(undated(norm))), lambda site: site.norm.update(deadline={"within": {"day": 1}, "start": site.rng.choice(undated(site.norm))}), "is no day, so nothing is counted from it."),
    Fault("back without how long", has("deadline.before"), put("deadline", {"same_day": True, "before": "due_on"}), "it counts back without how long"),
    Fault("due before it opens", has("deadline.before"), put("deadline", {"within": {"year": 1}, "before": "due_on", "from": "year_end"}), "it is due a year or more before it opens."),
    Fault("minutes from the year's end", WHEN, put("deadline", {"within": {"minute": 5}, "from": "year_end"}), "it counts from the end of a year without"),
    Fault("a window at night", has("windows"), put("windows", ["02:00/03:00"]), "never opens: no working hour"),
    Fault("windows that overlap", has("windows"), put("windows", ["08:00/10:00", "09:00/11:00"]), "overlap."),
    Fault("a window backwards", has("windows"), put("windows", ["09:00/08:00"]), "is no span of hours."),
    Fault("a window on no day", has("windows"), drop("every"), "`windows` open on no day."),
    Fault("a window with a deadline", has("windows"), put("deadline", {"same_day": True}), "a window is a deadline already."),
    Fault("an event and a rhythm", WHEN, put("every", "month"), "not both."),
    Fault("a recommendation that binds", also(WHEN, owing), put("kind", "recommendation"), "a recommendation never yields a breach."),
    *(Fault(f"a {kind} that binds", also(has("fulfil"), owing), put("kind", kind), f"a `{kind}` owes nothing.") for kind in ("permission", "power", "legal_effect")),
    Fault("an opinion that is judged", also(WHEN, owing), put("opinion", value=True), "what people think and say is never judged here."),
    Fault("an opinion that is reported", has("report"), put("opinion", value=True), "what people think and say is never judged here."),
    Fault("applies and does not", WHEN, put("not_applicable", {"vi": "a", "en": "a"}), "it says that it does not apply"),
    Fault("two norms of one id", anywhere, lambda site: site.book["norms"].append(deepcopy(site.norm)), "another norm has this id."),
    Fault("an exception to nothing", anywhere, put("exception_to", ["no-such-rule"]), "which is no norm in force with it."),
    Fault("an exception to another book's nothing", anywhere, put("exception_to", ["vn.law/no-such-rule"]), "which is no norm in force with it."),
    Fault("an exception that owes nothing", has("exception_to", "when", "fulfil"), lambda site: (site.norm.update(kind="permission"), site.norm.pop("fulfil")), "takes nothing from its rule."),
    Fault("an exception to itself", anywhere, lambda site: site.norm.update(exception_to=[site.norm["id"]]), "it is an exception to itself."),
    Fault("an override of no book", anywhere, put("overrides", {"book": "no.book", "norm": "x", "competence": "a"}), "which is no book."),
    Fault("an override of no norm", anywhere, put("overrides", {"book": "vn.law", "norm": "no-such-rule", "competence": "a"}), "which is no norm in force with it."),
    Fault("an override without competence", lambda book, _: book["book"] in {"vn.city", "vn.agency"}, put("overrides", {"book": "vn.law", "norm": "settle"}), "without competence."),
    Fault("an override of itself", anywhere, lambda site: site.norm.update(overrides={"book": site.book["book"], "norm": site.norm["id"], "competence": "a"}), "it overrides itself."),
    Fault("a norm always overridden", anywhere, lambda site: site.twin(overrides={"book": site.book["book"], "norm": site.norm["id"], "competence": "a"}, exception_to=[]), "can never apply: it is overridden", "twin"),
    Fault("a rule always excepted", also(WHEN, lambda _, norm: "unless" not in norm), lambda site: site.twin(exception_to=[site.norm["id"]]), "can never apply: this exception", "twin"),
    Fault("a conflict", also(WHEN, lambda _, norm: not norm.get("exception_to") and "overrides" not in norm), lambda site: site.twin(deadline=moved_deadline(site.norm)), "and neither prevails.", "twin"),
    Fault("begins and ends at once", has("suspend"), lambda site: site.norm["suspend"].update(until=deepcopy(site.norm["suspend"]["from"])), "one event begins and ends the suspension."),
    Fault("an end that nobody records", has("when", "fulfil", "cancel"), lambda site: site.norm.update(suspend={"from": {"kind": "mail.message.opened", "same": "message"}, "until": {"kind": "archive.file.opened", "same": "actor"}}), "the suspension can never end"),
    Fault("a suspension of no time", also(has("suspend"), owing), drop("deadline"), "`suspend` has no deadline to move."),
    Fault("an extension of nothing", has("extend"), put("extend.by", {"working_day": 0}), "must be a whole number from 1 on."),
    Fault("a cap over no period", has("cap"), drop("every"), "`cap` has no period over which it is counted."),
    Fault("more than the whole", has("cap"), put("cap.percent", 120), "is more than the whole."),
    Fault("a part with nothing", has("report"), put("cancel", {"kind": "mail.message.recalled"}), "`cancel` has no duty to act upon."),
    Fault("an article out of a newspaper", anywhere, put("cite", {"article": "Điều 1", "wording": "press", "checked": "press"}), "is cited, and its words come from"),
    Fault("an unknown key", anywhere, put("colour", "red"), "unknown key `colour`."),
    Fault("an example of nothing", anywhere, lambda site: site.book.update(examples=[{"title": {"vi": "a", "en": "a"}, "norm": "no-such-rule", "as_of": "2026-01-01 08:00", "expect": []}]), "it names no norm of the book.", "book"),
    Fault("an example at no time", anywhere, lambda site: site.book.update(examples=[{"title": {"vi": "a", "en": "a"}, "norm": site.norm["id"], "as_of": "some day", "given": [{"at": "2026-01-01 08:00", "kind": "rules.clock.ticked"}], "expect": []}]), "a time or day cannot be read.", "book"),
    Fault("an example without end", anywhere, lambda site: site.book.update(examples=[{"title": {"vi": "a", "en": "a"}, "norm": site.norm["id"], "as_of": "2126-01-01 08:00", "given": [{"at": "2026-01-01 08:00", "kind": "rules.clock.ticked"}], "expect": []}]), "it runs over more than 50 years.", "book"),
    Fault("no original title of the book", lambda book, _: book["original"] == "vi", lambda site: site.book.update(original="kk"), "the original language `kk` is missing.", "book"),
    Fault("an id of several words", anywhere, put("book.book", "Luật một"), "is no id.", "book"),
    Fault("no calendar", anywhere, put("book.calendar", "atlantis"), "there is no calendar `atlantis`.", "book"),
    Fault("a calendar that lacks a year", lambda book, _: book["version"] == 1, put("book.in_force.from", "1999-01-01"), "lacks 1999", "book"),
    Fault("an end before the beginning", anywhere, put("book.in_force.to", "1990-01-01"), "the version ends before it begins.", "book"),
    Fault("a day that does not exist", anywhere, put("book.in_force.from", "2026-02-30"), "`from` must be a day.", "book"),
    Fault("versions that overlap", open_ended, second(in_force={"from": "2027-01-01"}), "are in force at the same time.", "second"),
    Fault("versions with a gap", open_ended, gap, "no version is in force from 2027-01-01", "second"),
    Fault("versions out of order", open_ended, backwards, "follows version 100", "second"),
    Fault("adopts no book", anywhere, put("book.adopts", ["no.book"]), "which is no book.", "book"),
    Fault("adopts itself", anywhere, lambda site: site.book.update(adopts=[site.book["book"]]), "adoption runs in a circle", "book"),
    Fault("adopts its adopter", lambda book, _: book["book"] == "vn.law", put("book.adopts", ["vn.agency"]), "adoption runs in a circle: vn.law → vn.agency → vn.city → vn.law", "book"),
    Fault("adopts what holds elsewhere", lambda book, _: book["jurisdiction"] != "vn/city", put("book.adopts", ["vn.agency"]), "which does not hold in", "book"),
    Fault("adopts down the levels", lambda book, _: book["book"] == "vn.city" and book["version"] == 1, lambda site: site.book.update(level="nation", adopts=["vn.agency"]), "adopts one of a lower level", "book"),
]  # fmt: skip
