"""What Open311 has no word for: how far a petition is, said to everyone."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from congvu.petitions.words import State

STATES: Final[dict[str, str | Promise]] = {
    State.RECEIVED: pgettext_lazy("petition", "Received"),
    State.ASSIGNED: _("With the unit that answers"),
    State.IN_PROGRESS: pgettext_lazy("petition", "In progress"),
    State.WAITING: _("Waiting for the citizen"),
    State.ANSWERED: pgettext_lazy("petition", "Answered"),
    State.DISPUTED: _("The answer is disputed"),
    State.CLOSED: pgettext_lazy("petition", "Closed"),
    State.REFUSED: pgettext_lazy("petition", "Refused"),
    State.REDIRECTED: _("Sent to the agency that is competent"),
    State.MERGED: _("Goes on in another petition about the same thing"),
}
