"""The doors of what is kept: a call of the police, a decision not to share."""

from django.urls import path

from sharing.keeping import views

patterns = [
    path("appel/", views.call, name="call"),
    path("appel/<uuid:pk>/", views.call_noted, name="call_noted"),
    path("situations/<reference:ref>/ne-pas-communiquer/", views.withhold, name="withhold"),
]
