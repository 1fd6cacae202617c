"""The package's addresses."""

from django.urls import path

from congvu.rules.web import views

app_name = "rules"
urlpatterns = [
    path("", views.books, name="books"),
    path("days/", views.days, name="days"),
    path("books/<str:book>/", views.book, name="book"),
    path("books/<str:book>/adopt/", views.adopt, name="adopt"),
    path("books/<str:book>/<slug:parameter>/", views.decide, name="decide"),
]
