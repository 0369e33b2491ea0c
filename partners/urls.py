"""Doors of signing in and of the directory."""

from django.urls import path

from . import directory, rules_views, session, settings_views

app_name = "partners"

urlpatterns = [
    path("connexion/", session.sign_in, name="sign_in"),
    path("deconnexion/", session.sign_out, name="sign_out"),
    path("agir-pour/", session.act_as, name="act_as"),
    path("session/prolonger/", session.prolong, name="prolong"),
    path("langue/", session.choose_language, name="set_language"),
    path("annuaire/", directory.institutions, name="directory"),
    path("annuaire/<uuid:pk>/", directory.institution, name="institution"),
    path("annuaire/conventions/<uuid:pk>/", rules_views.agreement, name="agreement"),
    path("annuaire/instances/<uuid:pk>/", rules_views.forum, name="forum"),
    path("annuaire/reglages/", settings_views.settings_list, name="settings"),
    path("annuaire/reglages/nouveau/", settings_views.narrowing_new, name="narrowing_new"),
    path("annuaire/reglages/<uuid:pk>/", settings_views.narrowing_one, name="narrowing"),
    path("annuaire/reglages/<uuid:pk>/lever/", settings_views.narrowing_lift, name="narrowing_lift"),
]
