"""The doors of incidents."""

from django.urls import path

from sharing.incidents import views

patterns = [
    path("controle/incidents/", views.incidents, name="incidents"),
    path("controle/incidents/<uuid:pk>/", views.incident, name="incident"),
]
