"""Doors of one's account, under the names that allauth calls them by; only those that the house wants."""

from django.urls import path, re_path

from . import entering, overview, password_views

urlpatterns = [
    path("connexion/", entering.sign_in, name="account_login"),
    path("deconnexion/", entering.sign_out, name="account_logout"),
    path("mot-de-passe/oublie/", password_views.ask_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/demande/", password_views.asked, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/$",
        password_views.new_password,
        name="account_reset_password_from_key",
    ),
    path("compte/mot-de-passe/", password_views.change_password, name="account_change_password"),
    path("compte/sessions/", overview.open_sessions, name="usersessions_list"),
]
