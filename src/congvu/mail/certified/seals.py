"""An agency's own certificate, with which receipts that are sent are signed: a PKCS#12 file beside the settings."""

import logging
from datetime import datetime
from pathlib import Path

from django.conf import settings

from congvu.directory.models import Agency
from congvu.mail import addresses
from congvu.mail.smime import keys, names
from congvu.mail.smime.keys import FileKey

log = logging.getLogger(__name__)


def seal(agency: Agency, *, now: datetime) -> tuple[FileKey, str] | None:
    """Return the agency's key and the address it signs as; None without one that is in force and names our domain."""
    path = Path(settings.CONGVU_SEALS) / f"{agency.slug}.p12"
    if not settings.CONGVU_SEALS or not path.is_file():
        return None
    try:
        key = keys.opened(path.read_bytes(), passphrase=settings.CONGVU_SEAL_PASSPHRASE)
    except (OSError, keys.NotAKeyError, keys.WrongPassphraseError):
        log.exception("the seal of agency %s cannot be opened; receipts go unsigned", agency.slug)
        return None
    certificate = key.certificate
    is_in_force = certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc
    named = [one for one in names.mail_addresses(certificate) if addresses.domain(one) == agency.domain]
    if not is_in_force or not named:
        log.error("the seal of agency %s is not in force, or names no address of it", agency.slug)
        return None
    return key, named[0]
