"""The doors of what is kept: a call of the police, a decision not to share, a pressure noted for oneself."""

from django.urls import path

from sharing.keeping import views

patterns = [
    path("appel/", views.call, name="call"),
    path("appel/<uuid:pk>/", views.call_noted, name="call_noted"),
    path("pression/", views.pressure, name="pressure"),
    path("situations/<reference:ref>/ne-pas-communiquer/", views.withhold, name="withhold"),
]
