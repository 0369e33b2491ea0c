"""Doors of the caseload. The case page itself belongs to `sharing`, whose content it shows."""

from django.urls import path, register_converter

from . import create, dissent_views, doors, involvement_views, item_list, linking_views, standing_views, team, views

register_converter(doors.Reference, "reference")

app_name = "cases"

urlpatterns = [
    path("situations/", views.caseload, name="list"),
    path("situations/nouvelle/", create.create, name="create"),
    path("situations/<reference:reference>/elements/", item_list.items, name="items"),
    path("situations/<reference:reference>/elements/nouveau", views.item_new, name="item_new"),
    path("situations/<reference:reference>/elements/<uuid:pk>/", views.item, name="item"),
    path("situations/<reference:reference>/elements/<uuid:pk>/divergence/", dissent_views.note, name="dissent"),
    path("situations/<reference:reference>/identite", views.identity, name="identity"),
    path("situations/<reference:reference>/suivi", team.assignments, name="assignments"),
    path("situations/<reference:reference>/suivi/<uuid:pk>/fin", team.end_assignment, name="end_assignment"),
    path("situations/<reference:ref>/professionnels/", involvement_views.involvements, name="involvements"),
    path("situations/<reference:reference>/qui-decide/etat/", standing_views.record_status, name="record_status"),
    path(
        "situations/<reference:reference>/qui-decide/etat/<uuid:pk>/fin/", standing_views.end_status, name="end_status"
    ),
    path(
        "situations/<reference:reference>/qui-decide/representant/",
        standing_views.add_representative,
        name="add_representative",
    ),
    path(
        "situations/<reference:reference>/qui-decide/representant/<uuid:pk>/",
        standing_views.change_representative,
        name="change_representative",
    ),
    path("situations/<reference:reference>/meme-personne/", linking_views.same_person, name="same_person"),
    path("situations/<reference:reference>/meme-personne/<uuid:pk>/fin/", linking_views.end_link, name="end_link"),
    path("equipe/meme-personne/<uuid:pk>/", linking_views.link, name="link"),
    path("equipe/", team.team, name="team"),
]
