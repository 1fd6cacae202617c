"""Addresses of the officials' pages."""

from django.urls import path

from congvu.petitions.web import queue

app_name = "petitions"
urlpatterns = [path("", queue.queue, name="queue")]
