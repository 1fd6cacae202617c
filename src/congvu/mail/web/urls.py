"""The package's addresses."""

from django.urls import URLPattern

app_name = "mail"
urlpatterns: list[URLPattern] = []
