"""What the person asked of what is written, in the demonstration: a correction that reached its reader, a limitation, a dissent.

Written as `cases.rights` and `cases.dissent` do, on the guided case; nothing of what the guided way sends is touched.
"""

from datetime import datetime, timedelta

from django.urls import reverse

from cases import dissent, rights
from cases.models import DissentNote, Item, Limitation, Rectification, RectificationAnswer
from sharing.models import DisclosedItem, Disclosure, Outbox

from .situations import Situation, Tools

TRANSPORT, HOUSING, HYPOTHESIS = "Frais de transport", "Logement trop petit", "Hypothèse sur la fatigue"
CLASSROOM = "Ce qui l’aide en classe"
ASKED_AGO, ANSWERED_AGO, LIMITED_AGO, NOTED_AGO, WAITS_SINCE = (timedelta(days=days) for days in (19, 15, 40, 12, 9))
WRONG = "« Ce n’est plus 64 €. Depuis septembre la carte est moins chère : c’est 48 € par mois. »"
CORRECTED = "48 € par mois depuis septembre, carte d’abonnement vue le jour de la demande."
READS_ALOUD = "« À la maison il lit à voix haute, si le texte est court. Il faudrait le dire comme ça. »"
NOT_TO_THE_LANDLORD = "« Le bailleur en a assez su. On verra quand la demande avancera. »"
SEEN_OTHERWISE = "« C’est pas la route qui me fatigue. C’est de parler devant la dame. »"


def make(tools: Tools, *, malo: Situation) -> None:
    """All of them before today; one more request waits for its answer."""
    items = {one.label: one for one in malo.items}
    for one in malo.items:
        one.case = malo.case  # nothing is written yet: nothing can be looked up
    now = tools.calendar.now
    _corrected(tools, malo, items[TRANSPORT], now)
    _limited(tools, malo, items[HOUSING], now - LIMITED_AGO)
    _seen_otherwise(tools, malo, items[HYPOTHESIS], now - NOTED_AGO)
    father, by, item, at = malo.parents[1], malo.referent, items[CLASSROOM], now - WAITS_SINCE
    tools.batch.act(
        Rectification(case=malo.case, item=item, asked_by=father, text=READS_ALOUD, at=at, by=by),
        **rights.requested_fields(item, asked_by=father, by=by, at=at),
    )


def _corrected(tools: Tools, malo: Situation, item: Item, now: datetime) -> None:
    mother, by = malo.parents[0], malo.referent
    asked_at, at = now - ASKED_AGO, now - ANSWERED_AGO
    asked = Rectification(case=malo.case, item=item, asked_by=mother, text=WRONG, at=asked_at, by=by)
    tools.batch.act(asked, **rights.requested_fields(item, asked_by=mother, by=by, at=asked_at))
    answer = RectificationAnswer(rectification=asked, accepted=True, text=CORRECTED, at=at, by=by)
    tools.batch.act(answer, **rights.answered_fields(asked, accepted=True, by=by, at=at))
    carried = {row.disclosure_id for row in tools.batch.rows(DisclosedItem) if row.item_id == item.pk}
    for disclosure in tools.batch.rows(Disclosure):
        if disclosure.pk in carried and disclosure.released_at < at:
            _letter(tools, answer, disclosure)


def _letter(tools: Tools, answer: RectificationAnswer, disclosure: Disclosure) -> None:
    """The letter of that moment, already sent: loading a demonstration writes to nobody."""
    tools.batch.add(
        Outbox(
            key=f"{Outbox.Kind.RECTIFIED}:{answer.pk.hex}:{disclosure.pk.hex}:{disclosure.recipient_id.hex}",
            kind=Outbox.Kind.RECTIFIED,
            recipient_id=disclosure.recipient_id,
            reference=disclosure.reference,
            path=reverse("sharing:received", args=[disclosure.pk]),
            created_at=answer.at,
            next_attempt_at=answer.at,
            done_at=answer.at + timedelta(seconds=2),
            attempts=1,
        )
    )


def _limited(tools: Tools, malo: Situation, item: Item, at: datetime) -> None:
    mother, by, ground = malo.parents[0], malo.referent, Limitation.Ground.OBJECTION
    tools.batch.act(
        Limitation(case=malo.case, item=item, ground=ground, asked_by=mother, text=NOT_TO_THE_LANDLORD, at=at, by=by),
        **rights.started_fields(malo.case, item, ground=ground, asked_by=mother, by=by, at=at),
    )


def _seen_otherwise(tools: Tools, malo: Situation, item: Item, at: datetime) -> None:
    by, voice = malo.referent, DissentNote.Voice.PERSON
    tools.batch.act(
        DissentNote(item=item, voice=voice, text=SEEN_OTHERWISE, at=at, by=by),
        **dissent.noted_fields(item, voice=voice, by=by, at=at),
    )
