from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = "Partenaires"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from partners import french

        french.write_firsts()

        from partners.accounts import sessions

        sessions.take_over()
