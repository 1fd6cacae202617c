"""The keys of programs, and what their tokens stand for."""

from congvu.directory.models import Agency
from congvu.petitions.keys import digest
from congvu.petitions.models import ApiKey, Petition, Token


def keys(agency: Agency) -> list[ApiKey]:
    """Return all keys of an agency, those in use first."""
    return sorted(
        ApiKey.objects.select_related("agency").filter(agency=agency),
        key=lambda row: (row.revoked_at is not None, row.label, row.pk),
    )


def key(secret: str, *, agency: Agency) -> ApiKey | None:
    """Return the key whose secret this is, withdrawn ones left out."""
    rows = ApiKey.objects.select_related("agency").filter(agency=agency, revoked_at=None)
    return rows.filter(digest=digest(secret)).first()


def redeemed(token: str, *, agency: Agency) -> Petition | None:
    """Return the petition that a token stands for; asked twice, it is the same one."""
    row = Token.objects.select_related("petition").filter(agency=agency, handle=token).first()
    return row.petition if row else None


def handed_in(number: str, *, key: ApiKey) -> Petition | None:
    """Return a petition that came with this key."""
    return Petition.objects.filter(agency=key.agency_id, number=number, api_key=key).first()
