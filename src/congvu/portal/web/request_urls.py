"""Addresses of the public register of requests, one register for each agency."""

from django.urls import path

from congvu.portal.web import request_figures, request_map, requests

urlpatterns = [
    path("", requests.registers, name="registers"),
    path("tiles/<int:zoom>/<int:column>/<int:row>.png", request_map.tile, name="tile"),
    path("<slug:agency>/", requests.register, name="requests"),
    path("<slug:agency>/feed.atom", requests.feed, name="requests-feed"),
    path("<slug:agency>/export/", requests.exports, name="requests-exports"),
    path("<slug:agency>/requests.<str:form>", requests.export, name="requests-export"),
    path("<slug:agency>/map/", request_map.shown, name="requests-map"),
    path("<slug:agency>/figures/", request_figures.figures, name="figures"),
    path("<slug:agency>/figures.json", request_figures.as_json, name="figures-json"),
    path("<slug:agency>/figures.csv", request_figures.as_csv, name="figures-csv"),
    path("<slug:agency>/figures.py", request_figures.script, name="figures-script"),
    path("<slug:agency>/figures/<str:by>/<str:code>/", request_figures.group, name="figures-group"),
    path("<slug:agency>/<str:number>/", requests.request, name="request"),
]
