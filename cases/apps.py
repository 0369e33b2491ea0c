from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "Situations"
    default_auto_field = "django.db.models.BigAutoField"
