"""The address book, and a person's page."""

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from congvu.base import clock
from congvu.base.texts import pick
from congvu.directory import naming, queries, sheets
from congvu.directory.actions.people import rename_person
from congvu.directory.models import Account, Membership, Person, Unit
from congvu.directory.policies import may_administer, may_grant_leave, may_withdraw
from congvu.directory.refusals import refused
from congvu.directory.web.access import SeatedRequest, administered, seated
from congvu.directory.web.forms import NameForm, unit_choices
from congvu.ui.web.files import attachment

PER_PAGE = 25


@seated
def address_book(request: SeatedRequest) -> HttpResponse:
    """Show who holds a post today, with their addresses."""
    seat, held = request.seat, _found(request)
    page = Paginator(held, PER_PAGE).get_page(request.GET.get("page"))
    shown = [one.person for one in page]
    emails = queries.emails(seat.agency, shown)
    absences = queries.absences(seat.agency, seat.on, shown)
    return render(
        request,
        "directory/people.html",
        {
            "page_obj": page,
            "rows": [(one, emails.get(one.person_id, ""), absences.get(one.person_id)) for one in page],
            "words": request.GET.get("q", ""),
            "units": unit_choices(queries.units(seat.agency, seat.on), get_language() or "vi"),
            "chosen": request.GET.get("unit", ""),
            "may_administer": may_administer(seat),
            "may_withdraw": may_withdraw(seat),
        },
    )


@seated
def export(request: SeatedRequest) -> HttpResponse:
    """Give the address book, as it was searched, as a table."""
    seat, held = request.seat, list(_found(request))
    emails = queries.emails(seat.agency, [one.person for one in held])
    language = get_language() or "vi"
    header = [_("Full name"), _("Post"), _("Unit"), _("Address")]
    rows = (
        [
            one.person.full_name,
            pick(one.post.title, language)[0],
            pick(one.post.unit.name, language)[0],
            emails.get(one.person_id, ""),
        ]
        for one in held
    )
    return attachment(
        sheets.write([header, *rows]),
        name=f"{seat.agency.slug}-people.csv",
        content_type="text/csv; charset=utf-8",
    )


@seated
def person(request: SeatedRequest, handle: str) -> HttpResponse:
    """Show a person's posts, address and history in the agency; past and coming leave to few."""
    shown = known_person(request, handle)
    history = list(queries.history(request.seat.agency, shown))
    on = request.seat.on
    going_on = [one for one in history if _goes_on(one, on)]
    is_self = shown.pk == request.seat.person.pk
    may_grant = may_grant_leave(request.seat, shown, going_on)
    return render(
        request,
        "directory/person.html",
        {
            "person": shown,
            "current": [one for one in going_on if one.valid_from <= on],
            "coming": [one for one in going_on if one.valid_from > on],
            "past": [one for one in history if not _goes_on(one, on)],
            "addresses": [
                (address, queries.email(address), queries.is_left(address, on))
                for address in queries.personal_addresses(request.seat.agency, shown)
            ],
            "account": Account.objects.filter(person=shown).first(),
            "may_administer": may_administer(request.seat),
            "is_self": is_self,
            "absence": queries.absences(request.seat.agency, on, [shown]).get(shown.pk),
            "leaves": queries.leaves(request.seat.agency).filter(person=shown)
            if is_self or may_grant
            else [],
            "may_grant_leave": may_grant,
            "on": on,
        },
    )


@administered
def rename(request: SeatedRequest, handle: str) -> HttpResponse:
    """Correct a person's name."""
    shown = known_person(request, handle)
    form = NameForm(request.POST or None, initial={"full_name": shown.full_name})
    if form.is_valid():
        try:
            rename_person(
                agency=request.seat.agency,
                person=shown,
                full_name=form.cleaned_data["full_name"],
                by=request.seat,
                now=clock.now(),
            )
        except naming.TextError as error:
            refused(form, error, "full_name")
        else:
            messages.success(request, _("The name was changed. The address stays as it is."))
            return redirect("directory:person", shown.handle)
    return render(request, "directory/rename.html", {"form": form, "person": shown})


def known_person(request: SeatedRequest, handle: str) -> Person:
    """Return a person whom the seat's agency appointed, or answer 404."""
    return get_object_or_404(queries.known_people(request.seat.agency), handle=handle)


def _found(request: SeatedRequest) -> QuerySet[Membership]:
    seat = request.seat
    unit = Unit.objects.filter(agency=seat.agency, handle=request.GET.get("unit", "")).first()
    return queries.address_book(seat.agency, seat.on, words=request.GET.get("q", ""), unit=unit)


def _goes_on(one: Membership, on: date) -> bool:
    return one.valid_to is None or one.valid_to > on
