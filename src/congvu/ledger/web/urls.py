"""The log's public files (C2SP tlog-tiles)."""

from django.urls import path

from congvu.ledger.web import views

app_name = "ledger"
urlpatterns = [
    path("<slug:agency>/<log:log>/checkpoint", views.checkpoint, name="checkpoint"),
    path("<slug:agency>/<log:log>/head", views.head, name="head"),
    path("<slug:agency>/<log:log>/succession", views.succession, name="succession"),
    path("<slug:agency>/<log:log>/closing", views.closing, name="closing"),
    path("<slug:agency>/<log:log>/policy", views.policy, name="policy"),
    path("<slug:agency>/<log:log>/witnesses", views.witnesses, name="witnesses"),
    path("<slug:agency>/<log:log>/time/<str:name>", views.stamp, name="stamp"),
    path("<slug:agency>/<log:log>/key", views.key, name="key"),
    path("<slug:agency>/<log:log>/<path:name>", views.tile, name="tile"),
]
