"""The log's public files (C2SP tlog-tiles)."""

from django.urls import path

from congvu.ledger.web import views

app_name = "ledger"
urlpatterns = [
    path("<slug:agency>/<year:year>/checkpoint", views.checkpoint, name="checkpoint"),
    path("<slug:agency>/<year:year>/head", views.head, name="head"),
    path("<slug:agency>/<year:year>/succession", views.succession, name="succession"),
    path("<slug:agency>/<year:year>/policy", views.policy, name="policy"),
    path("<slug:agency>/<year:year>/witnesses", views.witnesses, name="witnesses"),
    path("<slug:agency>/<year:year>/time/<str:name>", views.stamp, name="stamp"),
    path("<slug:agency>/<year:year>/key", views.key, name="key"),
    path("<slug:agency>/<year:year>/<path:name>", views.tile, name="tile"),
]
