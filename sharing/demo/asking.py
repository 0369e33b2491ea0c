"""Requests of the demonstration: one that waits, one that was answered no, one that was stopped; and two that wait for Camille.

Decided by the core in the direction of the answer, and written as `sharing.asking` does.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse

from cases.models import Involvement
from consent.standing import Standing
from partners.clock import day_of
from partners.models import Membership
from sharing import editions, gather
from sharing.asking import acts, answering
from sharing.asking.deciding import Wish, assemble
from sharing.decision import decide
from sharing.models import InformationRequest, Outbox, RequestAct
from sharing.outcome import DENY

from .sending import Numbers
from .situations import Situation, Tools
from .words import Heard

Kind = RequestAct.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What one asks of another, and what became of it; days are counted back from today, and before it where negative."""

    to: str
    purpose: str
    categories: tuple[str, ...]
    decision: str
    own_role: str
    agreed: int | None  # days ago; None: nobody was asked for an agreement
    asked: int
    needed: int
    opened: int | None = None
    declined: int | None = None
    recorded: tuple[str, ...] = ()  # what is recorded of the work of the one asked with the person


WAITING = Question(
    to="medecin_scolaire",
    purpose="suivi_medico_social",
    categories=("sante_fonctionnel",),
    decision="La demande d’aide au transport se dépose à la fin du mois : sans savoir ce que Malo supporte, elle reste vague.",
    own_role="Référente de Malo : je prépare la demande avec ses parents.",
    agreed=6,
    asked=4,
    needed=-3,
    recorded=(Involvement.Kind.CARE,),
)
DECLINED = Question(
    to="cesf_ccas",
    purpose="acces_droits",
    categories=("ressources_budget",),
    decision="Le reste à charge du transport décide du montant de l’aide demandée au Département.",
    own_role="Référente de Malo : j’instruis la demande d’aide avec ses parents.",
    agreed=24,
    asked=20,
    needed=8,
    opened=19,
    declined=18,
)
STOPPED = Question(
    to="directeur_ecole",
    purpose="flux_automatique",
    categories=("besoins_scolaires",),
    decision="Recevoir chaque semaine un point sur les absences.",
    own_role="Référente de Malo.",
    agreed=None,
    asked=9,
    needed=2,
)
TO_CAMILLE = Question(
    to="ass_secteur",
    purpose="acces_droits",
    categories=("situation_admin",),
    decision="L’aide facultative du CCAS se décide en commission : il manque de savoir si un autre droit a été demandé.",
    own_role="Je suis la demande d’aide facultative de cette personne.",
    agreed=7,
    asked=5,
    needed=1,
)
TO_CAMILLE_TOO = Question(
    to="ass_secteur",
    purpose="acces_droits",
    categories=("logement",),
    decision="L’élection de domicile se renouvelle en fin de mois : il manque de savoir si elle est déjà faite ailleurs.",
    own_role="J’instruis le renouvellement avec cette personne.",
    agreed=4,
    asked=3,
    needed=4,
)
ASKER = "cesf_ccas"


def make(tools: Tools, *, malo: Situation, others: Sequence[Situation]) -> None:
    """Camille's requests on the guided case; and two to her, on a situation of the CCAS where there is one."""
    references = Numbers("sharing_request_reference")
    for question in (DECLINED, STOPPED, WAITING):
        _ask(tools, malo, question, references)
    theirs = next((one for one in others if one.referent.role == ASKER and not one.child), None)
    if theirs is not None:
        for question in (TO_CAMILLE, TO_CAMILLE_TOO):
            _ask(tools, theirs, question, references)


def _ask(tools: Tools, situation: Situation, question: Question, references: Numbers) -> None:
    asker, asked = situation.referent, tools.territory.first(question.to)
    at = tools.calendar.at(question.asked, 11, 20)
    wish = Wish(
        case=situation.case,
        asked=asked,
        purpose=question.purpose,
        categories=question.categories,
        decision_at_stake=question.decision,
        own_role=question.own_role,
        needed_on=tools.calendar.day(question.needed),
    )
    stopped = acts.refused_at_once(purpose=wish.purpose, texts=(wish.decision_at_stake, wish.own_role))
    facts = decision = None
    if not stopped:
        facts = assemble(
            wish=wish,
            asker=asker,
            agreed=tools.agreed.terms(sender=asked, recipient=asker, purpose=wish.purpose, at=at),
            settings=tools.local.settings(sender=asked, recipient=asker, purpose=wish.purpose, at=at),
            word=_her_word(tools, situation, question, asker),
            stands=situation.stands(at),
            recorded={gather.INVOLVEMENT_CIRCUMSTANCE[Involvement.Kind(kind)] for kind in question.recorded},
            at=at,
        )
        decision = decide(facts)
        stopped = acts.NOT_PERMITTED if decision.verdict == DENY else ""
    row = acts.row_of(
        key=uuid.uuid4(),
        reference=f"D-{day_of(at):%Y}-{references.next():06d}",
        wish=wish,
        stopped=stopped,
        by=asker,
        at=at,
        facts=facts,
        decision=decision,
        edition=editions.current() if decision else None,
    )
    tools.batch.act(row, **acts.entry_of(row, decision))
    if not stopped:
        _letter(tools, row, Outbox.Kind.REQUEST_WAITING, "request_waiting", asked, question.asked)
        _answer(tools, row, question, asked)


def _her_word(tools: Tools, situation: Situation, question: Question, asker: Membership) -> Standing:
    """What the person, or a parent, agreed that the one asked tells the asker."""
    heard = Heard(
        batch=tools.batch,
        rng=tools.rng,
        notice=tools.notice,
        information=tools.information,
        case=situation.case,
        recipient=asker,
        purpose=question.purpose,
        categories=list(question.categories),
        speaker=situation.parents[0] if situation.child else None,
        by=asker,
    )
    if question.agreed is not None:
        heard.agrees(at=tools.calendar.at(question.agreed, 10, 5), days=120, form="in_person")
    return heard.standing(tools.calendar.at(question.asked, 11, 20))


def _answer(tools: Tools, row: InformationRequest, question: Question, asked: Membership) -> None:
    for days_ago, kind, action in (
        (question.opened, Kind.OPENED, "request.opened"),
        (question.declined, Kind.DECLINED, "request.declined"),
    ):
        if days_ago is None:
            continue
        at = tools.calendar.at(days_ago, 9, 40)
        act = RequestAct(request=row, kind=kind, by=asked, at=at)
        tools.batch.act(act, **answering.entry_of(row, action=action, by=asked, at=at))
        if kind in RequestAct.ENDING:
            _letter(tools, row, Outbox.Kind.REQUEST_ENDED, "request_ended", row.asker, days_ago)


def _letter(tools: Tools, row: InformationRequest, kind: str, key: str, to: Membership, days_ago: int) -> None:
    """The letter of that day, already sent: loading a demonstration writes to nobody."""
    at = tools.calendar.at(days_ago, 11, 20)
    tools.batch.add(
        Outbox(
            key=f"{key}:{row.pk}",
            kind=kind,
            recipient_id=to.pk,
            reference=row.reference,
            path=reverse("sharing:request", args=[row.pk]),
            created_at=at,
            next_attempt_at=at,
            done_at=at + timedelta(seconds=2),
            attempts=1,
        )
    )
