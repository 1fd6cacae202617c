"""The package's addresses."""

from django.urls import path

from congvu.desk.web import day, disposal, disposal_acts, disposal_notices, evidence, holds, unit, watch

app_name = "desk"
urlpatterns = [
    path("", day.day, name="day"),
    path("unit/", unit.unit, name="unit"),
    path("unit.csv", unit.table, name="unit-csv"),
    path("evidence/", evidence.entries, name="evidence"),
    path("evidence/<handle:entry>/bundle", evidence.receipt, name="evidence-receipt"),
    path("watch/", watch.overview, name="watch"),
    path("watch/<handle:incident>/acknowledge", watch.acknowledge, name="watch-acknowledge"),
    path("disposal/", disposal.overview, name="disposals"),
    path("disposal/new/", disposal_acts.new, name="disposal-new"),
    path("disposal/<handle:disposal>/", disposal.disposal, name="disposal"),
    path("disposal/<handle:disposal>/do/", disposal_acts.act, name="disposal-act"),
    path("disposal/<handle:disposal>/notice/", disposal_notices.notice, name="disposal-notice"),
    path("disposal/<handle:disposal>/objection", disposal_notices.receipt, name="disposal-objection"),
    path("disposal/<handle:disposal>/certificate/", disposal.certificate, name="disposal-certificate"),
    path("disposal/<handle:disposal>/list", disposal.listing, name="disposal-list"),
    path("disposal/<handle:disposal>/proof/<slug:step>", disposal.proof, name="disposal-proof"),
    path("disposal/holds/new/", holds.new, name="hold-new"),
    path("disposal/holds/<handle:hold>/lift/", holds.lift, name="hold-lift"),
    path("evidence/log/<log:log>/<path:name>", evidence.bundle, name="evidence-bundle"),
]
