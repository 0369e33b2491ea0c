"""Doors of what is shared: those who send, those who receive."""

from sharing import receiving_urls, sending_urls

app_name = "sharing"

urlpatterns = [*sending_urls.patterns, *receiving_urls.patterns]
