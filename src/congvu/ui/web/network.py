"""From where somebody asks."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest


def network_address(request: HttpRequest) -> str:
    """Return the network address of whoever asks, past the servers in front (CONGVU_PROXIES)."""
    return str(get_adapter(request).get_client_ip(request) or "")
