"""Every component on one page: for those who build pages, and for the accessibility tests."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from congvu.base import clock


@dataclass(frozen=True, slots=True)
class Way:
    """One entry of the sample navigation."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


class SampleForm(forms.Form):
    """One field of every layout."""

    subject = forms.CharField(
        label=gettext_lazy("Subject"), help_text=gettext_lazy("In a few words, as on an envelope.")
    )
    text = forms.CharField(label=gettext_lazy("Text"), widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("report", gettext_lazy("Report")), ("invitation", gettext_lazy("Invitation"))],
        widget=forms.RadioSelect,
    )
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), choices=[("office", gettext_lazy("Office"))])
    copy = forms.BooleanField(label=gettext_lazy("Send me a copy"), required=False)


class SampleFileForm(forms.Form):
    """A single file, for the drop zone."""

    file = forms.FileField(label=gettext_lazy("File"))


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component; only in development and in a demonstration."""
    if not (settings.DEBUG or clock.is_demonstration()):
        raise Http404
    for level in (messages.SUCCESS, messages.INFO, messages.WARNING, messages.ERROR):
        messages.add_message(request, level, _("A message of this kind."))
    return render(request, "ui/gallery.html", _sample(clock.now()))


def _sample(now: datetime) -> dict[str, Any]:
    """Return the pieces that the page arranges."""
    return {
        "now": now,
        "soon": now + timedelta(minutes=25),
        "later": now + timedelta(hours=30),
        "over": now - timedelta(days=3),
        "demonstration": True,
        "seat": _seat(),
        "navigation": _ways(),
        "form": SampleForm({"subject": "", "kind": "report", "unit": "office"}),
        "file_form": SampleFileForm(),
        "page_obj": Paginator(range(95), 10).get_page(4),
        "tones": ["neutral", "good", "warning", "bad", "info"],
        "icons": ICONS,
        "legal": {"vi": "Quy chế sử dụng hệ thống thư điện tử"},
        "trail": [(_("Start"), "#start"), (_("Components"), "")],
        "rows": [("Nguyễn Văn Bình", 12, "good"), ("Trần Thị Chi", 3, "warning")],
    }


def _seat() -> SimpleNamespace:
    return SimpleNamespace(
        person=SimpleNamespace(full_name="Nguyễn Văn Bình"),
        post=SimpleNamespace(
            title={"vi": "Chuyên viên", "en": "Official", "ru": "Специалист", "kk": "Маман"}
        ),
        agency=SimpleNamespace(name={"vi": "Sở Mẫu", "en": "Sample Department"}),
    )


def _ways() -> list[Way]:
    return [
        Way(_("My day"), "#day", current=True),
        Way(_("Mail"), "#mail", count=4),
        Way(_("Rules"), "#rules"),
    ]


SPRITE = Path(__file__).parents[1] / "static" / "ui" / "icons.svg"
ICONS = re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text())
