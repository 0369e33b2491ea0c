"""The auditor's doors."""

from django.urls import path

from . import proof_views, views

app_name = "audit"

urlpatterns = [
    path("", views.explorer, name="explorer"),
    path("verification/", views.verification_page, name="verification"),
    path("acces/", views.accesses, name="accesses"),
    path("<uuid:uuid>/", views.entry_page, name="entry"),
    path("<uuid:uuid>/preuve.zip", proof_views.entry_proof, name="entry_proof"),
]
