"""Doors of one's tokens, and of the description of the interface, for who is signed in."""

from django.urls import path

from sharing.api import house_token_views, schema, token_views

patterns = [
    path("compte/jetons/", token_views.tokens, name="tokens"),
    path("compte/jetons/nouveau/", token_views.token_new, name="token_new"),
    path("compte/jetons/<uuid:pk>/revoquer/", token_views.token_revoke, name="token_revoke"),
    path("annuaire/membres/jetons/", house_token_views.tokens_of_house, name="house_tokens"),
    path(
        "annuaire/membres/jetons/<uuid:pk>/revoquer/", house_token_views.token_end_for_house, name="house_token_revoke"
    ),
    path("compte/jetons/interface.json", schema.described, name="api_description"),
]
