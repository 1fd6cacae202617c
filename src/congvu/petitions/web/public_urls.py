"""Addresses where citizens ask, follow and answer; no account is needed."""

from django.urls import path

from congvu.petitions.web import public_asking as asking
from congvu.petitions.web import public_files as files
from congvu.petitions.web import public_following as following
from congvu.petitions.web import public_map
from congvu.petitions.web import public_questions as questions
from congvu.petitions.web import public_sending as sending
from congvu.petitions.web import public_start as start

NEW = "<slug:slug>/new/<slug:code>/"
FOLLOWED = "<slug:slug>/follow/<str:number>/"

app_name = "ask"
urlpatterns = [
    path("", start.index, name="index"),
    path("<slug:slug>/", start.start, name="start"),
    path("<slug:slug>/map.json", public_map.outlines, name="map"),
    path("<slug:slug>/feedback/", questions.feedback, name="feedback"),
    path(NEW, asking.begin, name="begin"),
    path(NEW + "place/", questions.place, name="place"),
    path(NEW + "what/", questions.what, name="what"),
    path(NEW + "files/", files.files, name="files"),
    path(NEW + "who/", questions.who, name="who"),
    path(NEW + "similar/", sending.similar, name="similar"),
    path(NEW + "check/", sending.check, name="check"),
    path(NEW + "done/", sending.done, name="done"),
    path(NEW + "delete/", sending.throw_away, name="throw-away"),
    path("<slug:slug>/joined/<str:number>/", sending.joined, name="joined"),
    path("<slug:slug>/follow/", following.follow, name="follow"),
    path("<slug:slug>/leave/", following.leave, name="leave"),
    path(FOLLOWED, following.petition, name="petition"),
    path(FOLLOWED + "reply/", following.reply, name="reply"),
    path(FOLLOWED + "dispute/", following.dispute, name="dispute"),
    path(FOLLOWED + "rate/", following.rate, name="rate"),
    path(FOLLOWED + "text/", following.text, name="text"),
    path(FOLLOWED + "receipt/<handle:step>/", following.receipt, name="receipt"),
    path(FOLLOWED + "file/<handle:handle>/", following.file, name="file"),
]
