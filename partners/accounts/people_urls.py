"""Doors of the people of a house: its members, their invitations, and the first start."""

from django.urls import path

from . import founding_views, function_views, inviting_views, joining_views, people_views

patterns = [
    path("annuaire/membres/", people_views.members, name="members"),
    path("annuaire/membres/inviter/", inviting_views.invite, name="invite"),
    path("annuaire/membres/invitations/<uuid:pk>/", inviting_views.invitation_sent, name="invitation_sent"),
    path("annuaire/membres/changements/<uuid:pk>/", function_views.function_change, name="function_change"),
    path("annuaire/membres/<uuid:pk>/", people_views.member, name="member"),
    path("annuaire/membres/<uuid:pk>/secret/", people_views.member_secrecy, name="member_secrecy"),
    path("annuaire/membres/<uuid:pk>/fonctions/", function_views.member_functions, name="member_functions"),
    path("annuaire/membres/<uuid:pk>/fin/", people_views.member_end, name="member_end"),
    path("invitation/<str:secret>/", joining_views.invitation, name="invitation"),
    path("premier-demarrage/", founding_views.first_start, name="first_start"),
]
