"""What disposal says to people."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise

KINDS: dict[str, Words] = {
    "mail.message.accepted": _("Letters that came or were sent, each with all its records"),
    "mail.message.imported": _("Letters taken over from older mail, each with all its records"),
    "petitions.petition.received": _("Requests of citizens, each with its answers, files and who asked"),
    "conduct.report.made": _("Internal reports, each with its answer"),
}
STATES: dict[str, tuple[Words, str]] = {
    "proposed": (pgettext_lazy("disposal", "proposed"), "info"),
    "declined": (pgettext_lazy("disposal", "refused"), "neutral"),
    "withdrawn": (pgettext_lazy("disposal", "withdrawn"), "neutral"),
    "approved": (pgettext_lazy("disposal", "approved"), "info"),
    "executing": (pgettext_lazy("disposal", "being destroyed"), "warning"),
    "executed": (pgettext_lazy("disposal", "destroyed, not yet verified"), "warning"),
    "verified": (pgettext_lazy("disposal", "destroyed and verified"), "good"),
}
NEXT: dict[str, Words] = {
    "proposed": _("Nothing is destroyed yet. The head of the agency approves or refuses."),
    "approved": _("Nothing is destroyed yet. A registry clerk lets the destruction begin."),
    "executed": _(
        "What was chosen is gone. The disposal can be closed when nobody holds anything any more, and the day has come"
        " from which on no copy is left elsewhere."
    ),
}
DONE: dict[str, Words] = {
    "approve": _("Approved. Nothing is destroyed until a registry clerk lets the destruction begin."),
    "decline": _("Refused. Nothing is destroyed."),
    "withdraw": _("You have taken your proposal back. Nothing is destroyed."),
    "begin": _("The destruction has begun."),
    "ask": _("All holders of copies are being asked again."),
    "copies": _("Your statement is recorded."),
    "verify": _("The disposal is closed. Print the certificate."),
}
STEPS: dict[str, Words] = {
    "gather": _("Everything that belongs to it is being looked for. Nothing is destroyed yet."),
    "destroy": _("Keys, contents and rows are being destroyed."),
    "catch_up": _("What was recorded meanwhile is being looked through."),
    "clean": _("Files are being written anew, so that nothing stays where rows were."),
    "ask": _("Every holder of copies is being asked."),
}
HOLDERS: dict[str, Words] = {
    "mail.letters": _("Mailboxes: letters, receipts, drafts, meetings"),
    "mail.search": _("Search index"),
    "petitions": _("Requests: what was asked, answered and attached, and who asked"),
    "rules": _("Duties, figures and trials of drafts"),
    "conduct": _("Findings, statements and reports"),
    "desk": _("Notes about reminders"),
    "ledger.disclosures": _("Disclosures of the log and their keys"),
    "files": _("Files of the data folder: database, key store, contents, previews, caches"),
}
PROOFS: dict[str, Words] = {
    "proposed": _("Proposal"),
    "approved": _("Approval"),
    "declined": _("Refusal"),
    "withdrawn": pgettext_lazy("disposal", "Withdrawal"),
    "begun": _("Beginning"),
    "executed": _("Destruction"),
    "copies.stated": _("Statement about copies elsewhere"),
    "verified": _("Verification"),
}
ERRORS: dict[str, Words] = {
    "NothingChosenError": _("Choose what is to be destroyed: kinds with a period, or numbers of entries."),
    "NotOfferedError": _(
        "Evidence of this kind is not destroyed alone. It goes with the letter or report that it speaks of:"
        " give the number of the entry by which that was accepted or made."
    ),
    "AlreadyDestroyedError": _("One of these entries was destroyed before. Take its number out."),
    "PeriodError": _("The period must begin before it ends, and must be over."),
    "NoReasonError": _("Give a basis and a reason, and keep them short."),
    "NotCountedError": _("What was chosen is still being counted. Look again in a moment."),
    "SamePersonError": _("You proposed this yourself. Somebody else must approve it."),
    "OtherPersonError": _("Somebody else proposed this, and only they can take it back."),
    "WrongStateError": _("Somebody has gone on with this meanwhile. Look at where it stands now."),
    "AlreadyObjectedError": _("You have objected already. Your objection stands below."),
    "HeldError": _("A hold covers what is to be destroyed. Nothing is destroyed until it is lifted."),
    "NotVerifiedError": _(
        "A holder still has something or has not answered, or copies elsewhere may still live."
    ),
    "EntryMissingError": _("The agency has no entry with one of these numbers."),
    "PendingError": _("One of these entries is not signed yet. Try again in a moment."),
    "AlreadyLiftedError": _("Somebody has lifted this hold already."),
    "ReadOnlyError": _("The log is sealed and takes nothing, so that nothing can be destroyed either."),
}


def error(raised: Exception) -> str:
    """Return what went wrong, for people."""
    return str(ERRORS[type(raised).__name__])
