"""The auditor's doors."""

from django.urls import path

from . import alarm_views, head_views, proof_views, verification_views, views

app_name = "audit"

urlpatterns = [
    path("", views.explorer, name="explorer"),
    path("verification/", verification_views.verification_page, name="verification"),
    path("verification/<uuid:pk>/", verification_views.verified, name="verified"),
    path("tetes/", head_views.heads_page, name="heads"),
    path("tetes/<int:size>/", head_views.head_page, name="head"),
    path("cles/", head_views.keys_page, name="keys"),
    path("alarmes/", alarm_views.alarms_page, name="alarms"),
    path("alarmes/<uuid:pk>/", alarm_views.alarm_page, name="alarm"),
    path("acces/", views.accesses, name="accesses"),
    path("<uuid:uuid>/", views.entry_page, name="entry"),
    path("<uuid:uuid>/preuve.zip", proof_views.entry_proof, name="entry_proof"),
]
