"""To whom: those who are tied to the situation first, then those with whom the house has an agreement, then the directory."""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from cases.models import Case, Involvement
from partners import finding
from partners.clock import day_of
from partners.models import Agreement, AgreementParty, Membership

from .models import Consent, Objection, PriorInformation, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Professionals under one heading; `more`: others would come too, that a search finds."""

    label: str
    people: list[Membership]
    more: bool = False


def recipients(*, case: Case, by: Membership, words: str, at: datetime) -> list[Found]:
    """Whom to choose from: what a search finds or, without one, the nearest first. Three statements at most."""
    everybody = finding.professionals(by=by, words=words)
    if words:
        return _groups([_shown(_("Trouvés dans l’annuaire"), everybody)])
    tied, agreed = _tied(case), _agreed(by, at)
    return _groups(
        [
            _shown(_("Déjà en lien avec cette situation"), everybody.filter(tied)),
            _shown(_("Services avec qui vous avez une convention"), everybody.filter(agreed).exclude(tied)),
            _shown(_("Dans l’annuaire"), everybody.exclude(tied).exclude(agreed)),
        ]
    )


def _groups(found: list[Found]) -> list[Found]:
    return [one for one in found if one.people]


def _shown(label: str, rows: QuerySet[Membership]) -> Found:
    people = list(rows[: finding.SHOWN + 1])
    return Found(label=label, people=people[: finding.SHOWN], more=len(people) > finding.SHOWN)


def _tied(case: Case) -> Q:
    """They take part in it now, or a word was already said about them."""
    of_case = {"case": case, "recipient": OuterRef("pk")}
    words = [Exists(model.objects.filter(**of_case)) for model in (Consent, Refusal, Objection, PriorInformation)]
    taking_part = Involvement.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=Now()), case=case, membership=OuterRef("pk")
    )
    return reduce(or_, map(Q, words), Q(Exists(taking_part)))


def _agreed(by: Membership, at: datetime) -> Q:
    """They work where an agreement with one's own house is in force."""
    today = day_of(at)
    in_force = Agreement.objects.filter(
        starts_on__lte=today, ends_on__gte=today, suspended_at__isnull=True, ended_at__isnull=True
    )
    ours = AgreementParty.objects.filter(institution=by.institution_id, agreement__in=in_force).values("agreement")
    theirs = AgreementParty.objects.filter(agreement__in=ours).exclude(institution=by.institution_id)
    return Q(institution__in=theirs.values("institution"))
