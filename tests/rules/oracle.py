"""A naive reading of the test book: for every duty it looks at every entry, and walks time in half hours.

Written from the text of the rules alone: it knows nothing of keys, states, batches or the engine's modules.
"""

from datetime import date, datetime, time, timedelta, timezone

HALF = timedelta(minutes=30)
DAY = timedelta(days=1)
LOCAL = timezone(timedelta(hours=7))


def outcome(world, told) -> dict:
    """Return what each duty came to, by norm and by what set it off."""
    found = {}
    for one in told:
        if one.kind == "t.asked" and one.attributes["level"] >= 2 and knows_adoption(told, one):
            found["answer", one.id] = answer(world, told, one)
    found |= reports(world, told)
    found |= shares(world, told)
    return found


def knows_adoption(told, entry) -> bool:
    """The book had been adopted, in the log and in time, at one of the places where the entry stands."""
    places = [place for place, one in enumerate(told) if one.id == entry.id]
    return any(one.kind == "rules.book.adopted" and one.at <= entry.at for one in told[: max(places)])


def answer(world, told, asked) -> dict:
    second = local(asked.at).date() >= world.turns_on
    case = [one for one in told if one.disclosures.get("case") == asked.disclosures["case"]]
    closed = words(told, asked.at)
    step = [one for one in unique(case) if one.kind in {"t.paused", "t.resumed", "t.prolonged"}]
    rank = {"t.prolonged": 0, "t.resumed": 1, "t.paused": 2}
    step.sort(key=lambda one: (one.at, rank[one.kind], one.id))

    def due(pauses, longer):
        end = last(asked.at, world.amounts[second], world.units[second], pauses, closed)
        for _ in range(longer):
            end = last(end, *world.longer, pauses, closed, on=True)
        return end

    pauses, begun, longer = [], None, 0
    for one in step:
        if one.kind == "t.paused" and begun is None and one.at < due(pauses, longer):
            begun = one.at
        elif one.kind == "t.resumed" and begun is not None:
            pauses.append((begun, one.at))
            begun = None
        elif one.kind == "t.prolonged" and longer < world.times and one.at >= asked.at:
            longer += begun is not None or one.at <= due(pauses, longer)
    over = None if begun is not None else due(pauses, longer)
    met = [
        (one.at, one.id)
        for one in case
        if one.kind == "t.answered" and (not second or one.attributes["written"])
    ]
    gone = [(one.at, one.id) for one in case if one.kind == "t.dropped" and one.at >= asked.at]
    mended = [(one.at, one.id) for one in case if one.kind == "t.mended" and over and one.at > over]
    duty = {
        "version": 1 + second,
        "bearer": asked.disclosures["actor"],
        "due": over,
        "met": min(met, default=None),
        "gone": min(gone, default=None),
        "mended": min(mended, default=None),
        "pauses": len(pauses) + (begun is not None),
        "longer": longer,
    }
    return duty | {"status": status(duty, max(one.at for one in told))}


def reports(world, told) -> dict:
    """Each whole period that began after the adoption was known, with the fulfilments that lie in it."""
    found = {}
    for begin, place in openings(told):
        first, following = span(world.rhythm, begin)
        if first != begin or not adopted_before(told, midnight(begin), place):
            continue
        if world.rhythm[0] == "working_day" and not works(begin, words(told[:place])):
            continue
        inside = unique(
            [one for one in told if one.kind == "t.reported" and first <= local(one.at).date() < following]
        )
        met = sorted((one.at, one.id) for one in inside)
        closings = (
            [one.id for one in told[place:] if is_closing(one, begin)]
            if world.rhythm[0] == "working_day"
            else []
        )
        duty = {
            "version": 1 + (begin >= world.turns_on),
            "bearer": "agency",
            "due": midnight(following),
            "met": met[world.often - 1] if len(met) >= world.often else None,
            "gone": (midnight(begin), min(closings)) if closings else None,
            "mended": None,
            "pauses": 0,
            "longer": 0,
        }
        found["report", midnight(begin)] = duty | {"status": status(duty, max(one.at for one in told))}
    return found


def shares(world, told) -> dict:
    """Each period in which something was rated while the book bound from its beginning."""
    found, seen = {}, max(one.at for one in told)
    rated = [one for one in told if one.kind == "t.rated"]
    for first, following in {span(world.capped, local(one.at).date()) for one in rated}:
        inside = unique(
            [
                one
                for place, one in enumerate(told)
                if one.kind == "t.rated"
                and first <= local(one.at).date() < following
                and adopted_before(told, midnight(first), place)
            ]
        )
        if not inside:
            continue
        part = sum(one.attributes["level"] == 3 for one in inside)
        over, kept = midnight(following) <= seen, 100 * part <= world.percent * len(inside)
        late = midnight(following) < seen
        found["share", midnight(first)] = {
            "part": part,
            "whole": len(inside),
            "due": midnight(following),
            "status": "fulfilled" if over and kept else "breached" if late and not kept else "pending",
        }
    return found


def status(duty, seen) -> str:
    due, met, gone = duty["due"], duty["met"], duty["gone"]
    if gone and (due is None or gone[0] <= due) and (not met or gone[0] < met[0]):
        return "annulled"
    if met:
        return "fulfilled" if due is None or met[0] <= due else "late"
    if due is None or due >= seen:
        return "pending"
    return "compensated" if duty["mended"] else "breached"


def last(start, amount, unit, pauses, closed, *, on=False) -> datetime:
    """Walk until so much has passed that was not paused; `on` goes on from the end of a legal day or of work."""
    here = local(start - timedelta(microseconds=1) if on else start)
    day = here.date()
    if unit in {"hour", "working_hour"}:
        return walk(start, amount * 2, pauses, closed, worked=unit == "working_hour")
    if unit == "day":
        end = midnight(day + DAY * (amount + 1))
        end = walk(start, (end - start) // HALF, pauses, closed, worked=False)
        return midnight(local(end - timedelta(microseconds=1)).date() + DAY)
    while not on and not works(day, closed):
        day += DAY
    while amount:
        day += DAY
        amount -= works(day, closed) and not any(
            paused(slot, pauses) for slot in slots(day) if is_worked(slot, closed)
        )
    return datetime.combine(day, time(17), LOCAL)


def walk(at, left, pauses, closed, *, worked) -> datetime:
    while left:
        left -= not paused(at, pauses) and (not worked or is_worked(at, closed))
        at += HALF
    return at


def paused(slot, pauses) -> bool:
    return any(begin <= slot < end for begin, end in pauses)


def is_worked(slot, closed) -> bool:
    here = local(slot)
    return works(here.date(), closed) and (8 <= here.hour < 12 or 13 <= here.hour < 17)


def slots(day) -> list[datetime]:
    return [midnight(day) + HALF * number for number in range(48)]


def works(day, closed) -> bool:
    return not closed[day] if day in closed else day.weekday() < 5


def words(told, opened=None) -> dict[date, bool]:
    """The agency's word on each day: the latest that was said when a duty opened, and each closing after it."""
    said = sorted((one for one in told if one.kind == "rules.day.closed"), key=lambda one: (one.at, one.id))
    found = {}
    for one in said:
        if opened is None or one.at <= opened or one.attributes["closed"]:
            found[date.fromisoformat(one.attributes["day"])] = one.attributes["closed"]
    return found


def is_closing(one, day) -> bool:
    return (
        one.kind == "rules.day.closed"
        and one.attributes["closed"]
        and one.attributes["day"] == day.isoformat()
    )


def openings(told):
    """Yield each day whose midnight the log passes, with the place of the entry that passes it."""
    passed = told[0].at
    for place, one in enumerate(told):
        day = local(passed).date() + DAY
        while midnight(day) <= one.at:
            yield day, place
            day += DAY
        passed = max(passed, one.at)


def adopted_before(told, at, place) -> bool:
    return any(one.kind == "rules.book.adopted" and one.at <= at for one in told[:place])


def span(rhythm, day) -> tuple[date, date]:
    """Return the period around a day, found by walking back to its first day."""
    period, length = rhythm
    if period == "month":
        following = (day.replace(day=1) + DAY * 31).replace(day=1)
        return day.replace(day=1), following
    size = length * (7 if period == "week" else 1)
    first = day
    while (first - date(1, 1, 1)).days % size:
        first -= DAY
    return first, first + DAY * size


def unique(entries) -> list:
    return list({one.id: one for one in entries}.values())


def local(at) -> datetime:
    return at.astimezone(LOCAL)


def midnight(day) -> datetime:
    return datetime.combine(day, time(), LOCAL)
