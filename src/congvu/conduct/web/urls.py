"""The package's addresses."""

from django.urls import path

from congvu.conduct.web import counts, duties, findings, reports

app_name = "conduct"
urlpatterns = [
    path("duty/<handle:obligation>/", duties.duty, name="duty"),
    path("duty/<handle:obligation>/reply/", duties.reply, name="reply"),
    path("duty/<handle:obligation>/decide/", duties.decide, name="decide"),
    path("duty/<handle:obligation>/proof/<handle:entry>/", duties.proof, name="proof"),
    path("duty/<handle:obligation>/finding.json", duties.finding, name="finding"),
    path("findings/", findings.findings, name="findings"),
    path("findings/excuse/", findings.excuse, name="findings-excuse"),
    path("findings.csv", findings.table, name="findings-csv"),
    path("reports/", reports.reports, name="reports"),
    path("reports/new/", reports.new, name="report-new"),
    path("reports/<handle:report>/", reports.report, name="report"),
    path("counts/", counts.counts, name="counts"),
    path("counts/<handle:unit>/<handle:person>/", counts.person, name="counts-person"),
]
