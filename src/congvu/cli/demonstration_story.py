"""How the demonstration's people live: mail through the real ports, visits to the mailbox, replies, decisions."""

import contextlib
import random
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from email.header import Header
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr
from functools import partial
from zoneinfo import ZoneInfo

from congvu.base import clock
from congvu.cli import demonstration_cast as plan
from congvu.cli.clerk import round_
from congvu.cli.demonstration_requests import Requests
from congvu.conduct.actions import findings
from congvu.directory import queries
from congvu.directory.actions import appointments
from congvu.directory.models import Account, Agency
from congvu.directory.policies import OPERATOR
from congvu.directory.queries import Seat
from congvu.ledger.sequencer import Sequencer
from congvu.mail import server
from congvu.mail.actions import acknowledging, opening, recalling
from congvu.mail.models import Item, Message
from congvu.mail.queries import items, places
from congvu.petitions import tasks as petitions
from congvu.rules import queries as rules
from congvu.rules.duties import Duty

WINDOWS = ((8, 9), (14, 15))
UNREAD = 8  # the letter that still waits for its readers when the story ends
STAYS = 9  # days after the founding on which one of them leaves
MISSED = "binh"  # who misses the morning window of the last working day, as the tutorial tells
HEADS = {"kinh-te": "khanh", "van-hoa": "lan"}
Act = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person of the cast, with what they sign in with."""

    plan: plan.PersonPlan
    account: Account
    email: str
    secret: str

    def seat(self, now: datetime) -> Seat:
        """Return the person's seat; raises LookupError after they left."""
        found = queries.seat(self.account, now)
        if found is None:
            raise LookupError(self.plan.key)
        return found


@dataclass(slots=True)
class Story:
    """Two weeks: each day is a list of moments, acted one after another under the told clock."""

    agency: Agency
    cast: dict[str, Actor]
    fenced: Sequencer
    sent: int = 0
    _dice: random.Random = field(default_factory=lambda: random.Random(20091218))  # noqa: S311 -- a play's dice
    _moments: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _words: plan.Words = field(default_factory=plan.words)
    _ports: tuple[int, int] = (0, 0)
    _gone: set[str] = field(default_factory=set)
    _first: date = date.max
    _last: set[date] = field(default_factory=set)
    _requests: Requests = field(init=False)

    @contextlib.contextmanager
    def at_the_door(self) -> Iterator[None]:
        """Open the real mail door on ports that the system chooses."""
        door = server.door(ports=(0, 0))
        door.open()
        try:
            self._ports = (door.ports()[0], door.ports()[1])
            yield
        finally:
            door.close()

    def days(self, now: datetime) -> list[date]:
        """Return the days that are lived, from the founding up to today."""
        first = self._first = queries.legal_day(self.agency, clock.now())
        last = queries.legal_day(self.agency, now)
        lived = [first + timedelta(days=at) for at in range((last - first).days + 1)]
        self._requests = Requests(self.agency, lambda key, at: self.cast[key].seat(at), lived)
        return lived

    def live(self, day: date, *, until: datetime) -> None:
        """Live one day; moments after `until` have not happened yet."""
        if day.weekday() < 5:  # noqa: PLR2004 -- Saturday and Sunday are free
            self._plan(day, until, is_last=_next_working_day(day) >= until.astimezone(self._zone).date())
        for hour in range(7, 19) if self._moments else (8,):
            self._at(self._instant(day, hour, 1), self._let_the_clerk_work)
        while self._moments:
            self._moments.sort(key=lambda one: one[:2])
            at, _, act = self._moments.pop(0)
            if at > until:
                self._moments.clear()
                return
            clock.set_demonstration(at)
            act()

    def _let_the_clerk_work(self) -> None:
        while round_(self.fenced, clock.now()):
            pass
        petitions.work(clock.now())

    def _plan(self, day: date, until: datetime, *, is_last: bool) -> None:
        if is_last:
            self._last.add(day)
        for key, actor in self.cast.items():
            if key not in self._gone:
                self._plan_windows(day, actor, is_last=is_last)
        self._plan_letters(day)
        self._plan_answers(day)
        for at, act in self._requests.moments(day):
            self._at(at, act)
        if is_last:
            unread = self._words.letters[UNREAD]
            at = min(self._instant(day, 16, 45), until - timedelta(minutes=9))
            self._at(at, partial(self._write, unread, is_read=False))
        if not self._gone and (day - self._first).days >= STAYS:
            self._at(self._instant(day, 16, 50), self._leave)

    def _plan_windows(self, day: date, actor: Actor, *, is_last: bool) -> None:
        for number, (start, end) in enumerate(WINDOWS):
            misses = self._dice.randrange(100) >= actor.plan.windows
            if is_last and actor.plan.key == MISSED:
                misses = number == 0
            minute = self._dice.randrange(1, 58)
            hour = end if misses else start
            self._at(self._instant(day, hour, minute), lambda: self._visit(actor, answers=True))

    def _plan_letters(self, day: date) -> None:
        for letter in self._dice.sample(self._words.letters, 5):
            at = self._instant(day, self._dice.choice((7, 9, 10, 11, 13, 15, 16)), self._dice.randrange(60))
            self._at(at, partial(self._write, letter))
        missed = [one for one in self._words.asked if one.to in self._gone]  # it reaches the hand-over box
        asked = self._dice.choice(
            missed or [one for one in self._words.asked if not self._is_leaving(one.to)]
        )
        self._at(self._instant(day, 9, self._dice.randrange(60)), lambda: self._ask(asked))

    def _is_leaving(self, key: str) -> bool:
        return key in self.cast and self.cast[key].plan.leaves

    def _plan_answers(self, day: date) -> None:
        self._at(self._instant(day, 10, 20), self._reply_to_findings)
        self._at(self._instant(day, 16, 30), self._decide_findings)

    def _write(self, letter: plan.Letter, *, is_read: bool = True) -> None:
        readers = [key for key in letter.to if key not in self._gone]
        if letter.author in self._gone or not readers:
            return
        actor = self.cast[letter.author]
        to = [self.cast[key].email for key in readers]
        message = self._message(actor.plan.full_name, actor.email, to, letter.subject, letter.body)
        message["X-Congvu-Communication"] = letter.kind
        with smtplib.SMTP("127.0.0.1", self._ports[1]) as client:
            client.login(actor.email, actor.secret)
            client.send_message(message)
        self.sent += 1
        if is_read:
            self._expect(readers)
        if letter.kind == "work_schedule" and self._dice.randrange(3) == 0:
            self._soon(3, 6, lambda: self._recall(actor))

    def _ask(self, asked: plan.Asked) -> None:
        reader = "an" if asked.to == "@" else asked.to
        mailbox = f"ubnd@{plan.DOMAIN}" if asked.to == "@" else self.cast[asked.to].email
        message = self._message(asked.name, asked.address, [mailbox], asked.subject, asked.body)
        if asked.automatic:
            message["Auto-Submitted"] = "auto-generated"
        with smtplib.SMTP("127.0.0.1", self._ports[0]) as client:
            client.send_message(message)
        self.sent += 1
        self._expect([reader])

    def _message(self, name: str, address: str, to: list[str], subject: str, body: str) -> MIMEText:
        message = MIMEText(body, "plain", "utf-8")
        message["Subject"] = Header(subject, "utf-8").encode()
        message["From"] = formataddr((name, address))
        message["To"] = ", ".join(to)
        message["Date"] = format_datetime(clock.now().astimezone(self._zone))
        message["Message-ID"] = f"<{self._dice.getrandbits(64):016x}@{address.partition('@')[2]}>"
        return message

    def _expect(self, readers: list[str]) -> None:
        for key in readers:
            actor = self.cast[key]
            if self._dice.randrange(100) < actor.plan.prompt:
                self._soon(3, 24, partial(self._visit, actor, answers=True))
            else:
                self._soon(40, 170, partial(self._visit, actor, answers=key != "ha"))

    def _visit(self, actor: Actor, *, answers: bool) -> None:
        """Open the inbox of every box of the person, read what is new, and mostly acknowledge it."""
        now = clock.now()
        if actor.plan.key == MISSED and self._is_missed(now.astimezone(self._zone)):
            return
        try:
            seat = actor.seat(now)
        except LookupError:
            return
        for place in places.places(seat, now=now):
            box = opening.check_mailbox(seat=seat, place=place, now=now)
            for item in items.inbox(box).filter(opened_at=None, message__recalled_at=None):
                opening.open_message(seat=seat, item=item, now=now)
            if answers:
                for item in items.owing(box):
                    acknowledging.acknowledge(seat=seat, item=item, now=now)

    def _is_missed(self, now: datetime) -> bool:
        """Say whether this is the window that one of them misses."""
        return now.date() in self._last and now.hour == WINDOWS[0][0]

    def _recall(self, actor: Actor) -> None:
        now = clock.now()
        seat = actor.seat(now)
        message = (
            Message.objects.filter(author=seat.person, recalled_at=None).order_by("-accepted_at").first()
        )
        if message is not None and Item.objects.filter(message=message, opened_at=None).exists():
            recalling.recall(seat=seat, message=message, now=now)

    def _leave(self) -> None:
        now = clock.now()
        for key, actor in self.cast.items():
            if actor.plan.leaves:
                seat = actor.seat(now)
                tomorrow = seat.on + timedelta(days=1)
                appointments.end_appointment(
                    membership=seat.membership, valid_to=tomorrow, by=OPERATOR, now=now
                )
                self._gone.add(key)

    def _reply_to_findings(self) -> None:
        now = clock.now()
        for key in sorted(set(self.cast) - self._gone):
            seat = self.cast[key].seat(now)
            for duty in self._open_findings(seat, now)[:1]:
                if self._dice.randrange(100) < 70:  # noqa: PLR2004 -- most people say why
                    text = self._dice.choice(self._words.reasons["reply"])
                    findings.reply(by=seat, obligation=duty.handle, text=text, at=now)

    def _decide_findings(self) -> None:
        now = clock.now()
        for key in sorted(set(self.cast) - self._gone - {"chi"}):
            actor = self.cast[key]
            head = HEADS.get(actor.plan.unit, "chi")
            seat = self.cast["chi" if head == key else head].seat(now)
            for duty in self._open_findings(actor.seat(now), now)[2:4]:
                if self._dice.randrange(100) < 75:  # noqa: PLR2004 -- most heads excuse
                    reason = self._dice.choice(self._words.reasons["excuse"])
                    findings.excuse(by=seat, obligation=duty.handle, reason=reason, cause="mission", at=now)
                else:
                    reason = self._words.reasons["confirm"][0]
                    findings.confirm(by=seat, obligation=duty.handle, reason=reason, at=now)

    def _open_findings(self, seat: Seat, now: datetime) -> list[Duty]:
        page = rules.obligations_of(
            seat.person.handle, agency=self.agency.handle, as_of=now, statuses=("late", "breached")
        )
        return list(page.duties)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.agency.zone)

    def _instant(self, day: date, hour: int, minute: int) -> datetime:
        return datetime.combine(day, time(hour, minute, self._dice.randrange(60)), self._zone)

    def _soon(self, least: int, most: int, act: Act) -> None:
        self._at(clock.now() + timedelta(minutes=self._dice.randrange(least, most)), act)

    def _at(self, instant: datetime, act: Act) -> None:
        self._moments.append((instant, len(self._moments), act))


def _next_working_day(day: date) -> date:
    following = day + timedelta(days=1)
    return following if following.weekday() < 5 else _next_working_day(following)  # noqa: PLR2004 -- as above
