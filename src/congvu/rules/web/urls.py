"""The package's addresses."""

from django.urls import URLPattern

app_name = "rules"
urlpatterns: list[URLPattern] = []
