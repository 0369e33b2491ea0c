"""Every door of the house, on one page. ``tests/`` walks it: a route missing from the table of doors fails the build."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from config import demo_accounts, demo_mail, health

handler500 = "config.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("partners.urls")),
    path("", include("cases.urls")),
]

if settings.DEMO:
    urlpatterns += [
        path("demo/courrier/", demo_mail.letters, name="demo_mail"),
        path("demo/entrer/", demo_accounts.enter, name="demo_enter"),
    ]
