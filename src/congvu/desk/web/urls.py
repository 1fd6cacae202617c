"""The package's addresses."""

from django.urls import path

from congvu.desk.web import day, unit

app_name = "desk"
urlpatterns = [
    path("", day.day, name="day"),
    path("unit/", unit.unit, name="unit"),
    path("unit.csv", unit.table, name="unit-csv"),
]
