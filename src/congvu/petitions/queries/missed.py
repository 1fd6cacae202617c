"""Letters that did not bring citizens what they said: the other server refused them, or they were never sent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from congvu.mail import reasons
from congvu.mail.models import Transfer
from congvu.petitions.models import Petition, Step
from congvu.petitions.words import TOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A letter that did not arrive; `reason` is a word of `mail.reasons`. Settled: an official told it otherwise."""

    at: datetime
    reason: str  # empty: it was never sent
    is_settled: bool

    @property
    def is_sent(self) -> bool:
        """Return whether it went to the other server at all."""
        return bool(self.reason)


def missed(petitions: Collection[Petition]) -> dict[int, list[Missed]]:
    """Return the letters about these petitions that did not arrive, by the petition's key, the oldest first."""
    is_told = Q(kind="note.made", data__outcome=TOLD)
    rows = Step.objects.filter(petition__in=petitions).filter(
        is_told | Q(is_withheld=True) | Q(told_at__isnull=False)
    )
    steps = list(rows.order_by("at", "id"))
    failed = _failed({one.message for one in steps if one.told_at and one.message})
    settled = {one.petition_id: one.at for one in steps if one.data.get("outcome") == TOLD}
    found: dict[int, dict[str, Missed]] = {}
    for one in steps:
        reason = failed.get(one.message, "")
        if reason or one.is_withheld:
            at = one.told_at or one.at
            is_settled = one.petition_id in settled and at <= settled[one.petition_id]
            letters = found.setdefault(one.petition_id, {})
            letters[one.message or one.handle] = Missed(at=at, reason=reason, is_settled=is_settled)
    return {key: list(letters.values()) for key, letters in found.items()}


def unsettled(petition: Petition) -> list[Missed]:
    """Return the letters about a petition that did not arrive, and whose words the citizen may not know yet."""
    return [one for one in missed([petition]).get(petition.pk, []) if not one.is_settled]


def _failed(messages: Collection[str]) -> dict[str, str]:
    """Return why letters failed, by the handle of their message."""
    rows = Transfer.objects.filter(message__handle__in=messages, state=Transfer.State.FAILED)
    return {
        handle: reason or reasons.OTHER for handle, reason in rows.values_list("message__handle", "reason")
    }
