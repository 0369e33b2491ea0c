"""The doors of « Contrôle », and that by which an author asks."""

from django.urls import path

from sharing.reviewing import after_views, dashboard, views

patterns = [
    path("controle/", views.review_queue, name="control"),
    path("controle/avis/<uuid:pk>/", views.review, name="review"),
    path("controle/apres/", after_views.examinations, name="examinations"),
    path("controle/apres/<uuid:pk>/", after_views.examination, name="examination"),
    path("controle/apres/<uuid:pk>/contenu/", after_views.unsealed, name="unsealed"),
    path("controle/tableau/", dashboard.dashboard, name="dashboard"),
    path("situations/<reference:ref>/communiquer/<uuid:pk>/avis/", views.ask_opinion, name="ask_opinion"),
]
