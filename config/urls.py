"""Every door of the house, on one page. ``tests/`` walks it: a route missing from the table of doors fails the build."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from config import demo_components, demo_urls, health, metrics
from config.public import urls as public_urls
from sharing.daily import home_views

handler400 = "config.errors.interrupted"
handler500 = "config.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("", home_views.home, name="home"),
    *public_urls.patterns,
    path("audit/", include("audit.urls")),
    path("", include("partners.urls")),
    path("", include("partners.accounts.urls")),
    path("", include("partners.accounts.factor_urls")),
    path("", include("partners.accounts.proconnect.urls")),
    path("", include("cases.urls")),
    path("situations/", include("consent.urls")),
    path("", include("sharing.urls")),
    path("api/v1/", include("sharing.api.urls")),
]

if settings.TACT_ENV in {"demo", "test"}:
    urlpatterns += [path("demo/composants/", demo_components.components, name="demo_components")]

if settings.DEMO:
    urlpatterns += demo_urls.patterns
