"""What a fault is called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from congvu.mail.outcomes.tracks import Fault

_WORDS: dict[tuple[str, str], Promise] = {
    ("missing", "submission"): _("a message without evidence that it was taken over"),
    ("doubled", "submission"): _("a message that was taken over twice"),
    ("missing", "outcome"): _("a recipient without an outcome"),
    ("doubled", "outcome"): _("a recipient with more than one outcome"),
    ("missing", "recipient"): _("an outcome whose recipient is in no list"),
    ("missing", "item"): _("a message that was delivered and lies in no mailbox"),
    ("missing", "bytes"): _("a message whose content can no longer be read"),
    ("missing", "entry"): _("a step whose evidence is not in the log"),
    ("missing", "row"): _("evidence of a message that is not there"),
}


def what(fault: Fault) -> Promise:
    """Return what is missing or stands twice."""
    return _WORDS[fault.kind, fault.what]
