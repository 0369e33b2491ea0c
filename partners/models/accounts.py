"""What an account leaves for a while: tries counted, letters to write. Nothing here is governed; all of it goes by itself."""

import uuid
from datetime import timedelta

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .people import Professional


class Try(models.Model):
    """How many times somebody tried at one place, and from when the next try is looked at.

    `key` is a keyed hash of a place (a browser, a network, an address): neither an address nor a network can be read from it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False, db_default=RandomUUID())
    key = models.CharField(max_length=64, unique=True)
    tries = models.PositiveIntegerField()
    last_at = models.DateTimeField()
    until = models.DateTimeField()

    KEPT = timedelta(days=1)
    """No count looks back so far."""

    class Meta:
        ordering = ["last_at"]

    def __str__(self) -> str:
        return f"{self.tries} · {self.until}"


class AccountLetter(models.Model):
    """A letter about an account, to be written by the worker. Of an address that nobody has: a row all the same, and no letter."""

    class Kind(models.TextChoices):
        PASSWORD_RESET = "password_reset", _("Choisir un nouveau mot de passe")
        PASSWORD_CHANGED = "password_changed", _("Votre mot de passe a changé")
        NEW_BROWSER = "new_browser", _("Une session ouverte depuis un nouveau navigateur")
        PROCONNECT_ADDED = "proconnect_added", _("Une identité ProConnect a été reliée à votre compte")
        FACTOR_ADDED = "factor_added", _("Un second facteur a été ajouté à votre compte")
        FACTOR_REMOVED = "factor_removed", _("Un second facteur a été retiré de votre compte")
        FACTOR_CODES = "factor_codes", _("De nouveaux codes de secours ont été faits")
        FACTOR_USED = "factor_used", _("Un code de secours a servi")
        FACTOR_RESET = "factor_reset", _("Votre second facteur perdu a été retiré")
        FACTOR_WAITING = "factor_waiting", _("Une perte signalée attend une deuxième personne")
        PROCONNECT_WAITING = "proconnect_waiting", _("Une identité ProConnect attend une deuxième personne")
        PROCONNECT_ENDED = "proconnect_ended", _("Une identité ProConnect a été déliée de votre compte")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=30, choices=Kind.choices)
    professional = models.ForeignKey(Professional, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    next_attempt_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True, blank=True)

    KEPT = timedelta(days=1)
    """After which a letter that left is forgotten, and one that did not will not leave."""

    class Meta:
        ordering = ["asked_at"]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(sent_at__isnull=True), name="account_letter_waiting")
        ]

    def __str__(self) -> str:
        return self.kind
