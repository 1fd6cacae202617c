"""Why a ledger is sealed, and what is to be done, in words for people."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from congvu.ledger import gate
from congvu.ledger.witnesses import recall

_OTHER = _("The evidence store is closed for writing.")
_WHY: dict[str, Promise] = {
    gate.DATABASE_BEHIND: _("The database is older than the log on disk: an old database was restored."),
    gate.TILES_BEHIND: _("Files of the log are missing or older than what was signed."),
    gate.FORKED: _(
        "Two different histories of this log were found. Signing on would make one of them look forged."
    ),
    gate.DAMAGED: _("Files of the log were changed or damaged: they do not give what was signed."),
    gate.KEY_MISSING: _("The key that signs the log is not in its place."),
    gate.UNREADABLE: _("A signed checkpoint of the log cannot be read, or its signature does not fit."),
    recall.AHEAD: _(
        "A witness holds a newer checkpoint that this log has signed: an old backup was restored. "
        "Going on would give numbers out a second time that receipts already name."
    ),
    recall.CLAIMED: _(
        "As many witnesses as the policy believes say that they know a longer log than this one. "
        "Probably an old backup was restored."
    ),
}
_FIND = _(
    "Find the newest copy of the data: the disk of before, a standby machine, a later backup. Restore it."
)
_CHECK = _("Run “congvu ledger check”: it says which files are damaged and where.")
_REPAIR = _(
    "Run “congvu ledger repair”, naming with --from the other copies and receipts that you have: "
    "it restores what the signed root can prove, and says what is lost."
)
_REBUILD = _("Run “congvu ledger rebuild”, then start Congvu again: it asks all memories once more.")
_KEEP = _("Change nothing and copy the whole data folder first: it is evidence itself.")
_CALL = _(
    "Tell the body that supervises you and your witnesses: two histories may mean that the key is stolen."
)
_KEY = _("Put the key back from its safe copy, if you are sure that nobody else has had it.")
_CLOSE = _(
    "If somebody else may have the key, or no newer copy is to be found: close the log with “congvu ledger close”. "
    "It ends where the witnesses saw it last, and another takes its place."
)
_STEPS: dict[str, Sequence[Promise]] = {
    gate.DATABASE_BEHIND: (_KEEP, _REBUILD),
    gate.TILES_BEHIND: (_KEEP, _FIND, _REPAIR, _REBUILD),
    gate.FORKED: (_KEEP, _CALL, _FIND, _CHECK, _CLOSE),
    gate.DAMAGED: (_KEEP, _CHECK, _REPAIR, _REBUILD),
    gate.KEY_MISSING: (_KEEP, _KEY, _CLOSE),
    gate.UNREADABLE: (_KEEP, _CHECK, _REPAIR, _REBUILD),
    recall.AHEAD: (_KEEP, _FIND, _REBUILD, _CLOSE),
    recall.CLAIMED: (_KEEP, _FIND, _REBUILD, _CLOSE),
}


def why(reason: str) -> Promise:
    """Return the sentence for a reason of the gate."""
    return _WHY.get(reason, _OTHER)


def steps(reason: str) -> Sequence[Promise]:
    """Return what the administrator does, in order."""
    return _STEPS.get(reason, (_KEEP, _CHECK))
