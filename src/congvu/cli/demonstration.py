"""The demonstration: a fictional agency with two lived weeks behind it, so that no screen is empty.

Everything in it came about as in life: real mail through the real ports, real acts, real evidence; only the clock
was told. The ledger's origin says so, and a log of any other origin refuses that clock.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from congvu.base import clock
from congvu.base.database import atomic
from congvu.cli import demonstration_cast as plan
from congvu.cli import demonstration_requests
from congvu.cli.demonstration_story import Actor, Story
from congvu.directory import queries
from congvu.directory.actions import (
    accounts,
    addresses,
    agencies,
    application_passwords,
    appointments,
    people,
    posts,
    units,
)
from congvu.directory.models import Account, Agency, Unit
from congvu.directory.policies import OPERATOR
from congvu.ledger.sequencer import Sequencer
from congvu.rules import actions as rules
from congvu.rules.drafts import actions as drafts

DAYS = 15
BOOK = "vn.binh-duong.mail-2009"
OWN = Path(__file__).parent / "demonstration_book.yaml"  # fictional; it adopts the ministry's regulation
MINUTES = 30
DECISION = "12/QĐ-UBND (hư cấu)"
OWN_DECISION = "05/2025/QĐ-UBND (hư cấu)"
SHOWN = ("binh", "an", "chi", "khanh", "ngoc", "tuan")

Say = Callable[[str], None]


class NotEmptyError(Exception):
    """The installation has an agency of its own; a demonstration is not mixed into it."""


def prepare(say: Say) -> list[str]:
    """Make the demonstration unless it is there; return the lines that tell how to sign in.

    Raises NotEmptyError.
    """
    agency = Agency.objects.first()
    if agency is None:
        say("Making the demonstration: two weeks in the life of a fictional agency …")
        agency = _live(clock.now(), say)
    elif not agency.demonstration:
        raise NotEmptyError(agency.slug)
    return _sign_ins(agency)


def _live(now: datetime, say: Say) -> Agency:
    """Found the agency two weeks ago and live its days up to now."""
    try:
        with Sequencer() as fenced:
            agency, cast = _found(now - timedelta(days=DAYS))
            story = Story(agency, cast, fenced)
            with story.at_the_door():
                for done, day in enumerate(days := story.days(now), 1):
                    story.live(day, until=now)
                    say(f"  {day:%Y-%m-%d}  {done} of {len(days)} days, {story.sent} messages")
    finally:
        clock.set_demonstration(None)
    return agency


def _found(start: datetime) -> tuple[Agency, dict[str, Actor]]:
    zone = ZoneInfo(plan.ZONE)
    morning = datetime.combine(start.astimezone(zone).date(), time(7, 30), zone)
    clock.set_demonstration(morning)
    now = clock.now()
    agency = agencies.found_agency(
        slug=plan.SLUG, name=plan.NAME, domain=plan.DOMAIN, by=OPERATOR, now=now, demonstration=True
    )
    root = queries.root_unit(agency)
    opened = {plan.SLUG: root} | {one.code: _unit(root, one, now) for one in plan.UNITS}
    office = opened["van-phong"]
    addresses.give_unit_address(unit=office, by=OPERATOR, now=now, local_part="ubnd", kind="agency")
    cast = {one.key: _person(opened[one.unit], one, now) for one in plan.PEOPLE}
    _adopt(cast["chi"], now)
    demonstration_requests.found(agency, opened, now)
    _issue_own(cast["lan"], cast["chi"], now)
    return agency, cast


def _unit(root: Unit, one: plan.UnitPlan, now: datetime) -> Unit:
    day = queries.legal_day(root.agency, now)
    return units.open_unit(parent=root, code=one.code, name=one.name, valid_from=day, by=OPERATOR, now=now)


def _person(unit: Unit, one: plan.PersonPlan, now: datetime) -> Actor:
    agency = unit.agency
    post = posts.create_post(
        unit=unit, title=one.title, rank=one.rank, functions=one.functions, by=OPERATOR, now=now
    )
    with atomic():
        person = people.register_person(agency=agency, full_name=one.full_name, by=OPERATOR, now=now)
        made = appointments.appoint(
            person=person,
            post=post,
            valid_from=queries.legal_day(agency, now),
            local_part=one.key,
            by=OPERATOR,
            now=now,
        )
        accounts.keep_own_password(account=made.account, secret=plan.PASSWORD)
    seat = queries.seat(made.account, now)
    if seat is None:
        raise LookupError(one.key)
    _, secret = application_passwords.issue(by=seat, label="Thunderbird", now=now)
    return Actor(plan=one, account=made.account, email=queries.email(made.address), secret=secret)


def _adopt(head: Actor, now: datetime) -> None:
    seat = head.seat(now)
    rules.adopt(by=seat, book=BOOK, valid_from=seat.on, number=DECISION, at=now)
    for book in demonstration_requests.BOOKS:
        rules.adopt(by=seat, book=book, valid_from=seat.on, number=DECISION, at=now)
    rules.decide_parameter(
        by=seat,
        book=BOOK,
        parameter="acknowledge_within",
        value=MINUTES,
        valid_from=seat.on,
        number=DECISION,
        at=now,
    )


def _issue_own(author: Actor, head: Actor, now: datetime) -> None:
    """Let the agency have a book of its own, written by one person and approved by another, from tomorrow on."""
    seat = head.seat(now)
    draft = drafts.begin(by=author.seat(now), text=OWN.read_text(encoding="utf-8"), at=now)
    drafts.submit(by=author.seat(now), draft=draft, at=now)
    tomorrow = seat.on + timedelta(days=1)
    drafts.approve(by=seat, draft=draft, valid_from=tomorrow, number=OWN_DECISION, at=now)


def _sign_ins(agency: Agency) -> list[str]:
    lines = [f"  Sign in (password {plan.PASSWORD}):"]
    for key in SHOWN:
        account = Account.objects.filter(username=f"{key}@{agency.domain}").select_related("person").first()
        person = next(one for one in plan.PEOPLE if one.key == key)
        if account is not None:
            lines.append(
                f"    {account.username:<24} {account.person.full_name}, {person.title['en'].lower()}"
            )
    return [*lines, ""]
