"""The doors of a communication's papers."""

from django.urls import path

from sharing.papers import views

patterns = [
    path("situations/<reference:ref>/communiquer/<uuid:pk>/recepisse.pdf", views.sent, name="done_paper"),
    path("recu/<uuid:pk>/imprimer.pdf", views.received, name="received_paper"),
]
