"""The doors of what follows a communication."""

from django.urls import path

from sharing import duty_views

patterns = [
    path("a-faire/", duty_views.duties, name="duties"),
    path("a-faire/<uuid:pk>/", duty_views.duty, name="duty"),
]
