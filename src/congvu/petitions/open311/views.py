"""What programs ask for: the GET methods of GeoReport v2, discovery, and the updates that are in use besides."""

import hashlib

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from congvu.base import blobs
from congvu.directory.models import Address
from congvu.directory.queries import addresses
from congvu.petitions.media import kinds
from congvu.petitions.models import Attachment, Petition, Service, ServiceAttribute
from congvu.petitions.open311 import filters, shown
from congvu.petitions.open311.door import FORMATS, Visit
from congvu.petitions.open311.refusals import missing
from congvu.petitions.queries import api_keys, published
from congvu.standards.open311 import documents, instants


def discovery(visit: Visit) -> documents.Discovery:
    """Say whom to ask, and where and in which formats the interface is."""
    rows = Service.objects.filter(agency=visit.agency)
    changed = max((row.changed_at for row in rows if row.changed_at), default=visit.agency.founded_at)
    changeset = instants.text(changed)
    mailboxes = addresses(visit.agency).filter(kind=Address.Kind.AGENCY).order_by("id")
    mailbox = next((f"{one.local_part}@{visit.agency.domain}" for one in mailboxes), visit.agency.domain)
    name = shown.said(visit.agency.name, visit.language)
    endpoint = documents.Endpoint(
        specification=documents.SPECIFICATION,
        url=visit.address(reverse("open311:root")).rstrip("/"),
        changeset=changeset,
        type="test" if visit.agency.demonstration else "production",
        formats=tuple(kind.partition(";")[0] for kind in FORMATS.values()),
    )
    return documents.Discovery(
        changeset=changeset,
        contact=f"{name}, {mailbox}",
        key_service=_("Write to %(address)s; the agency gives every program a key of its own.")
        % {"address": mailbox},
        endpoints=(endpoint,),
    )


def services(visit: Visit) -> list[documents.Service]:
    """List what may be asked for."""
    rows = Service.objects.filter(agency=visit.agency, is_open=True).order_by("position", "code")
    asking = set(ServiceAttribute.objects.filter(agency=visit.agency).values_list("service_id", flat=True))
    return [shown.service(row, has_attributes=row.pk in asking, language=visit.language) for row in rows]


def definition(visit: Visit, *, code: str) -> documents.ServiceDefinition:
    """Say what a service asks besides."""
    row = Service.objects.filter(agency=visit.agency, code=code, is_open=True).first()
    if row is None:
        raise missing(_("service_code was not found."))
    return shown.definition(row, language=visit.language)


def token(visit: Visit, *, code: str) -> list[documents.Redeemed]:
    """Say for which request a token stands, as often as it is asked."""
    petition = api_keys.redeemed(code, agency=visit.agency)
    if petition is None:
        raise missing(_("token was not found."))
    return [documents.Redeemed(service_request_id=petition.number, token=code)]


def requests(visit: Visit) -> list[documents.ServiceRequest]:
    """List the requests that the filters leave, the newest first."""
    rows = list(filters.chosen(visit)[filters.page(visit).rows])
    return shown.requests(rows, reader(visit), extended=_is_extended(visit))


def request(visit: Visit, *, number: str) -> list[documents.ServiceRequest]:
    """Give one request."""
    return shown.requests([_public(visit, number)], reader(visit), extended=_is_extended(visit))


def updates(visit: Visit) -> list[documents.Update]:
    """List what was done in public about requests, the oldest first."""
    rows = published.steps(visit.agency)
    if asked := filters.numbers(visit):
        rows = rows.filter(petition__number__in=asked)
    else:
        rows = rows.filter(at__range=filters.span(visit))
    return shown.updates(rows.order_by("at", "pk")[filters.page(visit).rows])


def nothing(_visit: Visit, **_parts: str) -> None:
    """Say that there is nothing at an address."""
    raise missing(_("There is nothing at this address."))


@require_safe
def media(request: HttpRequest, handle: str) -> HttpResponseBase:
    """Give a picture that an official released, as it is covered now: it may be covered better, or taken back."""
    rows = Attachment.objects.filter(petition__is_public=True, petition__service__is_confidential=False)
    row = rows.filter(handle=handle).exclude(public_blob="").first()
    if row is None:
        raise Http404
    try:
        data = blobs.get(row.public_blob)
    except blobs.BlobMissingError as error:
        raise Http404 from error
    answer = HttpResponse(data, content_type=kinds.MEDIA_TYPES.get(kinds.of(data, ""), "image/gif"))
    answer["Cache-Control"] = "no-cache"
    answer["Access-Control-Allow-Origin"] = "*"
    answer["ETag"] = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    return get_conditional_response(request, etag=answer["ETag"], response=answer) or answer


def reader(visit: Visit) -> shown.Reader:
    """Say for whom requests are shown."""

    def addressed(row: Attachment) -> str:
        return visit.address(reverse("open311:media", args=[row.handle]))

    return shown.Reader(agency=visit.agency, language=visit.language, addressed=addressed)


def _public(visit: Visit, number: str) -> Petition:
    row = published.requests(visit.agency).filter(number=number).first()
    if row is None:
        raise missing(_("service_request_id was not found."))
    return row


def _is_extended(visit: Visit) -> bool:
    return visit.text("extensions").lower() == "true"
