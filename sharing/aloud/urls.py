"""The doors of what was said aloud."""

from django.urls import path

from sharing.aloud import views

patterns = [
    path("situations/<reference:ref>/dit/", views.aloud, name="aloud"),
    path("situations/<reference:ref>/dit/<uuid:pk>/", views.aloud_done, name="aloud_done"),
]
