"""The doors of requests."""

from django.urls import path

from sharing.asking import new_views, views

patterns = [
    path("demandes/", views.requests, name="requests"),
    path("demandes/nouvelle/", new_views.request_new, name="request_new"),
    path("demandes/nouvelle/verdict/", new_views.request_verdict, name="request_verdict"),
    path("demandes/<uuid:pk>/", views.request_page, name="request"),
    path("demandes/<uuid:pk>/repondre/", views.request_answer, name="request_answer"),
    path("demandes/<uuid:pk>/communiquer/", views.request_compose, name="request_compose"),
    path("demandes/<uuid:pk>/retirer/", views.request_withdraw, name="request_withdraw"),
    path("demandes/<uuid:pk>/vue/", views.request_seen, name="request_seen"),
]
