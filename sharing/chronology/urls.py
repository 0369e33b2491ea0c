"""The door of the chronology."""

from django.urls import path

from . import views

patterns = [path("situations/<reference:ref>/chronologie/", views.chronology, name="chronology")]
