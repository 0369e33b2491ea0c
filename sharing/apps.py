from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


class SharingConfig(AppConfig):
    name = "sharing"
    verbose_name = "Communications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Read the rulebook whole before anything is served; be told of what she refuses.

        Raises ImproperlyConfigured, in one sentence, where it cannot be read.
        """
        from partners.vocabulary import RULEBOOK, RulebookError

        try:
            import sharing.decision  # noqa: F401  (reads the texts, the words and the norms that cite them)
        except RulebookError as error:
            raise ImproperlyConfigured(f"{RULEBOOK} : {error}") from error
        except KeyError as error:
            raise ImproperlyConfigured(f"{RULEBOOK} : il manque {error}, que les règles citent.") from error

        from consent.registry import tell_too
        from sharing.api import new_password
        from sharing.objecting import closes

        tell_too(closes)
        new_password.listen()
