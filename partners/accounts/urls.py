"""Doors of one's account, under the names that allauth calls them by; only those that the house wants."""

from django.urls import path

from . import entering

urlpatterns = [
    path("connexion/", entering.sign_in, name="account_login"),
    path("deconnexion/", entering.sign_out, name="account_logout"),
]
