"""What is known of where a message comes from."""

from congvu.mail.models import Message, Origin


def origin_of(message: Message) -> Origin | None:
    """Return what was found when a message came; None for what did not come from outside."""
    return Origin.objects.filter(agency=message.agency, message=message).first()
