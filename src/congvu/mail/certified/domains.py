"""Which recipients have a provider of certified mail, as the installation's settings name them."""

from django.conf import settings

from congvu.mail import addresses


def is_certified(address: str) -> bool:
    """Tell whether an address lies in one of the domains of CONGVU_CERTIFIED_DOMAINS, or below one."""
    name = addresses.domain(address)
    known = (one.strip().lower().strip(".") for one in settings.CONGVU_CERTIFIED_DOMAINS.split(","))
    return any(name == one or name.endswith(f".{one}") for one in known if one)
