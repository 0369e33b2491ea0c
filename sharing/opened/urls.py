"""The doors of who opened a file."""

from django.urls import path

from sharing.opened import views

patterns = [
    path("situations/<reference:ref>/ouvertures/", views.opened, name="opened"),
    path("situations/<reference:ref>/ouvertures.pdf", views.opened_paper, name="opened_paper"),
]
