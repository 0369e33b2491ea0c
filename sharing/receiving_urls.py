"""The doors of those who receive, of what was sent, and of a withdrawal."""

from django.urls import path

from sharing import receiving_views, sent_views, withdrawal_views
from sharing.returning import urls as returning_urls

patterns = [
    path("recu/", receiving_views.inbox, name="inbox"),
    path("recu/<uuid:pk>/", receiving_views.received, name="received"),
    path("recu/<uuid:pk>/imprimer/", receiving_views.printed, name="print_received"),
    path("recu/<uuid:pk>/accuser/", receiving_views.acknowledge, name="acknowledge"),
    path("communications/", sent_views.sent, name="sent"),
    path("communications/<uuid:pk>/", sent_views.sent_one, name="sent_one"),
    path("situations/<reference:ref>/accords/<uuid:pk>/retrait/", withdrawal_views.withdraw, name="withdraw"),
    *returning_urls.patterns,
]
