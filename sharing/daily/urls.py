"""The doors of the day's work."""

from django.urls import path

from sharing.daily import usefulness_views

patterns = [path("a-t-il-servi/<uuid:pk>/", usefulness_views.tell, name="usefulness")]
