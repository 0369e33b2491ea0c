"""The auditor's doors."""

from django.urls import path

from . import views

app_name = "audit"

urlpatterns = [
    path("", views.explorer, name="explorer"),
    path("verification/", views.verification_page, name="verification"),
    path("acces/", views.accesses, name="accesses"),
    path("<uuid:uuid>/", views.entry_page, name="entry"),
]
