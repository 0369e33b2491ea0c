"""The person's word in the demonstration: the same rows and entries as `consent.registry` writes, many at a time."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from cases.models import Case, Representative
from consent.collected import OWN_LANGUAGE, Collected
from consent.models import Consent, Notice, Objection, PriorInformation, Refusal, Withdrawal
from consent.standing import Standing, State, Word
from partners.clock import day_of, end_of
from partners.models import Membership

from .batch import Batch

YES = (
    "D’accord pour ça, pas plus.",
    "Oui, si ça m’évite un rendez-vous de plus.",
    "Vous pouvez leur dire, je vous fais confiance là-dessus.",
    "C’est moi qui vous l’ai demandé, alors oui.",
    "Oui, mais montrez-moi ce que vous écrivez.",
)
NO = (
    "Je préfère le dire moi-même.",
    "Non. Ils n’ont pas besoin de savoir ça.",
    "Pas maintenant, on verra après l’audience.",
    "Je connais quelqu’un qui travaille là-bas, donc non.",
)
BACK = (
    "Finalement je ne veux plus, c’est allé trop loin.",
    "J’ai eu ma réponse, ils n’ont plus besoin de rien.",
    "Je retire mon accord, je n’ai pas à dire pourquoi.",
)
TOLD = (
    "D’accord, j’ai compris.",
    "Merci de me l’avoir dit avant.",
    "Je n’ai rien à cacher, mais je suis content·e de le savoir.",
    "",
)
OPPOSED = ("Je ne veux pas qu’ils échangent sur moi.", "Non, ça reste entre vous et moi.")
WITNESSES = ("Mme Sow, sa voisine", "M. Petit, éducateur", "Mme Arnaud, secrétaire du service")
UNDERSTOOD = "Il a compris à qui c’est dit et pourquoi ; il préfère que ce soit la directrice."
COLLEAGUE = "Mme Benali, responsable d’équipe"
CONDITIONS = ("", "", "", "Relire le texte avant l’envoi", "Pas par téléphone", "Ne pas le dire devant les autres")


class Heard:
    """What is said about one recipient and one purpose, and where it stands at an instant."""

    def __init__(
        self, *, batch: Batch, rng: Random, notice: Notice, information: Notice, case: Case, recipient: Membership, purpose: str,
        categories: Sequence[str], speaker: Representative | None, by: Membership,
    ) -> None:  # fmt: skip
        self._batch, self._rng, self._notice = batch, rng, notice
        self._information = information
        self._case, self._recipient, self._purpose, self._by = case, recipient, purpose, by
        self.categories = sorted(set(categories))
        self.speaker = speaker
        self._words: list[Word] = []
        self._told: list[PriorInformation] = []
        self._statement_at: list[datetime] = []

    def _act(
        self, model: Any, *, action: str, at: datetime, own_words: str, form: str, collected_on: date, late_reason: str,
        speaker: Representative | None, codes: dict[str, Any], personal: dict[str, Any], fields: dict[str, Any],
        notice: Notice | None = None, conditions: str = "", understanding: str = "",
    ) -> Any:  # fmt: skip
        said = Collected(
            given_by=speaker,
            collected_on=collected_on,
            form=form,
            own_words=own_words,
            late_reason=late_reason,
            conditions=conditions,
            language=OWN_LANGUAGE if form else "",
            witness=WITNESSES[len(own_words) % len(WITNESSES)],
            called_back=True,
            understanding=understanding,
            notice=notice,
        ).made_plain()
        row = model(
            person_id=self._case.person_id,
            case=self._case,
            recipient=self._recipient,
            purpose=self._purpose,
            categories=self.categories,
            **said.columns(),
            sitting=said.sitting,
            collected_by=self._by,
            recorded_at=at,
            **fields,
        )
        self._batch.act(
            row,
            action=action,
            at=at,
            actor=self._by.pk,
            case=self._case.pk,
            refs={"person": self._case.person_id, "recipient": self._recipient.pk, "sitting": said.sitting},
            codes={"purpose": self._purpose, "categories": self.categories, **said.codes(at), **codes},
            personal={"recipient": str(self._recipient), **said.personal(), **personal},
        )
        return row

    def _said(self, state: State, row: Any, at: datetime, speaker: Representative | None) -> None:
        given = state == "given"
        self._words.append(
            Word(
                state=state,
                ref=row.pk,
                speaker=speaker.pk if speaker else None,
                categories=frozenset(self.categories),
                said_at=at,
                valid_from=row.valid_from if given else None,
                valid_until=row.valid_until if given else None,
            )
        )

    def agrees(
        self, *, at: datetime, days: int, form: str, late: bool = False, speaker: Representative | None = None
    ) -> Consent:
        """She agrees, until so many days later."""
        speaker = speaker or self.speaker
        collected_on = day_of(at) - timedelta(days=2 if late else 0)
        valid_until = day_of(at) + timedelta(days=days)
        conditions = self._rng.choice(CONDITIONS)
        own_words = self._rng.choice(YES)
        row: Consent = self._act(
            Consent,
            action="consent.given",
            at=at,
            own_words=own_words,
            form=form,
            collected_on=collected_on,
            late_reason="Formulaire signé rapporté après la visite" if late else "",
            speaker=speaker,
            codes={"valid_until": valid_until.isoformat()},
            personal={},
            fields={
                "valid_from": at,
                "valid_until": end_of(valid_until).astimezone(UTC),
            },
            notice=self._notice,
            conditions=conditions,
        )
        self._said("given", row, at, speaker)
        self._statement_at.append(at)
        return row

    def refuses(self, *, at: datetime, form: str, speaker: Representative | None = None) -> Refusal:
        """She refuses."""
        speaker = speaker or self.speaker
        row: Refusal = self._plain(
            Refusal, "consent.refused", at, self._rng.choice(NO), form, speaker, notice=self._notice
        )
        self._said("refused", row, at, speaker)
        self._statement_at.append(at)
        return row

    def objects(self, *, at: datetime, form: str) -> Objection:
        """She opposes what a text would let pass without her agreement."""
        row: Objection = self._plain(
            Objection, "objection.recorded", at, self._rng.choice(OPPOSED), form, self.speaker, notice=self._information
        )
        self._said("objected", row, at, self.speaker)
        self._statement_at.append(at)
        return row

    def _plain(
        self, model: Any, action: str, at: datetime, own_words: str, form: str, speaker: Representative | None, *,
        notice: Notice,
    ) -> Any:  # fmt: skip
        return self._act(
            model, action=action, at=at, own_words=own_words, form=form, collected_on=day_of(at), late_reason="",
            speaker=speaker, codes={}, personal={}, fields={}, notice=notice,
        )  # fmt: skip

    def is_told(
        self,
        *,
        at: datetime,
        form: str,
        withheld: str = "",
        reason: str = "",
        child_heard: bool = False,
        presence_proposed: bool = False,
    ) -> PriorInformation:
        """She is told beforehand; or not told, for a reason, until it is looked at again a fortnight later."""
        reexamine_on = day_of(at) + timedelta(days=14) if withheld else None
        row: PriorInformation = self._act(
            PriorInformation,
            action="information.withheld" if withheld else "information.given",
            at=at,
            own_words="" if withheld else self._rng.choice(TOLD),
            form="" if withheld else form,
            collected_on=day_of(at),
            late_reason="",
            speaker=None if withheld else self.speaker,
            codes={"withheld": withheld, "child_heard": child_heard},
            personal={"reason": reason, "decided_with": COLLEAGUE if withheld else ""},
            fields={
                "exception": withheld,
                "exception_reason": reason,
                "decided_with": COLLEAGUE if withheld else "",
                "reexamine_on": reexamine_on,
                "child_heard": child_heard,
                "presence_proposed": presence_proposed,
            },
            notice=None if withheld else self._information,
            understanding=UNDERSTOOD if child_heard else "",
        )
        self._told.append(row)
        return row

    def takes_back(self, consent: Consent, *, at: datetime, form: str) -> Withdrawal:
        """She takes an agreement back; what was sent under it is closed, its readers are told."""
        own_words = self._rng.choice(BACK)
        row = Withdrawal(consent=consent, withdrawn_at=at, form=form, recorded_by=self._by, own_words=own_words)
        self._batch.act(
            row,
            action="consent.withdrawn",
            at=at,
            actor=self._by.pk,
            case=self._case.pk,
            refs={"person": consent.person_id, "recipient": consent.recipient_id, "consent": consent.pk},
            codes={"purpose": consent.purpose, "categories": consent.categories, "form": form},
            personal={"own_words": own_words, "recipient": str(self._recipient), "given_by": ""},
        )
        return row

    def standing(self, at: datetime) -> Standing:
        """Her word at this instant, as `consent.standing.standing` reads it: each speaker's last word holds."""
        last = {word.speaker: word for word in self._words if word.said_at <= at}
        told = [row for row in self._told if row.recorded_at <= at]
        informed = {c for word in self._words if word.state == "given" and word.said_at <= at for c in word.categories}
        informed.update(c for row in told if not row.exception for c in row.categories)
        return Standing(
            words=tuple(last.values()),
            informed=frozenset(informed),
            withheld=told[-1].exception if told else "",
            reexamine_on=told[-1].reexamine_on if told else None,
            child_heard=any(row.child_heard for row in told),
            presence_proposed=any(row.presence_proposed for row in told),
            statement=any(said <= at for said in self._statement_at),
        )
