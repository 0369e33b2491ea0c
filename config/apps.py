"""The house as a Django application: it registers its checks and makes the queue known to every process."""

from django.apps import AppConfig


class ConfigApp(AppConfig):
    name = "config"
    verbose_name = "Tact"

    def ready(self) -> None:
        """Importing the queue's application makes it current: ``shared_task`` then sends to it from any process."""
        from config import celery, checks  # noqa: F401
