"""The package's addresses."""

from django.urls import URLPattern, path

from congvu.ui.web import gallery

app_name = "ui"
urlpatterns: list[URLPattern] = [path("gallery", gallery.gallery, name="gallery")]
