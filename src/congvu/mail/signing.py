"""A message as the relay gets it: the stored bytes, after a DKIM signature of the agency's."""

import logging
from datetime import datetime

from congvu.base.blobs import BlobDamagedError, BlobMissingError
from congvu.mail import addresses
from congvu.mail.authentication import dkim
from congvu.mail.models import Message
from congvu.mail.queries import dkim_keys

log = logging.getLogger(__name__)


def signed(raw: bytes, message: Message, *, now: datetime) -> bytes:
    """Return a message with the agency's signature before it; as it is when the agency has no key that signs.

    Only what shows the agency's own domain under From is signed. Lines end with CR LF.
    """
    key = dkim_keys.signing(message.agency)
    domain = addresses.domain(f"@{message.agency.domain}")
    if key is None or addresses.domain(message.sender_address) != domain:
        return raw
    try:
        private = dkim_keys.private(key)
    except (BlobMissingError, BlobDamagedError):
        log.exception("The DKIM key of %s cannot be read; mail goes out unsigned", message.agency.slug)
        return raw
    name = domain.encode("idna").decode("ascii")
    return dkim.sign(raw, domain=name, selector=key.selector, key=private, at=now)
