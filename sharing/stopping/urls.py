"""The doors of what stops."""

from django.urls import path

from sharing import withdrawal_views
from sharing.stopping import views

patterns = [
    path("situations/<reference:ref>/accords/tout-retirer/", withdrawal_views.withdraw_all, name="withdraw_all"),
    path("situations/<reference:ref>/parole/<uuid:pk>/erreur/", views.recorded_in_error, name="recorded_in_error"),
    path("situations/<reference:ref>/opposition/<uuid:recipient>/<slug:purpose>/", views.object_to, name="object"),
    path("situations/<reference:ref>/opposition/<uuid:pk>/", views.objected, name="objected"),
]
