"""What each sort of incident is called, what it means and what is to be done, in words for people."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from congvu.desk.watching import findings
from congvu.ledger import wording as gate

Text = Promise | str


@dataclass(frozen=True, slots=True)
class Words:
    """An incident in words."""

    title: Text
    meaning: Text
    steps: Sequence[Text]


_KEEP = _("Change nothing and copy the whole data folder first: it is evidence itself.")
_LOG = _("Read what the clerk wrote: journalctl -u congvu.")
WORDS: dict[str, Words] = {
    findings.SEALED: Words(_("The ledger is sealed: nothing can be recorded"), "", ()),
    findings.OWN_CONFLICT: Words(
        _("Two histories of our log were proven"),
        _(
            "Somebody signed two different histories with the key of this log. Whoever holds the proof can show it."
        ),
        (
            _KEEP,
            _("Tell the body that supervises you and your witnesses: the key may be stolen."),
            _("Fetch the proof: congvu witness conflicts. Compare both histories with receipts and copies."),
        ),
    ),
    findings.NEIGHBOR_CONFLICT: Words(
        _("Two histories of a neighbor's log were proven"),
        _("A log that we witness has signed two different histories. We cosign it no more."),
        (
            _("Tell the neighbor and the body that supervises both of you; give them the proof."),
            _("Acknowledge this when that is done. The proof stays, and is public."),
        ),
    ),
    findings.DAMAGE: Words(
        _("A full check found damage in the log"),
        _("Files of the log are not what was signed. Receipts of the entries concerned may not verify."),
        (
            _KEEP,
            _("Run “congvu ledger repair”, with --from and another copy of the log if you have one."),
            _("Run “congvu ledger check” afterwards: when it finds the log whole, this is over."),
            _("Look at the disk: smartctl -a, and what the kernel says."),
        ),
    ),
    findings.CHECK_FAILED: Words(
        _("A full check did not come to its end"),
        _("It was stopped from outside or had too little memory. It says nothing about the log."),
        (_("Run “congvu ledger check” by hand and look at what it says."),),
    ),
    findings.CHECK_OVERDUE: Words(
        _("The log was not checked for long"),
        _("Damage that nobody looks for is found when it is too late to repair."),
        (_("Run “congvu ledger check”."), _LOG),
    ),
    findings.WAITING: Words(
        _("Entries wait and do not come into the log"),
        _(
            "What was recorded is safe in the database, but nothing of it is signed, and no receipt can be given."
        ),
        (_("Look whether the clerk runs: systemctl status congvu."), _LOG),
    ),
    findings.CLERK_SILENT: Words(
        _("The clerk does not answer"),
        _(
            "The part that signs, sends mail and watches was not seen for five minutes. Nothing is signed meanwhile."
        ),
        (_("Look whether it runs: systemctl status congvu. Start it: systemctl restart congvu."), _LOG),
    ),
    findings.DISK_FULL: Words(
        _("A disk is full, or does not answer"),
        _("Nothing can be recorded or received until there is room. Nothing that was recorded is lost."),
        (
            _("Make room, or give the disk more space. Remove nothing from the data folder by hand."),
            _("Where the disk does not answer, look at what the kernel says: dmesg."),
        ),
    ),
    findings.DISK_LOW: Words(
        _("A disk runs full"),
        _("Little room is left, or it will be used up within two weeks at the rate of the last month."),
        (_("Give the disk more space in time."), _("Look for what else grows on it: backups, logs.")),
    ),
    findings.POLICY_UNMET: Words(
        _("Not enough witnesses cosign"),
        _(
            "Receipts are given with the agency's own signature and wait for the cosignatures that the policy asks. "
            "Until then a stranger has only our word that there is no second history."
        ),
        (
            _("Call those who run the silent witnesses."),
            _("Choose other witnesses only by a decision: congvu witness policy."),
        ),
    ),
    findings.POLICY_UNREADABLE: Words(
        _("The policy of witnesses cannot be read"),
        _("Nobody is asked to cosign while the file is malformed."),
        (_("Mend the file, or put the policy in force again: congvu witness policy."),),
    ),
    findings.WITNESS_SILENT: Words(
        _("A witness does not cosign"),
        _("It is asked again every quarter of an hour. The others are enough as long as the policy is met."),
        (
            _("Look at the word of its last answer, and try its address from this machine."),
            _("Call those who run it."),
        ),
    ),
    findings.HEAD_UNCOMPARED: Words(
        _("What another witness has seen could not be compared for a day"),
        _("It has a checkpoint of a log of which nobody could show that it is of the same history as ours."),
        (_("Ask those who run that log why its tiles cannot be fetched."), _LOG),
    ),
    findings.CHORE_FAILED: Words(
        _("Something that is done again and again has failed"),
        _("It is tried again by itself. What was recorded is not touched by it."),
        (_("Read what went wrong, and mend it: an address, a certificate, a network."), _LOG),
    ),
    findings.CLOCK: Words(
        _("The machine's clock was set back"),
        _("It stood before evidence that was already recorded. Entries keep the time that they were told."),
        (
            _("Look whether the machine keeps its time: timedatectl."),
            _("Write into the acknowledgement how it came about: it may be asked years later."),
        ),
    ),
    findings.OUTCOMES_MISSING: Words(
        _("Outcomes of mail are missing, or stand twice"),
        _("On this day the letters taken over and what became of them do not come out even."),
        (_KEEP, _("Look at the day: congvu mail outcomes check, and the page of outcomes.")),
    ),
}
CHORES: dict[str, Text] = {
    "stamp": _("asking the time authority for a stamp"),
    "renew_stamps": _("renewing time stamps"),
    "register": _("taking a time stamp into the books"),
    "alarm": _("sending an alarm to the operator's address outside"),
}
PLACES: dict[str, Text] = {
    "data": _("data"),
    "copy": _("copy of the checkpoint"),
    "keys": _("keys"),
}
ANSWERS: dict[str, Text] = {
    "place": _("its address is none that may be asked"),
    "unreachable": _("cannot be reached"),
    "slow": _("too slow"),
    "too_large": _("its answer is too long"),
    "cut": _("its answer broke off"),
    "malformed": _("its answer cannot be read"),
    "later": _("asks us to come later"),
    "refused": _("refused"),
    "forbidden": _("does not believe our key"),
    "unknown": _("does not know our log"),
    "other_root": _("remembers another history"),
    "inconsistent": _("finds our proof inconsistent"),
    "clock": _("its clock is wrong"),
    "stale": _("remembers a longer log"),
}


def words(sort: str, fact: str = "") -> Words:
    """Return an incident in words; a sealed ledger's depend on the gate's reason."""
    said = WORDS.get(sort) or Words(sort, "", (_LOG,))
    if sort == findings.SEALED:
        return Words(said.title, gate.why(fact), gate.steps(fact))
    return said


def subject(sort: str, about: str) -> Text:
    """Return what an incident is about, in words."""
    if sort == findings.CHORE_FAILED:
        return CHORES.get(about, about)
    if sort in {findings.DISK_FULL, findings.DISK_LOW}:
        return ", ".join(str(PLACES.get(one, one)) for one in about.split(", "))
    return about


def is_raw(sort: str) -> bool:
    """Say whether the fact of an incident is what a program said, and stays as it is in every language."""
    return sort not in {findings.WITNESS_SILENT, findings.CLOCK}


def detail(sort: str, fact: str) -> Text:
    """Return the fact of an incident, where it says something to people."""
    match sort:
        case findings.WITNESS_SILENT:
            return ANSWERS.get(fact, fact)
        case findings.CLOCK:
            return _("%(n)s seconds") % {"n": fact}
        case findings.SEALED | findings.WAITING | findings.OWN_CONFLICT | findings.NEIGHBOR_CONFLICT:
            return ""
    return fact
