"""Doors of the second factor, most of them under the names that allauth calls them by."""

from django.urls import path

from . import factor_views, identifying

urlpatterns = [
    path("connexion/second-facteur/", identifying.second_factor, name="mfa_authenticate"),
    path("connexion/cle/", identifying.by_key_alone, name="mfa_login_webauthn"),
    path("compte/confirmer/", identifying.again, name="account_reauthenticate"),
    path("compte/confirmer/cle/", identifying.again_by_key, name="confirm_by_key"),
    path("compte/second-facteur/", factor_views.overview, name="mfa_index"),
    path("compte/second-facteur/application/", factor_views.application, name="mfa_activate_totp"),
    path("compte/second-facteur/cles/nouvelle/", factor_views.new_key, name="mfa_add_webauthn"),
    path("compte/second-facteur/cles/<int:pk>/", factor_views.key_name, name="mfa_edit_webauthn"),
    path("compte/second-facteur/<int:pk>/retirer/", factor_views.remove, name="remove_factor"),
    path("compte/second-facteur/codes/", factor_views.recovery_codes, name="mfa_generate_recovery_codes"),
]
