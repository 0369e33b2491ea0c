"""The door of the public figures."""

from django.urls import path

from sharing.statistics import views

patterns = [path("statistiques/", views.statistics, name="statistics")]
"""Open to all: nobody signs in to know how a public service is used."""
