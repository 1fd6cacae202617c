"""Addresses of the officials' pages."""

from django.urls import path

from congvu.petitions.web import acts, api_keys, filters, petition, queue, setting, taking, templating

app_name = "petitions"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("print/", queue.printed, name="printed"),
    path("requests.csv", queue.table, name="table"),
    path("chosen/", queue.bulk, name="bulk"),
    path("views/", filters.filters, name="filters"),
    path("views/new/", filters.save, name="filter-save"),
    path("views/<handle:kept>/", filters.rename, name="filter-rename"),
    path("views/<handle:kept>/delete/", filters.delete, name="filter-delete"),
    path("new/", taking.new, name="new"),
    path("new/services/", taking.services, name="new-services"),
    path("new/similar/", taking.similar, name="new-similar"),
    path("services/", setting.services, name="services"),
    path("services/load/", setting.load, name="services-load"),
    path("services/new/", setting.service, name="service-new"),
    path("services/<handle:service>/", setting.service, name="service"),
    path("services/<handle:service>/questions/new/", setting.question, name="question-new"),
    path("services/<handle:service>/questions/<slug:code>/", setting.question, name="question"),
    path("areas/new/", setting.area, name="area-new"),
    path("routes/", setting.route, name="route"),
    path("templates/", templating.templates, name="templates"),
    path("templates/new/", templating.template, name="template-new"),
    path("templates/<handle:template>/", templating.template, name="template"),
    path("templates/<handle:template>/delete/", templating.delete, name="template-delete"),
    path("keys/", api_keys.keys, name="api-keys"),
    path("keys/<handle:handle>/withdraw/", api_keys.withdraw, name="api-key-withdraw"),
    path("<handle:petition>/", petition.petition, name="petition"),
    path("<handle:petition>/taken/", taking.taken, name="taken"),
    path("<handle:petition>/same/", taking.same, name="same"),
    path("<handle:petition>/take/", acts.take, name="take"),
    path("<handle:petition>/who/", petition.reporter, name="reporter"),
    path("<handle:petition>/files/<handle:attachment>/", petition.file, name="file"),
    path("<handle:petition>/pictures/<handle:attachment>/", petition.picture, name="picture"),
    path("<handle:petition>/acts/<slug:name>/", acts.act, name="act"),
]
