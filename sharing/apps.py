from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "sharing"
    verbose_name = "Communications"
    default_auto_field = "django.db.models.BigAutoField"
