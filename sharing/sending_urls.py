"""The doors of those who send."""

from django.urls import path

from sharing import case_views, compose_views, departure_views

patterns = [
    path("situations/<reference:ref>/", case_views.case_page, name="case"),
    path("situations/<reference:ref>/communiquer/", compose_views.start, name="start"),
    path("situations/<reference:ref>/communiquer/<uuid:pk>/", compose_views.compose, name="compose"),
    path("situations/<reference:ref>/communiquer/<uuid:pk>/verdict/", compose_views.verdict, name="verdict"),
    path("situations/<reference:ref>/communiquer/<uuid:pk>/abandonner/", compose_views.discard, name="discard"),
    path("situations/<reference:ref>/communiquer/<uuid:pk>/relire/", compose_views.check, name="check"),
    path("situations/<reference:ref>/communiquer/<uuid:pk>/fait/", compose_views.done, name="done"),
    path("situations/<reference:ref>/communiquer/<uuid:pk>/partie/", departure_views.whether_left, name="whether_left"),
]
