"""The doors of « Ce que disent les textes »."""

from django.urls import path

from sharing import rulebook_views

patterns = [
    path("regles/", rulebook_views.rules, name="rules"),
    path("regles/<str:code>/", rulebook_views.rule, name="rule"),
]
