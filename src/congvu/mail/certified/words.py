"""What people are told about receipts of other sides, how far they may be trusted, and what is still open."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from congvu.mail.certified import pec
from congvu.mail.certified.vocabulary import Evidence

SAYS: dict[str, Promise] = {
    "accettazione": _("The sending provider took the message over."),
    "non-accettazione": _("The sending provider did not take the message over."),
    "presa-in-carico": _("The recipient's provider took the message over."),
    pec.DELIVERED: _("The message lies in the recipient's mailbox."),
    pec.TRANSPORT: _("This message came through certified mail."),
    "errore-consegna": _("The message could not be delivered."),
    pec.WARNED: _("The recipient's provider has been silent for 12 hours."),
    "rilevazione-virus": _("The message was stopped because of malicious software."),
    "displayed": _("The other side's mail program says that the message was displayed. That proves nothing."),
    "deleted": _("The other side's mail program says that the message was deleted. That proves nothing."),
    "dispatched": _(
        "The other side's mail program says that the message was passed on. That proves nothing."
    ),
    "processed": _("The other side's mail program says that the message was processed. That proves nothing."),
    "delivered": _("A server reports that the message was delivered. Anybody can write such a report."),
    "relayed": _("A server reports that it passed the message on. Anybody can write such a report."),
    "expanded": _("A server reports that it sent the message on to a list. Anybody can write such a report."),
    Evidence.SUBMISSION_ACCEPTANCE: _("The other service took the message over from its sender."),
    Evidence.SUBMISSION_REJECTION: _("The other service did not take the message from its sender."),
    Evidence.RELAY_ACCEPTANCE: _("The recipient's service took the message over."),
    Evidence.RELAY_REJECTION: _("The recipient's service did not take the message over."),
    Evidence.RELAY_FAILURE: _("The message could not be handed to the recipient's service."),
    Evidence.NOTIFICATION_FOR_ACCEPTANCE: _("The recipient was asked whether to accept the message."),
    Evidence.NOTIFICATION_FOR_ACCEPTANCE_FAILURE: _("The recipient could not be asked."),
    Evidence.CONSIGNMENT_ACCEPTANCE: _("The recipient accepted the message."),
    Evidence.CONSIGNMENT_REJECTION: _("The recipient declined the message."),
    Evidence.ACCEPTANCE_REJECTION_EXPIRY: _("The recipient neither accepted nor declined in time."),
    Evidence.CONTENT_CONSIGNMENT: _("The message is ready for the recipient."),
    Evidence.CONTENT_CONSIGNMENT_FAILURE: _("The message could not be made ready for the recipient."),
    Evidence.CONSIGNMENT_NOTIFICATION: _("The recipient was told that a message is ready."),
    Evidence.CONSIGNMENT_NOTIFICATION_FAILURE: _("The recipient could not be told that a message is ready."),
    Evidence.NOTIFICATION_DELIVERED: _("The notice to the recipient was delivered."),
    Evidence.NOTIFICATION_ACCESS_TRACKING: _("The recipient looked at the notice."),
    Evidence.CONTENT_ACCESS_TRACKING: _("The recipient opened the message."),
    Evidence.CONTENT_HANDOVER: _("The message was handed over to the recipient."),
    Evidence.CONTENT_HANDOVER_FAILURE: _("The message could not be handed over to the recipient."),
    Evidence.RELAY_TO_NON_ERDS: _("The message was passed on by ordinary mail."),
    Evidence.RELAY_TO_NON_ERDS_FAILURE: _("The message could not be passed on by ordinary mail."),
    Evidence.RECEIVED_FROM_NON_ERDS: _("The message came by ordinary mail."),
}
STANDING: dict[str, tuple[Promise, str]] = {
    "valid": (_("signature valid"), "good"),
    "invalid": (_("signature not valid"), "bad"),
    "cannot_be_determined": (_("signature not determined"), "warning"),
    "waiting": (_("signature not checked yet"), "neutral"),
    "unsigned": (_("not signed"), "neutral"),
}
OPEN: dict[str, Promise] = {
    "queued": _("Still open: the hand-over to the other server"),
    "receipt": _("Still open: the certified provider's receipt"),
    "report": _("Still open: the other server's report"),
    "acknowledgement": pgettext_lazy("mail", "Still open: the acknowledgement"),
}
