"""Every door of the web, one noun each."""

from django.urls import include, path, register_converter
from django.views.i18n import set_language

from congvu.base.handles import HandleConverter
from congvu.desk.web import monitoring
from congvu.ledger.web.converters import LogConverter

register_converter(HandleConverter, "handle")
register_converter(LogConverter, "log")

handler400 = "congvu.config.refusals.bad_request"
handler500 = "congvu.config.refusals.server_error"

urlpatterns = [
    path("", include("congvu.portal.web.urls")),
    path("desk/", include("congvu.desk.web.urls")),
    path("mail/", include("congvu.mail.web.urls")),
    path("petitions/", include("congvu.petitions.web.urls")),
    path("1022/", include("congvu.petitions.web.public_urls")),
    path("open311/v2/", include("congvu.petitions.open311.urls")),
    path("conduct/", include("congvu.conduct.web.urls")),
    path("rules/", include("congvu.rules.web.urls")),
    path("directory/", include("congvu.directory.web.urls")),
    path("log/", include("congvu.ledger.web.urls")),
    path("witness/", include("congvu.ledger.web.witness_urls")),
    path("ui/", include("congvu.ui.web.urls")),
    path("account/", include("congvu.directory.web.account_urls")),
    path("metrics", monitoring.metrics, name="metrics"),
    path("healthz", monitoring.health, name="health"),
    path("language/", set_language, name="set_language"),
]
