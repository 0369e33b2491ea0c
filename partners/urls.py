"""Doors of signing in and of the directory."""

from django.urls import path

from . import (
    agreement_views,
    directory,
    registration_views,
    rules_views,
    session,
    settings_views,
    sheet_views,
    succession_views,
)
from .accounts import entering, losing_views, overview, people_urls

app_name = "partners"

urlpatterns = [
    path("connexion/", entering.sign_in, name="sign_in"),
    path("deconnexion/", entering.sign_out, name="sign_out"),
    path("compte/", overview.account, name="account"),
    path("agir-pour/", session.act_as, name="act_as"),
    path("session/prolonger/", session.prolong, name="prolong"),
    path("langue/", session.choose_language, name="set_language"),
    path("annuaire/", directory.institutions, name="directory"),
    *people_urls.patterns,
    path("annuaire/<uuid:pk>/", directory.institution, name="institution"),
    path("annuaire/institutions/nouvelle/", registration_views.institution_new, name="institution_new"),
    path("annuaire/changements/<uuid:pk>/", registration_views.institution_change, name="institution_change"),
    path("annuaire/<uuid:pk>/corriger/", registration_views.institution_correct, name="institution_correct"),
    path("annuaire/<uuid:pk>/ouvrir/", registration_views.institution_open, name="institution_open"),
    path("annuaire/a-valider/", sheet_views.to_validate, name="to_validate"),
    path("annuaire/<uuid:pk>/fiche/", sheet_views.sheet_write, name="sheet_write"),
    path("annuaire/fiches/<uuid:pk>/", sheet_views.sheet, name="sheet"),
    path("annuaire/fiches/<uuid:pk>/lue/", sheet_views.sheet_read, name="sheet_read"),
    path("annuaire/conventions/nouvelle/", agreement_views.agreement_new, name="agreement_new"),
    path("annuaire/conventions/<uuid:pk>/", rules_views.agreement, name="agreement"),
    path("annuaire/conventions/<uuid:pk>/reviser/", agreement_views.agreement_revise, name="agreement_revise"),
    path("annuaire/conventions/<uuid:pk>/<slug:word>/", agreement_views.agreement_act, name="agreement_act"),
    path("annuaire/successions/nouvelle/", succession_views.succession_new, name="succession_new"),
    path("annuaire/successions/<uuid:pk>/", succession_views.succession, name="succession"),
    path("annuaire/instances/<uuid:pk>/", rules_views.forum, name="forum"),
    path("annuaire/seconds-facteurs/", losing_views.losses, name="factor_losses"),
    path("annuaire/seconds-facteurs/<uuid:pk>/", losing_views.loss, name="factor_loss"),
    path("annuaire/reglages/", settings_views.settings_list, name="settings"),
    path("annuaire/reglages/nouveau/", settings_views.narrowing_new, name="narrowing_new"),
    path("annuaire/reglages/<uuid:pk>/", settings_views.narrowing_one, name="narrowing"),
    path("annuaire/reglages/<uuid:pk>/lever/", settings_views.narrowing_lift, name="narrowing_lift"),
]
