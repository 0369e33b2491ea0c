"""The doors of her rights: on an item, on a case, and on what was received."""

from django.urls import path

from sharing.rights import dissent_views, limitation_views, rectification_views

_ITEM = "situations/<reference:ref>/elements/<uuid:pk>"
_CASE = "situations/<reference:ref>"

patterns = [
    path(f"{_ITEM}/rectification/", rectification_views.ask, name="rectify"),
    path(f"{_CASE}/rectifications/<uuid:pk>/", rectification_views.answer, name="rectification"),
    path(f"{_ITEM}/limitation/", limitation_views.limit_item, name="limit_item"),
    path(f"{_CASE}/limitation/", limitation_views.limit_case, name="limit_case"),
    path(f"{_CASE}/limitations/<uuid:pk>/", limitation_views.lift, name="limitation"),
    path("recu/<uuid:pk>/elements/<uuid:item>/divergence/", dissent_views.disagree, name="disagree"),
]
