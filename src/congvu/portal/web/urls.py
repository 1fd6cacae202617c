"""The package's addresses."""

from django.urls import path

from congvu.portal.web import books, pages, verify

app_name = "portal"
urlpatterns = [
    path("", pages.home, name="home"),
    path("about/", pages.about, name="about"),
    path("robots.txt", pages.robots, name="robots"),
    path("books/", books.books, name="books"),
    path("books/<str:book>/", books.book, name="book"),
    path("verify/", verify.verify, name="verify"),
    path("logs/", pages.logs, name="logs"),
]
