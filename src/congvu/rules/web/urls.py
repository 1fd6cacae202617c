"""The package's addresses."""

from django.urls import path

from congvu.rules.web import drafts, replays, views

app_name = "rules"
urlpatterns = [
    path("", views.books, name="books"),
    path("days/", views.days, name="days"),
    path("replays/", replays.replays, name="replays"),
    path("replays/<handle:handle>/", replays.replay, name="replay"),
    path("replays/<handle:handle>/cancel/", replays.cancel, name="replay-cancel"),
    path("replays/<handle:handle>/csv/", replays.as_csv, name="replay-csv"),
    path("replays/<handle:handle>/xlsx/", replays.as_xlsx, name="replay-xlsx"),
    path("replays/<handle:handle>/print/", replays.on_paper, name="replay-print"),
    path("drafts/", drafts.drafts, name="drafts"),
    path("drafts/begin/", drafts.begin, name="draft-begin"),
    path("drafts/<handle:handle>/", drafts.draft, name="draft"),
    path("drafts/<handle:handle>/check/", drafts.check, name="draft-check"),
    path("drafts/<handle:handle>/download/", drafts.download, name="draft-download"),
    path("drafts/<handle:handle>/history/", drafts.history, name="draft-history"),
    path("books/<str:book>/", views.book, name="book"),
    path("books/<str:book>/adopt/", views.adopt, name="adopt"),
    path("books/<str:book>/<slug:parameter>/", views.decide, name="decide"),
]
