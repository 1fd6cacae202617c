"""The package's addresses."""

from django.urls import URLPattern

app_name = "directory"
urlpatterns: list[URLPattern] = []
