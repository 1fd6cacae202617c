"""Registering people."""

from datetime import datetime

from congvu.base.collation import person_key
from congvu.base.database import atomic
from congvu.base.fold import fold
from congvu.directory import evidence, naming, queries
from congvu.directory.events import PersonRenamed
from congvu.directory.models import Agency, Person
from congvu.directory.policies import Actor, NotAllowedError, actor, require_administrator
from congvu.ledger.actions import record, record_many


def register_person(*, agency: Agency, full_name: str, by: Actor, now: datetime) -> Person:
    """Register a person, so that they can be appointed; raises NotAllowedError or an error of `naming`."""
    require_administrator(by, agency)
    full_name = naming.clean_text(full_name)
    with atomic():
        person = Person.objects.create(
            full_name=full_name, folded=fold(full_name), sorted_as=person_key(full_name)
        )
        record_many([evidence.person_registered(person, agency, by, now)])
    return person


def rename_person(*, agency: Agency, person: Person, full_name: str, by: Actor, now: datetime) -> Person:
    """Correct or change a person's name; addresses stay. Raises NotAllowedError or an error of `naming`."""
    require_administrator(by, agency)
    full_name = naming.clean_text(full_name)
    if not queries.is_known_to(person, agency):
        raise NotAllowedError
    with atomic():
        person.full_name, person.folded = full_name, fold(full_name)
        person.sorted_as = person_key(full_name)
        person.save(update_fields=["full_name", "folded", "sorted_as"])
        disclosures = {"actor": actor(by), "person": person.handle}
        record(PersonRenamed(), agency=agency.handle, at=now, disclosures=disclosures)
    return person
