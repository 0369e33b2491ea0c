"""Doors that anybody may pass; `config.urls` opens them first."""

from django.urls import URLPattern, path

from config.public import help_views, views, well_known

patterns: list[URLPattern] = [
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("mentions-legales/", views.legal, name="legal"),
    path("donnees-personnelles/", views.privacy, name="privacy"),
    path("cookies/", views.cookies, name="cookies"),
    path("plan-du-site/", views.site_map, name="sitemap"),
    path("aide/", help_views.index, name="help"),
    path("aide/<slug:slug>/", help_views.topic, name="help_topic"),
    path("robots.txt", well_known.robots_txt, name="robots_txt"),
    path(".well-known/security.txt", well_known.security_txt, name="security_txt"),
    path(".well-known/change-password", well_known.change_password, name="change_password"),
]
