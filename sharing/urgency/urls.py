"""The doors of an emergency."""

from django.urls import path

from sharing.urgency import views

patterns = [
    path("situations/<reference:ref>/urgence/", views.urgency, name="urgency"),
    path("situations/<reference:ref>/urgence/<uuid:pk>/", views.done, name="urgency_done"),
    path("communications/<uuid:pk>/feuille/", views.handover, name="handover"),
    path("controle/urgences/", views.urgencies, name="urgencies"),
]
