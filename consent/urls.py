"""Doors of the person's word, under a case."""

from django.urls import path

from . import views

app_name = "consent"

urlpatterns = [
    path("<reference:ref>/accords/", views.words, name="list"),
    path("<reference:ref>/accords/nouveau/", views.new, name="new"),
    path("<reference:ref>/accords/<uuid:pk>/recepisse/", views.receipt, name="receipt"),
]
