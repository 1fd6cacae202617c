"""The package's addresses."""

from django.urls import path

from congvu.desk.web import day, evidence, unit

app_name = "desk"
urlpatterns = [
    path("", day.day, name="day"),
    path("unit/", unit.unit, name="unit"),
    path("unit.csv", unit.table, name="unit-csv"),
    path("evidence/", evidence.entries, name="evidence"),
    path("evidence/<handle:entry>/bundle", evidence.receipt, name="evidence-receipt"),
    path("evidence/log/<year:year>/<path:name>", evidence.bundle, name="evidence-bundle"),
]
