"""Doors of ProConnect: none of them exists while it is off."""

from django.urls import path

from . import joining_views, request_views, views

urlpatterns = [
    path("proconnect/", views.go, name="proconnect_go"),
    path("proconnect/retour/", views.back, name="proconnect_back"),
    path("proconnect/attente/", views.waiting, name="proconnect_waiting"),
    path("proconnect/invitation/", joining_views.join, name="proconnect_join"),
    path("proconnect/relier/", views.link, name="proconnect_link"),
    path("proconnect/delier/<uuid:pk>/", views.unlink, name="proconnect_unlink"),
    path("proconnect/au-revoir/", views.left, name="proconnect_left"),
    path("annuaire/proconnect/<uuid:pk>/", request_views.one, name="proconnect_request"),
]
