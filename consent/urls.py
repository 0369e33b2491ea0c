"""Doors of the person's word, under a case."""

from django.urls import path

from . import deciding_views, grid_views, scan_views, views
from .papers import views as papers

app_name = "consent"

urlpatterns = [
    path("<reference:reference>/qui-decide/", deciding_views.who_decides, name="who_decides"),
    path("<reference:ref>/accords/", views.words, name="list"),
    path("<reference:ref>/accords/nouveau/", views.new, name="new"),
    path("<reference:ref>/accords/grille/", grid_views.grid, name="grid"),
    path("<reference:ref>/accords/<uuid:pk>/recepisse/", views.receipt, name="receipt"),
    path("<reference:ref>/accords/papier/<uuid:sitting>/", scan_views.join, name="paper"),
    path("<reference:ref>/accords/papier-signe/<uuid:pk>/", scan_views.download, name="scan"),
    path("<reference:ref>/accords/notice.pdf", papers.notice, name="notice"),
    path("<reference:ref>/accords/<uuid:pk>/recepisse.pdf", papers.withdrawn, name="receipt_paper"),
    path("<reference:ref>/accords/oppositions/<uuid:pk>/recepisse.pdf", papers.objected, name="objection_paper"),
]
