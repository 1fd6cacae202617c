"""Filters of a mailbox: written, ordered, switched on and off, removed. They run when a letter is laid in."""

from dataclasses import dataclass
from datetime import datetime

from congvu.base.database import atomic
from congvu.directory.queries import Seat
from congvu.mail.actions.filing import OtherBoxError
from congvu.mail.arranging.models import MailFilter, MailFolder
from congvu.mail.models import Mailbox
from congvu.mail.policies import NotAllowedError, may_read

LONGEST = 200
MANY = 100  # filters of one box


class AsksNothingError(Exception):
    """A filter that asks nothing would take every letter."""


class DoesNothingError(Exception):
    """A filter must file or mark."""


class TooManyFiltersError(Exception):
    """The box has as many filters as a person can keep in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a filter asks of a letter and does with it."""

    sender: str = ""
    recipient: str = ""
    subject: str = ""
    folder: MailFolder | None = None
    flags: bool = False


def add_filter(
    *, seat: Seat, box: Mailbox, rule: Rule, now: datetime
) -> MailFilter:  # no-evidence: personal setting
    """Put a filter behind the others. Raises NotAllowedError, TooManyFiltersError or what `check` raises."""
    _check_reader(seat, box, now)
    check(box, rule)
    with atomic():
        others = _held(box)
        if len(others) >= MANY:
            raise TooManyFiltersError
        position = others[-1].position + 1 if others else 0
        return MailFilter.objects.create(
            agency_id=box.agency_id, mailbox=box, position=position, **_fields(rule)
        )


def change_filter(
    *, seat: Seat, held: MailFilter, rule: Rule, now: datetime
) -> MailFilter:  # no-evidence: personal setting
    """Change what a filter asks and does. Raises NotAllowedError or what `check` raises."""
    _check_reader(seat, held.mailbox, now)
    check(held.mailbox, rule)
    with atomic():
        for name, value in _fields(rule).items():
            setattr(held, name, value)
        held.save()
    return held


def switch_filter(
    *, seat: Seat, held: MailFilter, is_on: bool, now: datetime
) -> None:  # no-evidence: personal setting
    """Let a filter run or rest. Raises NotAllowedError."""
    _check_reader(seat, held.mailbox, now)
    with atomic():
        held.is_on = is_on
        held.save(update_fields=["is_on"])


def move_filter(
    *, seat: Seat, held: MailFilter, up: bool, now: datetime
) -> None:  # no-evidence: personal setting
    """Let a filter run one place earlier or later. Raises NotAllowedError."""
    _check_reader(seat, held.mailbox, now)
    with atomic():
        order = _held(held.mailbox)
        here = next((index for index, one in enumerate(order) if one.pk == held.pk), 0)
        there = here + (-1 if up else 1)
        if 0 <= there < len(order):
            order[here], order[there] = order[there], order[here]
        for index, one in enumerate(order):
            one.position = index
        MailFilter.objects.bulk_update(order, ["position"])


def remove_filter(*, seat: Seat, held: MailFilter, now: datetime) -> None:  # no-evidence: personal setting
    """Remove a filter; what it filed stays where it lies. Raises NotAllowedError."""
    _check_reader(seat, held.mailbox, now)
    with atomic():
        held.delete()


def check(box: Mailbox, rule: Rule) -> None:
    """Raise AsksNothingError, DoesNothingError or OtherBoxError unless a filter may be kept."""
    if not any(text.split() for text in (rule.sender, rule.recipient, rule.subject)):
        raise AsksNothingError
    if rule.folder is None and not rule.flags:
        raise DoesNothingError
    if rule.folder and rule.folder.mailbox_id != box.pk:
        raise OtherBoxError


def _fields(rule: Rule) -> dict[str, object]:
    texts = {
        name: " ".join(getattr(rule, name).split())[:LONGEST] for name in ("sender", "recipient", "subject")
    }
    return {**texts, "folder": rule.folder, "flags": rule.flags}


def _held(box: Mailbox) -> list[MailFilter]:
    return list(MailFilter.objects.filter(mailbox=box).order_by("position", "id"))


def _check_reader(seat: Seat, box: Mailbox, now: datetime) -> None:
    if not may_read(seat, box, now=now):
        raise NotAllowedError
