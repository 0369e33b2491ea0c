"""The door of what a colleague leaves behind."""

from django.urls import path

from sharing.leaving import views

patterns = [path("equipe/relais/<uuid:pk>/", views.relay, name="relay")]
