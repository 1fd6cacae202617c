"""The package's addresses."""

from django.urls import URLPattern, path

from congvu.directory.web import appointing, leave, leaving, own, people, sign_in, tables, units

app_name = "directory"
urlpatterns: list[URLPattern] = [
    path("", people.address_book, name="people"),
    path("people.csv", people.export, name="export"),
    path("people/<handle:handle>/", people.person, name="person"),
    path("people/<handle:handle>/rename/", people.rename, name="rename"),
    path("people/<handle:handle>/leave/", leave.grant, name="grant-leave"),
    path("leave/<handle:handle>/end/", leave.end, name="end-leave"),
    path("people/<handle:handle>/password/", sign_in.give_password, name="give-password"),
    path("people/<handle:handle>/close/", sign_in.close, name="close-account"),
    path("people/<handle:handle>/reopen/", sign_in.reopen, name="reopen-account"),
    path("units/", units.tree, name="units"),
    path("units/<handle:handle>/", units.unit, name="unit"),
    path("units/<handle:handle>/open/", units.open_below, name="open-unit"),
    path("units/<handle:handle>/move/", units.move, name="move-unit"),
    path("units/<handle:handle>/close/", units.close, name="close-unit"),
    path("units/<handle:handle>/post/", units.create_post, name="create-post"),
    path("posts/<handle:handle>/functions/", units.charge, name="charge-post"),
    path("appoint/", appointing.begin, name="appoint"),
    path("appoint/who/", appointing.who, name="appoint-who"),
    path("appoint/post/", appointing.post, name="appoint-post"),
    path("appoint/day/", appointing.day, name="appoint-day"),
    path("appoint/address/", appointing.address, name="appoint-address"),
    path("appoint/check/", appointing.check, name="appoint-check"),
    path("appointments/<handle:handle>/end/", leaving.end, name="end-appointment"),
    path("addresses/", leaving.handed_over, name="handed-over"),
    path("addresses/<handle:handle>/withdraw/", leaving.withdraw, name="withdraw-address"),
    path("import/", tables.upload, name="import"),
    path("import/check/", tables.check, name="import-check"),
    path("import/report.csv", tables.report, name="import-report"),
    path("settings/", own.settings, name="settings"),
    path("seat/", own.choose_seat, name="choose-seat"),
    path("application-passwords/", own.application_passwords, name="application-passwords"),
    path("application-passwords/<handle:handle>/revoke/", own.revoke, name="revoke"),
    path("first-password/", own.first_password, name="first-password"),
    path("no-post/", own.no_post, name="no-post"),
]
