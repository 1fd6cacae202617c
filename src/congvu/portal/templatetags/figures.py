"""`{% load figures %}`: shares as people read them."""

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """Return a share in hundredths with one digit, as the language writes it; None is empty."""
    return "" if share is None else f"{number_format(round(share * 100, 1), 1)} %"
