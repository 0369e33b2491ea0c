"""Effects promised in the transaction of an act, carried out after it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from partners.models import Membership


class Outbox(models.Model):
    """An effect promised in the transaction, carried out after it; done once a business key."""

    class Kind(models.TextChoices):
        DISCLOSURE_WAITING = "disclosure_waiting", _("Une information vous attend")
        CONSENT_WITHDRAWN = "consent_withdrawn", _("Un accord a été retiré")
        READING_CLOSED = "reading_closed", _("Une communication ne peut plus être lue")
        DISCLOSURE_RETURNED = "disclosure_returned", _("Une communication vous est retournée")
        DISCLOSURE_RECALLED = "disclosure_recalled", _("Une communication est rappelée")
        URGENCY_RECORDED = "urgency_recorded", _("Une urgence vient d’être enregistrée")
        URGENCY_QUOTA = "urgency_quota", _("Trois urgences ou plus en trente jours")
        RECALLED_BY_LEAD = "recalled_by_lead", _("Une de vos communications a été rappelée")
        INCIDENT_OPENED = "incident_opened", _("Un incident est ouvert")
        MANY_OPENINGS = "many_openings", _("Beaucoup de communications lues en un jour")
        MANY_REFUSALS = "many_refusals", _("Beaucoup de refus en un jour")
        CONVENTION_ENDING = "convention_ending", _("Une convention se termine bientôt")
        CONSENT_ENDING = "consent_ending", _("Un accord se termine bientôt")
        UNREAD = "unread", _("Une information vous attend depuis cinq jours")
        DUTY_DUE = "duty_due", _("Une échéance approche")
        CONSULTATION_WAITING = "consultation_waiting", _("Un avis vous est demandé, sans le nom")
        CONSULTATION_ANSWERED = "consultation_answered", _("Une réponse à votre consultation")
        DIGEST = "digest", _("À faire aujourd’hui")
        REQUEST_WAITING = "request_waiting", _("Une demande vous attend")
        REQUEST_ENDED = "request_ended", _("Une demande a sa réponse")
        REQUEST_WITHDRAWN = "request_withdrawn", _("Une demande est retirée")
        REQUEST_TRANSFERRED = "request_transferred", _("Une demande passe à quelqu’un d’autre")
        REQUEST_CLOSED = "request_closed", _("Une demande est close après un départ")
        DRAFT_TRANSFERRED = "draft_transferred", _("Un brouillon vous est confié")
        REVIEW_TRANSFERRED = "review_transferred", _("Un avis n’est plus attendu de vous pour l’instant")
        REVIEW_REQUESTED = "review_requested", _("Un avis vous est demandé")
        REVIEW_ANSWERED = "review_answered", _("L’avis demandé est donné")
        REVIEW_CONCLUDED = "review_concluded", _("Une de vos communications a été examinée")
        REVIEW_OVERDUE = "review_overdue", _("Un examen après coup est en retard")
        RECTIFICATION_WAITING = "rectification_waiting", _("Une demande de rectification attend votre réponse")
        RECTIFIED = "rectified", _("Une rectification concerne une communication")
        LIMITED = "limited", _("Le partage d’une information est limité")
        DISSENT_RECEIVED = "dissent_received", _("Un destinataire voit les choses autrement")
        CONTENT_UNSEALED = "content_unsealed", _("Un contenu a été ouvert")
        TRAIL_HEAD = "trail_head", _("La tête du journal, chaque jour")
        TRAIL_ALARM = "trail_alarm", _("Une alarme sur le journal")
        TOKEN_CREATED = "token_created", _("Un jeton de l’interface a été créé")
        TOKEN_MANY_CALLS = "token_many_calls", _("Un jeton de l’interface a épuisé ses appels du jour")
        TOKEN_REVOKED = "token_revoked", _("Un de vos jetons de l’interface a été révoqué")
        TOKEN_ODD_USE = "token_odd_use", _("Un jeton de l’interface a été présenté d’ailleurs")

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)
    # Of a digest: how many of what, never who.
    counts = models.JSONField(default=dict)
    recipient = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    # Of somebody who has no post here and keeps the heads of the trail (TACT_HEAD_MAIL_TO); otherwise empty.
    address = models.EmailField(blank=True, default="")
    reference = models.CharField(max_length=24)
    path = models.CharField(max_length=120)
    created_at = models.DateTimeField(db_default=Now())
    # When it was last about to be handed to the mail server: until it is done, whether it left is in doubt (ADR 0019).
    handed_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["next_attempt_at"], condition=Q(done_at__isnull=True), name="outbox_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=Q(recipient__isnull=False, address="") | Q(recipient__isnull=True) & ~Q(address=""),
                name="outbox_to_a_post_or_an_address",
            )
        ]

    def __str__(self) -> str:
        return self.key
