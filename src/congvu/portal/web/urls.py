"""The package's addresses."""

from django.urls import include, path

from congvu.portal.web import book_days, book_table, books, pages, rulebook, verify

app_name = "portal"
urlpatterns = [
    path("", pages.home, name="home"),
    path("about/", pages.about, name="about"),
    path("robots.txt", pages.robots, name="robots"),
    path("books/", books.books, name="books"),
    path("books/<str:book>/", books.book, name="book"),
    path("books/<str:book>/calendar/", book_days.days, name="book-calendar"),
    path("books/<str:book>/table/", book_table.table, name="book-table"),
    path("books/<str:book>/table.csv", book_table.sheet, name="book-sheet"),
    path("books/<str:book>/changes/", books.changes, name="book-changes"),
    path("rulebook/<str:book>/v<int:version>.json", rulebook.as_json, name="book-json"),
    path("rulebook/<str:book>/v<int:version>.legalruleml", rulebook.as_legalruleml, name="book-legalruleml"),
    path("verify/", verify.verify, name="verify"),
    path("logs/", pages.logs, name="logs"),
    path("requests/", include("congvu.portal.web.request_urls")),
]
