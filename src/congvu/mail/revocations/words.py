"""What people are told about authorities that were asked: why nothing was told, and what was."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FAILURE: dict[str, Promise] = {
    "": _("not asked yet"),
    "place": _("the address is not one that may be asked"),
    "unreachable": _("the server cannot be reached"),
    "slow": _("the server did not answer in time"),
    "status": _("the server gave another answer than asked for"),
    "too_large": _("the answer was too large"),
    "cut": _("the answer broke off"),
    "unreadable": _("the answer could not be read"),
    "not_about": _("the answer was about other certificates"),
    "not_by_issuer": _("the answer was not signed by the authority"),
    "from_the_future": _("the answer bears a time still to come"),
    "overdue": _("the answer had expired"),
    "unknown": _("the authority does not know the certificate"),
    "refused": _("the authority refused to answer"),
    "older": _("the answer was older than the one before"),
    "replayed": _("the answer was one to another question"),
}
STATE: dict[str, tuple[Promise, str]] = {
    "good": (_("not revoked"), "good"),
    "revoked": (_("revoked"), "bad"),
    "unknown": (_("not known"), "warning"),
}
