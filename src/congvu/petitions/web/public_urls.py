"""Addresses where citizens ask, follow and answer; no account is needed."""

from django.urls import URLPattern

app_name = "ask"
urlpatterns: list[URLPattern] = []
