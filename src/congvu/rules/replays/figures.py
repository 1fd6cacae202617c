"""The figures of a replay in words: what stands above its lines, in files and on paper."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from congvu.base.texts import pick
from congvu.rules import words
from congvu.rules.replays.report import Report, kind_words
from congvu.ui.words import day


def promise() -> str:
    """Return what a replay is and is not; it stands on the face of every report."""
    return _(
        "This is a trial. It changes no duty. Adopted, the draft judges only what happens from its day on; "
        "what lies before stays judged by the book that was in force then."
    )


def assumed_words(assumed: Mapping[str, Any]) -> str:
    """Return what a replay assumed, as a sentence; empty when the book bound the agency."""
    if not assumed:
        return ""
    first = day(date.fromisoformat(assumed["day"]))
    said = [
        _("The book did not bind the agency. It is assumed that the agency had adopted it from %(day)s on.")
        % {"day": first}
    ]
    if assumed["parameters"]:
        decided = "; ".join(_decided(one) for one in assumed["parameters"])
        said.append(_("What it leaves open is assumed to be decided: %(decided)s.") % {"decided": decided})
    said.append(_("Nobody has decided any of this, and nobody owed anything by it."))
    return " ".join(said)


def _decided(one: Mapping[str, Any]) -> str:
    title = pick(one["title"], get_language() or "vi")[0]
    amount = words.amount(one["value"], one["unit"])
    if one["is_lowest"]:
        return _("%(title)s %(amount)s (the least that it allows)") % {"title": title, "amount": amount}
    return f"{title} {amount}"


def shown(
    figures: Mapping[str, Any],
    report: Report,
    *,
    book: str,
    draft: str,
    first: date | None,
    last: date | None,
    assumed: Mapping[str, Any],
) -> list[tuple[str, str]]:
    """Return the figures as pairs of words and numbers, without any person."""
    kinds = figures["kinds"]
    rows = [
        (promise(), ""),
        *([(assumed_words(assumed), "")] if assumed else []),
        (_("Book"), book),
        (_("Draft"), draft),
        (pgettext("a day", "From"), first.isoformat() if first else _("the first evidence")),
        (pgettext("a day", "To"), last.isoformat() if last else _("the last evidence")),
        (_("Entries read"), str(figures["entries"])),
        (_("Duties by the books in force"), str(figures["duties_old"])),
        (_("Duties with the draft"), str(figures["duties_new"])),
        *((kind_words(kind), str(kinds.get(kind, 0))) for kind in ("new", "gone", "changed")),
        (_("Would be worse for somebody"), str(figures["worse"])),
        (_("Would be better for somebody"), str(figures["better"])),
    ]
    rows += [
        (f"{report.norm(norm_book, norm)} · {kind_words(kind)}", str(count))
        for norm_book, norm, kind, count in figures["norms"]
    ]
    rows += [
        (f"{report.unit(unit) or _('no unit')} · {_said(kind)}", str(n)) for unit, kind, n in figures["units"]
    ]
    return rows


def units(figures: Mapping[str, Any], report: Report) -> list[tuple[str, dict[str, int]]]:
    """Return the units with what would differ in each, the most worsened first."""
    found: dict[str, dict[str, int]] = {}
    for unit, kind, count in figures["units"]:
        found.setdefault(unit, {})[kind] = count
    ordered = sorted(found.items(), key=lambda one: (-one[1].get("worse", 0), -sum(one[1].values()), one[0]))
    return [(report.unit(unit) or _("no unit"), counts) for unit, counts in ordered]


def norms(figures: Mapping[str, Any], report: Report) -> list[tuple[str, dict[str, int]]]:
    """Return the norms with what would differ in each."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for book, norm, kind, count in figures["norms"]:
        found.setdefault((book, norm), {})[kind] = count
    return [(report.norm(*key), counts) for key, counts in found.items()]


def _said(kind: str) -> str:
    return _("Would be worse") if kind == "worse" else kind_words(kind)
