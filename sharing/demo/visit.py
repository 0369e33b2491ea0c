"""The guided visit: a child of its own for each, made through the real acts; how far it went is read from the real rows.

Nothing says which step is done: a refusal, an agreement, a communication, its acknowledgement, a withdrawal and a verification
do. So a visit is left, taken up, begun again, and two at once know nothing of one another.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.http import QueryDict

from audit.models import Access
from cases import access, files, opening
from cases.models import Assignment, Case, Item, Representative
from consent.models import Consent, Withdrawal
from partners import clock
from partners.models import Membership
from sharing import composing
from sharing.models import DecisionRecord, Disclosure, Draft, DraftItem
from sharing.outcome import DENY

from .calendar import Calendar
from .people import FAMILIES, MEN_BORN_EARLY, WOMEN_BORN_EARLY, first_names

CAMILLE, LANTIER = "camille.roussel@vallieres.example", "helene.lantier@jean-mace.example"
NADIA, YANN = "nadia.benali@vallieres.example", "yann.le-goff@val-de-sauve.example"
ROLES = {CAMILLE: "ass_secteur", NADIA: "chef_service", LANTIER: "directeur_ecole", YANN: "institution"}

AGE, PURPOSE = 9, "scolarite"
REASON = "Demande des parents, après un entretien à l’école (visite guidée)"
RELAY = "Relais pendant les absences de Camille Roussel (visite guidée)"
OVER = "Visite guidée terminée"
KEPT = timedelta(days=1)  # then a visit leaves Camille's caseload
TIDIED_AT_ONCE = 20
BENEFIT = "Que l’école sache quand l’attendre, et comment rattraper le mardi."
REPORT = "Bilan de langage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What Camille wrote down of the child; `need`: why she would tell the school, nothing where she would not."""

    label: str
    text: str
    category: str
    nature: str
    provenance: str
    need: str = ""


STATEMENTS = (
    Statement(
        label="Absences du mardi après-midi",
        text="Absent·e le mardi de 13 h 30 à 16 h 30, pour des rendez-vous réguliers, jusqu’aux vacances de printemps.",
        category="consigne_pratique",
        nature="fait_constate",
        provenance=Item.Provenance.FAMILY,
        need="Sans cela, l’école l’attend et ne peut pas organiser le rattrapage.",
    ),
    Statement(
        label=REPORT,
        text="Bilan remis par les parents et lu avec eux : trouble du langage écrit, une séance par semaine pendant un an.",
        category="sante_diagnostic",
        nature="document",
        provenance=Item.Provenance.DOCUMENT,
        need="Pour expliquer les absences.",
    ),
    Statement(
        label="Ce que l’enfant en dit",
        text="« Je veux bien que le maître sache que je pars le mardi. Mais pas pourquoi, c’est à moi de le dire. »",
        category="parole_enfant",
        nature="propos_personne",
        provenance=Item.Provenance.PERSON,
    ),
)


class NotLoaded(Exception):
    """The demonstration territory is not here: nobody to visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Those who act in the visit."""

    camille: Membership
    nadia: Membership
    lantier: Membership
    yann: Membership

    def of(self, email: str) -> Membership:
        """The one who has this address."""
        return {CAMILLE: self.camille, NADIA: self.nadia, LANTIER: self.lantier, YANN: self.yann}[email]


def cast() -> Cast:
    """Who is there now. Raises NotLoaded."""
    found = {
        (one.professional.email, one.role): one
        for one in Membership.objects.in_force()
        .filter(professional__email__in=ROLES)
        .select_related("professional", "institution")
    }
    try:
        camille, nadia, lantier, yann = (found[email, role] for email, role in ROLES.items())
    except KeyError as missing:
        raise NotLoaded(str(missing)) from missing
    return Cast(camille=camille, nadia=nadia, lantier=lantier, yann=yann)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit as the rows tell it at this instant."""

    case: Case
    draft: Draft | None
    report_aboard: bool  # the report is still among what would be sent
    refused: bool
    consent: Consent | None
    disclosure: Disclosure | None
    withdrawn: bool
    verified: bool

    @property
    def done(self) -> int:
        """How many of the six steps are behind, 0 to 6: a later one done means that those before it are not waited for."""
        sent = self.disclosure
        facts = (
            self.refused,
            self.consent is not None,
            sent is not None,
            sent is not None and sent.acknowledged_at is not None,
            self.withdrawn,
            self.verified,
        )
        return max((number for number, fact in enumerate(facts, start=1) if fact), default=0)


def read(case_id: uuid.UUID) -> Visit | None:
    """The visit of this case; None where there is none, or where Camille no longer follows it."""
    case = Case.objects.filter(pk=case_id).first()
    if case is None or not Assignment.objects.in_force().filter(case=case, reason=REASON).exists():
        return None
    disclosure = Disclosure.objects.filter(case=case).select_related("draft").order_by("released_at").first()
    draft = disclosure.draft if disclosure else _draft_of(case)
    return Visit(
        case=case,
        draft=draft,
        report_aboard=DraftItem.objects.filter(draft=draft, item__label=REPORT).exists(),
        refused=DecisionRecord.objects.filter(case=case, verdict=DENY).exists(),
        consent=Consent.objects.filter(case=case).order_by("-recorded_at").first(),
        disclosure=disclosure,
        withdrawn=Withdrawal.objects.filter(consent__case=case).exists(),
        verified=_verified(case),
    )


def _draft_of(case: Case) -> Draft | None:
    live = Draft.objects.filter(case=case, sent_at=None, discarded_at=None)
    return live.exclude(purpose="").order_by("-saved_at").first()


def _verified(case: Case) -> bool:
    """Whether the auditor verified the trail after he read what it says of this very case, as the access log tells."""
    auditor = {"professional_ref__in": Membership.objects.filter(professional__email=YANN).values("professional")}
    read_first = Access.objects.filter(**auditor, action="trail.searched", case_ref=case.pk).order_by("pk").first()
    if read_first is None:
        return False
    return Access.objects.filter(**auditor, action="trail.verified", pk__gt=read_first.pk).exists()


@transaction.atomic
def begin(*, people: Cast) -> Case:
    """Open a situation for a child of this visit's own, write down what is known, relay it to Nadia, compose a draft."""
    tidy(people=people)
    at, key = clock.now(), uuid.uuid4()
    rng = Random(key.int)  # noqa: S311  (an invented name, no secret)
    family = rng.choice(FAMILIES)
    born = Calendar(at).birth(rng, AGE)
    case = opening.open_situation(
        identity=opening.Identity(
            title="", first_name=rng.choice(first_names(rng.choice("fm"), AGE)), last_name=family, birth_date=born
        ),
        same=False,
        key=key,
        measure="",
        representatives=_parents(rng, family),
        domain="handicap",
        reason=REASON,
        by=people.camille,
        at=at,
    )
    for one in STATEMENTS:
        files.add_item(
            case=case,
            label=one.label,
            text=one.text,
            category=one.category,
            nature=one.nature,
            provenance=one.provenance,
            provenance_detail="Entretien avec les deux parents",
            origin="",
            third_parties=(),
            observed_on=clock.day_of(at),
            by=people.camille,
            at=at,
        )
    access.assign(
        case=case, membership=people.nadia, kind=Assignment.Kind.COLLEAGUE, reason=RELAY, by=people.nadia, at=at
    )
    compose(case=case, people=people, at=at)
    return case


def _parents(rng: Random, family: str) -> list[Representative]:
    kinds = ((Representative.Kind.MOTHER, "Mme", WOMEN_BORN_EARLY), (Representative.Kind.FATHER, "M.", MEN_BORN_EARLY))
    return [
        Representative(
            kind=kind, title=title, first_name=rng.choice(names), last_name=family, holds_parental_authority=True
        )
        for kind, title, names in kinds
    ]


def compose(*, case: Case, people: Cast, at: datetime | None = None) -> Draft:
    """Camille's draft to the school, the report in it: what she would like to send, and may not."""
    draft = composing.start(case=case, by=people.camille)
    known = {item.label: str(item.pk) for item in Item.objects.filter(case=case)}
    wanted = {known[one.label]: one.need for one in STATEMENTS if one.need}
    posted = QueryDict(mutable=True)
    posted.update({"purpose": PURPOSE, "recipient": str(people.lantier.pk), "benefit": BENEFIT})
    posted.update({f"{composing.NECESSITY}{pk}": need for pk, need in wanted.items()})
    posted.setlist("item", list(wanted))
    composing.keep(draft=draft, posted=posted, by=people.camille, at=at or clock.now())
    return draft


def close(*, case: Case, people: Cast) -> None:
    """Nobody follows this child any more: the visit is begun again elsewhere. What was written stays."""
    for assignment in Assignment.objects.in_force().filter(case=case):
        access.end_assignment(assignment=assignment, reason=OVER, by=people.nadia)


def tidy(*, people: Cast) -> None:
    """Take the visits of other days out of Camille's caseload, a few at a time."""
    old = Assignment.objects.in_force().filter(reason__in=(REASON, RELAY), starts_at__lt=clock.now() - KEPT)
    for assignment in old.order_by("starts_at")[:TIDIED_AT_ONCE]:
        access.end_assignment(assignment=assignment, reason=OVER, by=people.nadia)
