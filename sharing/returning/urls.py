"""The doors of what comes back."""

from django.urls import path

from sharing.returning import asking_again, views

patterns = [
    path("recu/<uuid:pk>/pas-pour-moi/", views.send_back, name="send_back"),
    path("recu/<uuid:pk>/precision/", asking_again.ask_precision, name="ask_precision"),
    path("recu/<uuid:pk>/repondre/", views.answer, name="answer_received"),
    path("communications/<uuid:pk>/rappeler/", views.recall, name="recall"),
]
