"""Messages that came before by another way."""

from collections.abc import Collection, Mapping

from congvu.mail.models import Message

Key = tuple[int, str]  # an agency and an identity


def known(keys: Collection[Key], *, channels: Collection[str]) -> Mapping[Key, Message]:
    """Return the first message of each identity that came to its agency by one of these channels."""
    asked = {(agency, identity) for agency, identity in keys if identity}
    if not asked:
        return {}
    rows = Message.objects.filter(
        agency__in={agency for agency, _ in asked},
        identity__in={identity for _, identity in asked},
        channel__in=channels,
    )
    found = {(row.agency_id, row.identity): row for row in rows.select_related("agency").order_by("-id")}
    return {key: row for key, row in found.items() if key in asked}
