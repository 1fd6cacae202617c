"""The package's addresses."""

from django.urls import URLPattern

app_name = "ledger"
urlpatterns: list[URLPattern] = []
