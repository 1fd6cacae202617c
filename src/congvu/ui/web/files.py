"""Files that a page hands out."""

from django.http import HttpResponse


def attachment(data: bytes | str, *, name: str, content_type: str) -> HttpResponse:
    """Return a file to be saved under a name in ASCII; nobody on the way keeps a copy."""
    return HttpResponse(
        data,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
