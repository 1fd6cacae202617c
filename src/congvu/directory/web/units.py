"""The tree of units, a unit's page, and what an administrator does there."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from congvu.base import clock
from congvu.directory import queries
from congvu.directory.actions import posts, units
from congvu.directory.models import Membership, Post, Unit
from congvu.directory.policies import may_administer, may_withdraw
from congvu.directory.refusals import REFUSALS, refused
from congvu.directory.web.access import SeatedRequest, administered, seated
from congvu.directory.web.forms import DayForm, FunctionsForm, PostForm, UnitChoiceForm, UnitForm


@seated
def tree(request: SeatedRequest) -> HttpResponse:
    """Show the agency's units as a tree."""
    seat = request.seat
    return render(
        request,
        "directory/units.html",
        {"branches": queries.branches(seat.agency, seat.on), "may_withdraw": may_withdraw(seat)},
    )


@seated
def unit(request: SeatedRequest, handle: str) -> HttpResponse:
    """Show a unit: its head, its people, its posts, its addresses, the units under it."""
    shown, on = _unit(request, handle), request.seat.on
    held = queries.members(shown, on)
    people, answers = [one.person for one in held], queries.answers_for(shown, on)
    emails = queries.emails(shown.agency, people)
    absences = queries.absences(shown.agency, on, [*people, *([answers.person] if answers else [])])
    holders: dict[int, list[Membership]] = {}
    for one in held:
        holders.setdefault(one.post_id, []).append(one)
    return render(
        request,
        "directory/unit.html",
        {
            "unit": shown,
            "above": list(reversed(queries.units_above(shown))),
            "below": [one for one in queries.units(shown.agency, on) if one.parent_id == shown.pk],
            "members": [(one, emails.get(one.person_id, ""), absences.get(one.person_id)) for one in held],
            "posts": [
                (post, holders.get(post.pk, [])) for post in queries.posts(shown.agency).filter(unit=shown)
            ],
            "addresses": [(one, queries.email(one)) for one in queries.unit_addresses(shown)],
            "answers": answers,
            "answers_absence": absences.get(answers.person_id) if answers else None,
            "may_administer": may_administer(request.seat),
        },
    )


@administered
def open_below(request: SeatedRequest, handle: str) -> HttpResponse:
    """Open a unit under another one, with its address."""
    parent, seat = _unit(request, handle), request.seat
    form = UnitForm(request.POST or None, agency=seat.agency, on=seat.on)
    if form.is_valid():
        try:
            opened = units.open_unit(
                parent=parent,
                code=form.cleaned_data["code"],
                name=form.texts(),
                valid_from=form.cleaned_data["valid_from"],
                local_part=form.cleaned_data["local_part"],
                by=seat,
                now=clock.now(),
            )
        except REFUSALS as error:
            refused(form, error)
        else:
            messages.success(request, _("The unit was opened."))
            return redirect("directory:unit", opened.handle)
    context = {"form": form, "unit": parent, "title": _("Open a unit"), "submit": _("Open the unit")}
    return render(request, "directory/act.html", context)


@administered
def move(request: SeatedRequest, handle: str) -> HttpResponse:
    """Put a unit under another one."""
    moved, seat = _unit(request, handle), request.seat
    inside = {one.pk for one in queries.units_below(seat.agency, moved)}
    others = [one for one in queries.units(seat.agency, seat.on) if one.pk not in inside]
    form = UnitChoiceForm(request.POST or None, units=others, language=get_language() or "vi")
    if form.is_valid():
        try:
            parent = Unit.objects.select_related("agency").get(handle=form.cleaned_data["unit"])
            units.move_unit(unit=moved, parent=parent, by=seat, now=clock.now())
        except REFUSALS as error:
            refused(form, error)
        else:
            messages.success(request, _("The unit was moved, with all that is under it."))
            return redirect("directory:unit", moved.handle)
    context = {"form": form, "unit": moved, "title": _("Move the unit"), "submit": _("Move the unit")}
    return render(request, "directory/act.html", context)


@administered
def close(request: SeatedRequest, handle: str) -> HttpResponse:
    """Close a unit."""
    closed, seat = _unit(request, handle), request.seat
    label = gettext_lazy("First day on which the unit is closed")
    form = DayForm(request.POST or None, label=label, initial={"day": seat.on})
    if form.is_valid():
        try:
            units.close_unit(unit=closed, valid_to=form.cleaned_data["day"], by=seat, now=clock.now())
        except REFUSALS as error:
            refused(form, error)
        else:
            messages.success(request, _("The closing was recorded."))
            return redirect("directory:units")
    context = {"form": form, "unit": closed, "title": _("Close the unit"), "submit": _("Close the unit")}
    return render(request, "directory/act.html", context)


@administered
def create_post(request: SeatedRequest, handle: str) -> HttpResponse:
    """Create a post in a unit."""
    shown, seat = _unit(request, handle), request.seat
    form = PostForm(request.POST or None, agency=seat.agency)
    if form.is_valid():
        try:
            posts.create_post(
                unit=shown,
                title=form.texts(),
                rank=form.cleaned_data["rank"],
                functions=form.cleaned_data["functions"],
                by=seat,
                now=clock.now(),
            )
        except REFUSALS as error:
            refused(form, error)
        else:
            messages.success(request, _("The post was created. Somebody can be appointed to it."))
            return redirect("directory:unit", shown.handle)
    context = {"form": form, "unit": shown, "title": _("Create a post"), "submit": _("Create the post")}
    return render(request, "directory/act.html", context)


@administered
def charge(request: SeatedRequest, handle: str) -> HttpResponse:
    """Charge a post with functions."""
    seat = request.seat
    post = get_object_or_404(Post.objects.select_related("agency", "unit"), agency=seat.agency, handle=handle)
    form = FunctionsForm(request.POST or None, initial={"functions": post.functions})
    if form.is_valid():
        try:
            posts.charge_post(post=post, functions=form.cleaned_data["functions"], by=seat, now=clock.now())
        except REFUSALS as error:
            refused(form, error)
        else:
            messages.success(request, _("The functions were changed; rights follow at once."))
            return redirect("directory:unit", post.unit.handle)
    title = _("Functions of the post")
    context = {"form": form, "unit": post.unit, "post": post, "title": title, "submit": _("Save")}
    return render(request, "directory/act.html", context)


def _unit(request: SeatedRequest, handle: str) -> Unit:
    rows = Unit.objects.select_related("agency", "parent")
    return get_object_or_404(rows, agency=request.seat.agency, handle=handle)
