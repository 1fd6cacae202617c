"""What citizens may ask an agency for, and where else it can be reached."""

from collections.abc import Sequence

from congvu.base.fold import fold
from congvu.directory.models import Address, Agency
from congvu.directory.queries import agencies, email
from congvu.petitions.models import Service
from congvu.petitions.post import MailIntake
from congvu.petitions.words import Sort


def answering() -> list[Agency]:
    """Return the agencies that take petitions in."""
    return list(
        agencies().filter(pk__in=Service.objects.filter(is_open=True).values("agency")).order_by("slug")
    )


def services(agency: Agency) -> list[Service]:
    """Return the open services of an agency in their order, feedback on its site left out."""
    rows = Service.objects.filter(agency=agency, is_open=True).exclude(sort=Sort.FEEDBACK)
    return list(rows.select_related("agency", "unit").order_by("position", "code"))


def feedback(agency: Agency) -> Service | None:
    """Return the service that takes feedback on the agency's site, None without one."""
    rows = Service.objects.filter(agency=agency, is_open=True, sort=Sort.FEEDBACK)
    return rows.select_related("agency", "unit").order_by("position", "code").first()


def service(agency: Agency, code: str) -> Service | None:
    """Return a service by its code, also a closed one."""
    return Service.objects.filter(agency=agency, code=code).select_related("agency", "unit").first()


def matching(found: Sequence[Service], words: str) -> list[Service]:
    """Return the services that all words name: in name, description, group or search words, marks and case aside."""
    wanted = fold(words[:200]).split()
    return [one for one in found if all(word in _said_of(one) for word in wanted)]


def address(agency: Agency) -> str:
    """Return the address whose letters become petitions, else the agency's own; empty without either."""
    taking = MailIntake.objects.filter(agency=agency, closed_at=None, address__withdrawn_at=None)
    intake = taking.select_related("address__agency").order_by("pk").first()
    own = Address.objects.filter(agency=agency, kind=Address.Kind.AGENCY, left_on=None, withdrawn_at=None)
    found = intake.address if intake else own.select_related("agency").order_by("pk").first()
    return email(found) if found else ""


def _said_of(one: Service) -> str:
    texts = (*one.name.values(), *one.description.values(), *one.group.values(), *one.keywords)
    return fold(" ".join(str(text) for text in texts))
