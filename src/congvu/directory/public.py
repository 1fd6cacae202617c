"""What the public may see of the directory: which agencies there are."""

from dataclasses import dataclass

from congvu.base.texts import Texts
from congvu.directory import queries


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """An agency as the public sees it."""

    handle: str
    slug: str
    name: Texts
    language: str
    zone: str
    demonstration: bool


def agencies() -> list[Agency]:
    """Return the agencies of the installation, the oldest first."""
    return [
        Agency(
            handle=one.handle,
            slug=one.slug,
            name=dict(one.name),
            language=one.language,
            zone=one.zone,
            demonstration=one.demonstration,
        )
        for one in queries.agencies()
    ]
