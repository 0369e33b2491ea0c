"""Consultations of the demonstration: Camille's, answered by one of those she asked; and one in which she is asked."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from partners.clock import day_of
from partners.models import Membership
from sharing.consulting import acts, sealing
from sharing.models import Consultation, ConsultationAct, ConsultationParticipant

from .sending import Numbers
from .situations import Situation, Tools

Kind = ConsultationAct.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked without the name, of which roles, how many days ago; and what the first of them advised, if she did."""

    to: tuple[str, ...]
    domain: str
    age_band: str
    situation: str
    question: str
    days_ago: int
    advice: str = ""


OF_CAMILLE = Question(
    to=("puericultrice_pmi", "ass_hopital", "educateur_savs"),
    domain="handicap",
    age_band="6_11",
    situation=(
        "Un enfant est fatigué après ses soins et manque une partie des cours. L’école demande pourquoi ; les parents "
        "veulent bien qu’elle sache quand, pas qu’elle sache de quoi il souffre."
    ),
    question="Comment aider l’école à s’organiser sans qu’elle se sente tenue à l’écart ?",
    days_ago=12,
    advice=(
        "Dites-lui ce qui change dans la semaine, et rien de la cause : un horaire, une consigne, une personne à joindre. "
        "Proposez que les parents le disent eux-mêmes, avec vous s’ils le souhaitent."
    ),
)
TO_CAMILLE = Question(
    to=("ass_secteur",),
    domain="personnes_agees",
    age_band="75_more",
    situation=(
        "Une personne âgée refuse toute aide à domicile depuis le décès de son conjoint. Un proche insiste pour que "
        "l’on passe outre."
    ),
    question="Comment maintenir le lien quand le proche presse et que la personne dit non ?",
    days_ago=3,
)
ASKER = "cesf_ccas"


def make(tools: Tools, *, malo: Situation, others: Sequence[Situation]) -> None:
    """Camille's, about the guided case; and one to her, by somebody of the CCAS who follows a situation."""
    references = Numbers("sharing_consultation_reference")
    _ask(tools, malo, OF_CAMILLE, references)
    theirs = next((one for one in others if one.referent.role == ASKER and not one.child), None)
    if theirs is not None:
        _ask(tools, theirs, TO_CAMILLE, references)


def _ask(tools: Tools, situation: Situation, question: Question, references: Numbers) -> None:
    author = situation.referent
    asked = _asked(tools, question, author)
    if not asked:
        return
    at = tools.calendar.at(question.days_ago, 16, 5)
    pk = uuid.uuid4()
    row = Consultation(
        pk=pk,
        reference=f"Q-{day_of(at):%Y}-{references.next():06d}",
        author=author,
        sealed_case=sealing.sealed(situation.case.pk, pk),
        domain=question.domain,
        age_band=question.age_band,
        situation=question.situation,
        question=question.question,
        opened_at=at,
    )
    decision = acts.decide_asking(author=author, participant=asked[0], knows=False, at=at)
    tools.batch.act(row, **acts.entry_of(row, asked, decision))
    tools.batch.add(*(ConsultationParticipant(consultation=row, membership=one, invited_at=at) for one in asked))
    if question.advice:
        _advised(tools, row, asked[0], question)


def _asked(tools: Tools, question: Question, author: Membership) -> list[Membership]:
    """Those of the territory who hold these roles, and who are not the author."""
    found = {
        one.role: one for one in reversed(tools.territory.memberships) if one.professional_id != author.professional_id
    }
    return [found[role] for role in question.to if role in found]


def _advised(tools: Tools, row: Consultation, who: Membership, question: Question) -> None:
    """The day after: she recognises nobody, then advises."""
    for hour, kind, action, text in (
        (9, Kind.UNKNOWN, "consultation.unknown_declared", ""),
        (10, Kind.ADVISED, "consultation.advised", question.advice),
    ):
        at = tools.calendar.at(question.days_ago - 1, hour, 15)
        act = ConsultationAct(consultation=row, kind=kind, text=text, by=who, at=at)
        tools.batch.act(act, **acts.entry_of_act(act, action))
