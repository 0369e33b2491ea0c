"""The doors of the consultation without the name."""

from django.urls import path

from sharing.consulting import views

patterns = [
    path("consultations/", views.consultations, name="consultations"),
    path("consultations/nouvelle/", views.ask, name="consultation_new"),
    path("consultations/<uuid:pk>/", views.consultation, name="consultation"),
]
