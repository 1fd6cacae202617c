"""What people are told about a signature: one sentence for each reason and remark."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STATUS: dict[str, tuple[Promise, str]] = {
    "valid": (_("Signature valid"), "good"),
    "invalid": (_("Signature not valid"), "bad"),
    "cannot_be_determined": (_("Signature not determined"), "warning"),
}
NOT_YET: tuple[Promise, str] = (_("Signature not determined yet"), "warning")

REASON: dict[str, Promise] = {
    "altered": _("The message was changed after it was signed, or the signature belongs to another message."),
    "other_certificate": _(
        "The certificate that came with the message is not the one that the signer named."
    ),
    "revoked": _("The certificate had been revoked when the message came."),
    "wrong_name": _("The signer's certificate names another address than the sender of this message."),
    "wrong_purpose": _("The certificate was not issued for signing mail."),
    "malformed": _("The signature could not be read."),
    "sender_unclear": _("The message does not name its sender as one plain address."),
    "partial": _("Only a part of this message is signed; the rest may come from somebody else."),
    "no_certificate": _("The signer's certificate did not come with the message."),
    "weak_digest": _("The signature or a certificate uses MD5 or SHA-1, which can be forged today."),
    "weak_key": _("A key is too short to be relied on (RSA below 2048 bits or a curve below 256)."),
    "unknown_algorithm": _("The signature uses a method that this program does not know."),
    "expired": _(
        "A certificate had expired when the message came, and no time stamp proves an earlier signature."
    ),
    "not_yet_valid": _("A certificate was not yet valid when the message came."),
    "self_signed": _("The signer issued the certificate to themselves; nobody vouches for the name in it."),
    "chain": _("No way leads from the certificate to an authority that this agency trusts."),
    "revocation_unknown": _("It is not known whether the certificate had been revoked."),
    "other_protocol": _("The message is signed with OpenPGP, which this program does not check."),
    "too_large": _("The signature is larger or more entangled than this program is willing to follow."),
    "no_such_message": _("The receipt is for no message that this mailbox sent."),
    "fault": _("The check itself failed. The administrator finds the cause in the log."),
}
REMARK: dict[str, Promise] = {
    "two_signers": _("More than one person signed."),
    "time": _("The time stamp of the signature could not be confirmed."),
    "clock": _("The signer's clock was ahead of ours."),
    "other_head": _(
        "What was signed names another sender, subject or recipients than stand above: it may have been written for "
        "another letter."
    ),
}
# What somebody can do about a reason.
ADVICE: dict[str, Promise] = {
    "altered": _("Do not rely on it. Ask the sender by another way."),
    "other_certificate": _("Do not rely on it. Ask the sender by another way."),
    "revoked": _("Do not rely on it. Ask the sender by another way."),
    "wrong_name": _("Do not rely on it. Ask the sender by another way."),
    "chain": _("If the authority is known to you, the administrator can add its certificate."),
    "revocation_unknown": _("The administrator can add the authority's revocation list."),
    "expired": _("Ask the sender to sign with a certificate that is in force."),
    "weak_digest": _("Ask the sender to sign with SHA-256."),
}


def status(word: str) -> tuple[Promise, str]:
    """Return what a status is called, and its tone."""
    return STATUS[word]


def sentences(words: tuple[str, ...]) -> list[Promise]:
    """Return the sentences of reasons and remarks, in their order."""
    known = REASON | REMARK
    return [known[one] for one in words if one in known]
