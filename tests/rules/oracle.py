"""A naive reading of the books: for every duty it looks at every entry, and counts time in boxes of half an hour.

Written from the text of the rules alone (docs/reference/rulebook.md, docs/explanation/duties.md, decisions 201 to
212): it knows nothing of keys, states, batches or the engine's modules; books are plain data to it.
"""

from collections import Counter
from datetime import date, datetime

from tests.rules import oracle_force as force
from tests.rules import oracle_posts as posts
from tests.rules.oracle_time import BOXES, LOCAL, Paper, box, day, instant, number

RANK = {"t.prolonged": 0, "t.resumed": 1, "t.paused": 2}
NOTHING = {"met": None, "gone": None, "mended": None, "pauses": 0, "longer": 0}


class Oracle:
    """Looks at a whole trace at once. `covered` counts what it met, so that a test sees what was tried."""

    def __init__(self, books, calendar, told):
        self.books, self.calendar, self.told, self.covered = books, calendar, told, Counter()
        self.seen = max(one.at for one in told)
        self.known_by = {}
        self.norms = [(book, norm) for book in books for norm in book.norms]

    def outcome(self) -> dict:
        """Return what each duty came to, by norm, bearer and what set it off; and what was counted."""
        found = {}
        for place, one in enumerate(self.told):
            found |= {name: duty for name, duty in self.set_off(place, one) if name not in found}
        for book, norm in self.norms:
            if norm.cap:
                found |= self.shares(book, norm)
            elif norm.rhythm and norm.kind in force.DUTIES:
                found |= self.periods(book, norm)
        return found

    def known(self, place: int) -> posts.Known:
        if place not in self.known_by:
            self.known_by[place] = posts.Known(self.told[:place], self.covered)
        return self.known_by[place]

    def binds(self, book, norm, at: int, one: int, place: int) -> bool:
        return force.binds(self.books, self.told[:place], book, norm, at, one, covered=self.covered)

    def set_off(self, place: int, one):
        """Yield what an entry sets off at its place in the log."""
        at = box(one.at)
        placed = [
            (book, norm)
            for book, norm in self.norms
            if norm.kind in force.DUTIES
            and (
                force.meets(norm.when, one.kind, one.attributes)
                or force.meets(norm.report, one.kind, one.attributes)
            )
            and self.binds(book, norm, at, at // BOXES, place)
        ]
        yield from self.counts(place, one, at)
        if one.destroyed:  # destroyed evidence obliges nobody
            self.covered["destroyed: untraceable"] += bool(placed)
            yield from (((norm.id, "counted", one.id), "untraceable") for _, norm in placed)
            return
        by_event = force.prevailing([each for each in placed if each[1].when], self.covered)
        for book, norm in [*by_event, *(each for each in placed if each[1].report)]:
            who = posts.bearer(self.known(place), norm, one)
            is_exempt = norm.unless and self.known(place).has_address(one.disclosures.get("person", ""), at)
            self.covered["unless"] += bool(is_exempt)
            if who is None or is_exempt:
                continue
            self.covered[f"bearer: {norm.bearer[0]}"] += 1
            duty = self.reported(one) if norm.report else self.matter(book, norm, one, who, place)
            name = (f"{book.id} {norm.id}", who[0], one.id)
            yield name, self.closed(name, place, duty | held(book, who), is_reported=bool(norm.report))

    def counts(self, place: int, one, at: int):
        for book, norm in self.norms:
            if force.meets(norm.count, one.kind, one.attributes) and self.binds(
                book, norm, at, at // BOXES, place
            ):
                self.covered["counted"] += 1
                yield (norm.id, "counted", one.id), str(one.attributes[norm.count.tests[0].attribute])

    def reported(self, one) -> dict:
        return NOTHING | {"due": one.at}

    def matter(self, book, norm, asked, who, place: int) -> dict:
        """Return the course of a duty that an event set off: its pauses, its extensions, its end."""
        case = unique(one for one in self.told if one.disclosures.get("case") == asked.disclosures["case"])
        given = self.given(book, norm, asked.at, place, self.start(norm.deadline, asked), who)
        steps = [one for one in case if one.kind in RANK]
        steps.sort(key=lambda one: (one.at, RANK[one.kind], one.id))
        pauses, begun, longer = [], None, []
        for one in steps:
            at = box(one.at)
            if one.kind == "t.paused" and begun is None and given and not norm.deadline.is_before:
                begun = at if at < given(pauses, longer) else None
            elif one.kind == "t.resumed" and begun is not None:
                pauses.append((begun, at))
                begun = None
            elif one.kind == "t.prolonged" and given and one.at >= asked.at:
                is_in_time = begun is not None or at <= given(pauses, longer)
                if is_in_time and len(longer) < norm.extend.times:
                    longer.append((norm.extend.amount, norm.extend.unit))
        over = given(pauses, longer) if given and begun is None else None
        self.note(norm.deadline, over, pauses, longer)
        due = None if over is None else instant(over)
        mended = [(one.at, one.id) for one in case if one.kind == "t.mended" and due and one.at > due]
        return {
            "due": due,
            "met": min(self.met(norm, case), default=None),
            "gone": min(
                ((o.at, o.id) for o in case if o.kind == "t.dropped" and o.at >= asked.at), default=None
            ),
            "mended": min(mended, default=None),
            "pauses": len(pauses) + (begun is not None),
            "longer": len(longer),
        }

    def met(self, norm, entries) -> list:
        return [(one.at, one.id) for one in entries if force.meets(norm.fulfil, one.kind, one.attributes)]

    def start(self, deadline, one) -> int | None:
        """Return from where a deadline is counted: the event, or the day or instant that it discloses."""
        text = one.disclosures.get(deadline.start) if deadline.start else None
        if text is None:
            return None if deadline.is_before else box(one.at)
        try:
            told = datetime.fromisoformat(text)
        except ValueError:
            return None
        return box(told if told.tzinfo else told.replace(tzinfo=LOCAL))

    def given(self, book, norm, opened_at, place: int, start: int | None, who):
        """Return the function of pauses and extensions that gives a duty's end, None when nothing tells it."""
        law = norm.deadline
        amount, unit = self.decided(book, law, opened_at, place) if law.parameter else (law.amount, law.unit)
        if start is None or (law.parameter and not amount):
            return None
        is_own = who[0] == who[1]  # a person owes it, and no office
        away = self.away(who[1], start, opened_at, is_before=law.is_before) if is_own else []
        self.covered["leave: stops time"] += bool(away)
        paper = Paper(self.calendar, self.words(opened_at, is_before=law.is_before), away=away)
        return lambda pauses, longer: paper.with_pauses(tuple(pauses)).due(law, start, amount, unit, longer)

    def decided(self, book, law, opened_at, place: int):
        """Return what the agency had decided, as known then and within the bounds of the version."""
        one = day(box(opened_at) // BOXES).isoformat()
        said = [
            (
                each.attributes["valid_from"],
                each.at,
                each.id,
                each.attributes["value"],
                each.attributes["unit"],
            )
            for each in self.told[:place]
            if each.kind == "rules.parameter.decided"
            and (each.attributes["book"], each.attributes["parameter"]) == (book.id, law.parameter)
            and each.at <= opened_at
            and each.attributes["valid_from"] <= one
        ]
        *_, value, unit = max(said, default=(0, ""))
        bounds = book.parameters[law.parameter]
        is_within = unit == bounds.unit and bounds.at_least <= value <= bounds.at_most
        self.covered[f"parameter: {'decided' if is_within else 'outside' if said else 'undecided'}"] += 1
        return (value, unit) if is_within else (0, "")

    def away(self, person: str, start: int, opened_at, *, is_before: bool):
        """Return the leave that takes its days out of a person's own term."""
        found = []
        for one in self.known(len(self.told)).leaves.values():
            since, until = posts.absence(one, opened_at)
            counts = one.told[0] <= opened_at if is_before else until > start
            if one.person == person and since < until and counts:
                found.append((since, until))
                self.covered["leave: back early"] += until < one.until
                self.covered["leave: granted afterwards"] += one.told[0] > opened_at
        return found

    def words(self, opened_at=None, *, place: int | None = None, is_before: bool = False) -> dict[int, bool]:
        """Return the word on each day: the latest when a duty opened, and each closing since unless it counts back."""
        said = [one for one in self.told[:place] if one.kind == "rules.day.closed"]
        found = {}
        for one in sorted(said, key=lambda one: (one.at, one.id)):
            closed = one.attributes["closed"]
            if opened_at is None or one.at <= opened_at or (closed and not is_before):
                found[number(date.fromisoformat(one.attributes["day"]))] = closed
        return found

    def periods(self, book, norm) -> dict:
        """Return each window or whole period that began after the book bound, with the evidence that lies in it."""
        found = {}
        for begin, end in self.spans(book, norm):
            place = next(place for place, one in enumerate(self.told) if box(one.at) >= begin)
            one = begin // BOXES
            if not in_worked(norm, self.paper(place), begin, end) or not self.binds(
                book, norm, begin, one, place
            ):
                continue
            for key, who in posts.standing(self.known(place), norm, begin, end).items():
                name = (f"{book.id} {norm.id}", key, instant(begin))
                duty = self.period(book, norm, who, begin, end, place)
                found[name] = self.closed(name, place, duty, is_window=bool(norm.windows))
                self.covered[f"{'window' if norm.windows else 'period'}: {norm.bearer[0]}"] += 1
        return found

    def paper(self, place: int) -> Paper:
        return Paper(self.calendar, self.words(place=place))

    def spans(self, book, norm):
        """Yield begin and end of each window or period of a version that the log passes."""
        first, last = box(self.told[0].at), box(self.seen)
        for one in range(first // BOXES, last // BOXES + 1):
            if not force.in_force(book, one):
                continue
            if norm.windows:
                found = [(one * BOXES + clock(w.opens), one * BOXES + clock(w.closes)) for w in norm.windows]
            else:
                begin, end = span(norm.rhythm, one, book.in_force_from.year)
                found = [(begin * BOXES, end * BOXES)] if begin == one else []
            yield from ((begin, end) for begin, end in found if first < begin <= last)

    def period(self, book, norm, who, begin: int, end: int, place: int) -> dict:
        """Return what a window or period came to."""
        due = end
        if norm.deadline:
            given = self.given(book, norm, instant(begin), place, begin, who)
            due = min(given((), ()), end) if given else None
            self.note(norm.deadline, due, (), ())
        known = [self.known(at) for at in range(len(self.told))]
        inside = unique(
            one
            for at, one in enumerate(self.told)
            if begin <= box(one.at) < end
            and force.meets(norm.fulfil, one.kind, one.attributes)
            and posts.belongs(known[at], norm, one, who[0])
        )
        met = sorted(self.met(norm, inside))
        gone, who = self.left(who, begin, end, place)
        gone += self.frees(norm, who, begin, end, place)
        return (
            NOTHING
            | held(book, who)
            | {
                "due": None if due is None else instant(due),
                "met": met[norm.rhythm.times - 1] if len(met) >= norm.rhythm.times else None,
                "gone": (instant(begin), min(gone)) if gone else None,
            }
        )

    def left(self, who, begin: int, end: int, place: int):
        """Return the entries by which the person left the post, and who bears it then: another post of the person."""
        gone = []
        for at, one in enumerate(self.told[place:], start=place + 1):
            if (
                one.kind != "directory.appointment.ended"
                or one.disclosures["membership"] != who[2]
                or who[0] != who[1]
            ):
                continue
            known = self.known(at)
            if who[2] in known.members and known.members[who[2]].until < end:
                others = known.covering(who[1], begin, end)
                self.covered["post left: other post" if others else "post left"] += 1
                if others:
                    who = (*who[:2], others[0].name, others[0].unit, who[4])
                else:
                    gone.append(one.id)
        return gone, who

    def frees(self, norm, who, begin: int, end: int, place: int) -> list[str]:
        """Return the entries that closed the day of a duty, or granted leave for the whole of it, after it opened."""
        found, before = [], {one.id for one in self.told[:place]}
        for one in self.told[place:]:
            if one.id in before:
                continue
            if one.kind == "rules.day.closed" and norm.rhythm.period == "working_day":
                today = number(date.fromisoformat(one.attributes["day"]))
                if one.attributes["closed"] and today * BOXES <= begin and end <= (today + 1) * BOXES:
                    found.append(one.id)
                    self.covered["day closed: freed"] += 1
            elif one.kind == "directory.leave.granted" and who[0] == who[1] == one.disclosures["person"]:
                since, until = (posts.legal(one.disclosures[name]) for name in ("valid_from", "valid_to"))
                if since <= begin and end <= until and self.is_first_grant(one):
                    found.append(one.id)
                    self.covered["leave: freed"] += 1
        return found

    def is_first_grant(self, one) -> bool:
        same = (
            each.id
            for each in self.told
            if each.kind == one.kind and each.disclosures["leave"] == one.disclosures["leave"]
        )
        return next(same) == one.id

    def shares(self, book, norm) -> dict:
        """Return each period in which something was counted while the norm bound from its beginning."""
        found = {}
        rated = [one for one in self.told if one.kind == norm.cap.whole.kind]
        for first, following in {
            span(norm.rhythm, box(one.at) // BOXES, book.in_force_from.year) for one in rated
        }:
            begin, end = first * BOXES, following * BOXES
            inside = unique(
                one
                for place, one in enumerate(self.told)
                if begin <= box(one.at) < end and self.binds(book, norm, begin, first, place)
            )
            part, whole = (
                sum(force.meets(each, one.kind, one.attributes) for one in inside)
                for each in (norm.cap.part, norm.cap.whole)
            )
            if not whole:
                continue
            over, kept = instant(end) <= self.seen, 100 * part <= norm.cap.percent * whole
            late = instant(end) < self.seen
            status = "fulfilled" if over and kept else "breached" if late and not kept else "pending"
            found[f"{book.id} {norm.id}", "agency", instant(begin)] = {
                "version": book.version,
                "part": part,
                "whole": whole,
                "due": instant(end),
                "status": status,
            }
            self.covered[f"cap: {status}"] += 1
        return found

    def closed(self, name, place: int, duty, *, is_reported: bool = False, is_window: bool = False) -> dict:
        """Put what people decided, and the status."""
        about = " ".join(map(str, name))
        decided = [one for one in self.told[place:] if one.attributes.get("about") == about]
        excused, confirmed = (
            max(((one.at, one.id) for one in decided if one.kind == f"conduct.finding.{said}"), default=None)
            for said in ("excused", "confirmed")
        )
        is_excused = excused and (not confirmed or excused[0] > confirmed[0])
        due = duty["due"]
        over = confirmed if is_reported else due and (due < self.seen or (is_window and due == self.seen))
        status = standing(duty, is_excused=is_excused, is_over=over, is_reported=is_reported)
        self.covered[f"status: {status}"] += 1
        return duty | {"excused": excused, "confirmed": confirmed, "status": status}

    def note(self, law, due, pauses, longer) -> None:
        """Count which deadline gave a due time, and what moved it."""
        forms = (
            "parameter",
            "same_day",
            "same_or_next_day",
            "next_morning",
            "by",
            "is_before",
            "is_from_year_end",
            "roll",
            "unit",
        )
        for form in forms:
            if due is not None and getattr(law, form):
                self.covered[f"deadline: {form if form != 'unit' else law.unit}"] += 1
                self.covered[f"deadline: {form}, paused"] += bool(pauses)
                self.covered[f"deadline: {form}, extended"] += bool(longer)
        self.covered["deadline: start told"] += bool(law.start and not law.is_before and due is not None)
        self.covered["deadline: none"] += due is None


def standing(duty, *, is_excused, is_over, is_reported) -> str:
    """Return the status, by the table of docs/explanation/duties.md."""
    due, met, gone = duty["due"], duty["met"], duty["gone"]
    if gone and (due is None or gone[0] <= due) and (not met or gone[0] < met[0]):
        return "annulled"
    if met and (due is None or met[0] <= due):
        return "fulfilled"
    if is_excused:
        return "excused"
    if met:
        return "late"
    if is_over:
        return "compensated" if duty["mended"] else "breached"
    return "reported" if is_reported else "pending"


def held(book, who) -> dict:
    return {"version": book.version, "who": who}


def in_worked(norm, paper: Paper, begin: int, end: int) -> bool:
    """Say whether work is done in a window, or on any day of a period of working days."""
    if norm.windows:
        return any(begin <= place < end for place in paper.worked(begin // BOXES))
    days = range(begin // BOXES, end // BOXES)
    return norm.rhythm.period != "working_day" or any(map(paper.works, days))


def clock(at) -> int:
    return at.hour * 2 + at.minute // 30


def span(rhythm, one: int, since: int) -> tuple[int, int]:
    """Return the period around a day, found by walking back to its first day and on to the next one."""
    first = one
    while not begins(rhythm, day(first), since):
        first -= 1
    following = one + 1
    while not begins(rhythm, day(following), since):
        following += 1
    return first, following


def begins(rhythm, today: date, since: int) -> bool:
    """Say whether a period begins on a day: days count from the year 1, weeks from its Monday, months from January."""
    months = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
    if rhythm.period in months:
        count = (
            (today.year - since) * 12 + today.month - 1
            if rhythm.period == "year"
            else today.year * 12 + today.month - 1
        )
        return today.day == 1 and count % (months[rhythm.period] * rhythm.length) == 0
    return (today - date(1, 1, 1)).days % (rhythm.length * (7 if rhythm.period == "week" else 1)) == 0


def unique(entries) -> list:
    return list({one.id: one for one in entries}.values())
