"""Doors of signing in and of the directory."""

from django.urls import path

from . import directory, session

app_name = "partners"

urlpatterns = [
    path("connexion/", session.sign_in, name="sign_in"),
    path("deconnexion/", session.sign_out, name="sign_out"),
    path("agir-pour/", session.act_as, name="act_as"),
    path("session/prolonger/", session.prolong, name="prolong"),
    path("langue/", session.choose_language, name="set_language"),
    path("annuaire/", directory.institutions, name="directory"),
    path("annuaire/<uuid:pk>/", directory.institution, name="institution"),
]
