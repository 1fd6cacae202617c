"""The addresses of GeoReport v2; a format is the end of a name."""

from django.urls import path

from congvu.petitions.open311 import bulk, description, views, writing
from congvu.petitions.open311.door import door

app_name = "open311"
urlpatterns = [
    path("", door("errors", get=views.nothing), name="root"),
    path("openapi.json", description.openapi, name="openapi"),
    path("media/<handle:handle>", views.media, name="media"),
    path("bulk.<str:form>", door("errors", forms=tuple(bulk.WRITERS), get=bulk.bulk), name="bulk"),
    path("discovery.<str:form>", door("discovery", get=views.discovery), name="discovery"),
    path("services.<str:form>", door("services", get=views.services), name="services"),
    path(
        "services/<str:code>.<str:form>",
        door("service_definition", get=views.definition),
        name="definition",
    ),
    path(
        "requests.<str:form>",
        door("service_requests", get=views.requests, post=writing.hand),
        name="requests",
    ),
    path("requests/<str:number>.<str:form>", door("service_requests", get=views.request), name="request"),
    path("tokens/<str:code>.<str:form>", door("service_requests", get=views.token), name="token"),
    path(
        "servicerequestupdates.<str:form>",
        door("service_request_updates", get=views.updates, post=writing.update),
        name="updates",
    ),
    path("<path:rest>", door("errors", get=views.nothing, post=views.nothing)),
]
