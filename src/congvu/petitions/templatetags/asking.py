"""`{% load asking %}`: what citizens' pages say."""

from datetime import datetime, time

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from congvu.petitions.web import due
from congvu.ui.templatetags import ui

register = template.Library()


@register.simple_tag(takes_context=True)
def by_when(context: template.Context, due_at: datetime) -> SafeString:
    """Say until when something is owed: to the end of a day, or to the minute where the norm counts them."""
    if timezone.localtime(due_at).time() == time.min:
        return format_html(_("By the end of {}."), ui.when(context, due.last_day(due_at)))
    return format_html(_("By {}."), ui.when(context, due_at))
