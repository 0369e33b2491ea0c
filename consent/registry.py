"""Record the person's word: give, refuse, object, inform, withdraw. Each locks her row first, so that no disclosure slips by.

Without `at`, an act's instant is the database's, read under that lock: it falls on its own side of every disclosure.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar, cast

from django.db import transaction
from django.utils.translation import gettext as _

from audit import ledger
from cases.files import lock_person
from cases.models import Case, Representative
from partners import clock
from partners.clock import day_of, end_of
from partners.models import Membership
from partners.text import plain
from partners.vocabulary import vocabulary

from .models import Consent, Notice, Objection, PersonsWord, PriorInformation, Refusal, Withdrawal

LONGEST_DAYS = 183
TELEPHONE_DAYS = 90
LATE_AFTER_DAYS = 30
REEXAMINE_WITHIN_DAYS = 15
TWICE_WITHIN = timedelta(minutes=2)

AnyWord = TypeVar("AnyWord", bound=PersonsWord)


class ScopeError(ValueError):
    """The scope or the dates cannot be recorded; the message says what to do, in the user's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose word, towards whom, for what, about what; compared exactly, and empty covers nothing."""

    case: Case
    recipient: Membership
    purpose: str
    categories: Sequence[str]


def _checked(scope: Scope, given_by: Representative | None, collected_on: date, late_reason: str, at: datetime) -> None:
    today = day_of(at)
    words = vocabulary()
    if scope.purpose not in words.purposes:
        raise ScopeError(_("Dites pour quoi faire : choisissez une finalité."))
    if not set(scope.categories) <= words.categories.keys():
        raise ScopeError(_("Choisissez, dans la liste, les sortes d’information."))
    if given_by is not None and given_by.person_id != scope.case.person_id:
        raise ScopeError(_("Choisissez, dans la liste, qui s’est exprimé."))
    if not scope.categories:
        raise ScopeError(_("Choisissez au moins une catégorie d’informations : un accord vide ne couvre rien."))
    if collected_on > today:
        raise ScopeError(_("La date à laquelle la personne s’est exprimée ne peut pas être dans l’avenir."))
    if collected_on < today - timedelta(days=LATE_AFTER_DAYS):
        raise ScopeError(_("Sa parole date de plus de 30 jours : demandez-lui à nouveau avant de l’enregistrer."))
    if collected_on < today and not late_reason:
        raise ScopeError(_("Dites pourquoi vous l’enregistrez après coup : l’enregistrement portera cette mention."))


def _pressed_twice(
    model: type[AnyWord], scope: Scope, by: Membership, at: datetime | None, word: dict[str, Any], **same: Any
) -> AnyWord | None:
    """The very same word, written down by her a moment ago and the last one since: the button was pressed twice.

    Where the act is given its instant, it is loaded, not pressed. The person is locked.
    """
    if at is not None:
        return None
    towards = {"person": scope.case.person_id, "recipient": scope.recipient.pk, "purpose": scope.purpose}
    typed = {name: plain(one) if isinstance(one, str) else one for name, one in (word | same).items()}
    earlier = (
        model._default_manager.filter(
            **towards, **typed, case=scope.case, categories=sorted(scope.categories), collected_by=by
        )
        .filter(recorded_at__gt=clock.now() - TWICE_WITHIN)
        .first()
    )
    if earlier is None:
        return None
    words = (Consent, Refusal, Objection, PriorInformation)
    later = any(one.objects.filter(**towards, recorded_at__gt=earlier.recorded_at).exists() for one in words)
    taken_back = Withdrawal.objects.filter(
        withdrawn_at__gte=earlier.recorded_at, **{f"consent__{name}": one for name, one in towards.items()}
    )
    return None if later or taken_back.exists() else cast(AnyWord, earlier)


def _common(
    *,
    scope: Scope,
    given_by: Representative | None,
    collected_on: date,
    form: str,
    own_words: str,
    late_reason: str,
    by: Membership,
    at: datetime,
    action: str,
    codes: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Check, write the entry; returns the fields that every act has. The person is locked."""
    own_words, late_reason = plain(own_words), plain(late_reason)
    _checked(scope, given_by, collected_on, late_reason, at)
    entry_id = ledger.record(
        action=action,
        at=at,
        actor=by.pk,
        case=scope.case.pk,
        refs={"person": scope.case.person_id, "recipient": scope.recipient.pk},
        codes={
            "purpose": scope.purpose,
            "categories": sorted(scope.categories),
            "form": form,
            "collected_on": collected_on.isoformat(),
            **(codes or {}),
        },
        personal={
            "own_words": own_words,
            "recipient": str(scope.recipient),
            "given_by": str(given_by) if given_by else "",
            **(personal or {}),
        },
    )
    return {
        "person_id": scope.case.person_id,
        "case": scope.case,
        "recipient": scope.recipient,
        "purpose": scope.purpose,
        "categories": sorted(scope.categories),
        "given_by": given_by,
        "collected_by": by,
        "collected_on": collected_on,
        "form": form,
        "own_words": own_words,
        "late_reason": late_reason,
        "recorded_at": at,
        "entry_id": entry_id,
    }


@transaction.atomic
def give(
    *,
    scope: Scope,
    notice: Notice,
    valid_until: date,
    conditions: str,
    by: Membership,
    at: datetime | None = None,
    evidence: bytes = b"",
    **word: Any,
) -> Consent:
    """Record an agreement, from now (never from before it was recorded) to the end of `valid_until`.

    Six months at most, ninety days by telephone. `word` is what every act has: given_by, collected_on, form, own_words,
    late_reason. Raises ScopeError with a sentence for the user.
    """
    lock_person(scope.case.person_id)
    terms = {"valid_until": end_of(valid_until), "conditions": conditions}
    if (again := _pressed_twice(Consent, scope, by, at, word, **terms)) is not None:
        return again
    at = at or clock.now()
    longest = TELEPHONE_DAYS if word["form"] == "telephone" else LONGEST_DAYS
    today = day_of(at)
    if valid_until < today:
        raise ScopeError(_("La fin de l’accord ne peut pas être déjà passée."))
    if valid_until > today + timedelta(days=longest):
        raise ScopeError(
            _("Cet accord peut durer %(days)d jours au plus ; il pourra être renouvelé.") % {"days": longest}
        )
    digest = hashlib.sha256(evidence).hexdigest() if evidence else ""
    if digest and Consent.objects.filter(evidence_digest=digest).exists():
        raise ScopeError(_("Ce document a déjà servi à un autre accord : chaque accord a sa propre preuve."))
    fields = _common(
        scope=scope,
        by=by,
        at=at,
        action="consent.given",
        codes={
            "valid_until": valid_until.isoformat(),
            "notice": f"{notice.code} v{notice.version}",
            "notice_digest": notice.digest,
            "late": word["collected_on"] < today,
        },
        personal={"conditions": plain(conditions)},
        **word,
    )
    return Consent.objects.create(
        **fields,
        notice=notice,
        valid_from=at,
        valid_until=end_of(valid_until),
        conditions=plain(conditions),
        evidence_digest=digest,
    )


@transaction.atomic
def refuse(*, scope: Scope, by: Membership, at: datetime | None = None, **word: Any) -> Refusal:
    """Record a refusal, neutrally; `word` as for `give` (given_by, collected_on, form, own_words, late_reason)."""
    lock_person(scope.case.person_id)
    if (again := _pressed_twice(Refusal, scope, by, at, word)) is not None:
        return again
    at = at or clock.now()
    return Refusal.objects.create(**_common(scope=scope, by=by, at=at, action="consent.refused", **word))


@transaction.atomic
def object_to(*, scope: Scope, by: Membership, at: datetime | None = None, **word: Any) -> Objection:
    """Record that the person opposes a disclosure which needs no agreement (CSP L1110-4 IV)."""
    lock_person(scope.case.person_id)
    if (again := _pressed_twice(Objection, scope, by, at, word)) is not None:
        return again
    at = at or clock.now()
    return Objection.objects.create(**_common(scope=scope, by=by, at=at, action="objection.recorded", **word))


@transaction.atomic
def inform(
    *,
    scope: Scope,
    by: Membership,
    at: datetime | None = None,
    withheld: str = "",
    withheld_reason: str = "",
    reexamine_on: date | None = None,
    child_heard: bool = False,
    presence_proposed: bool = False,
    **word: Any,
) -> PriorInformation:
    """Record that she, or those who represent her, were told beforehand; or why not, and when that is looked at again.

    Raises ScopeError where an exception has no reason or no date within fifteen days.
    """
    lock_person(scope.case.person_id)
    withheld_reason = plain(withheld_reason)
    told = {
        "exception": withheld,
        "exception_reason": withheld_reason,
        "reexamine_on": reexamine_on if withheld else None,
        "child_heard": child_heard,
        "presence_proposed": presence_proposed,
    }
    if (again := _pressed_twice(PriorInformation, scope, by, at, word, **told)) is not None:
        return again
    at = at or clock.now()
    if withheld:
        if not withheld_reason:
            raise ScopeError(_("Dites quel risque précis l’information ferait courir."))
        if reexamine_on is None or not (
            day_of(at) <= reexamine_on <= day_of(at) + timedelta(days=REEXAMINE_WITHIN_DAYS)
        ):
            raise ScopeError(_("L’information est différée, pas supprimée : réexaminez sous 15 jours au plus."))
    return PriorInformation.objects.create(
        **_common(
            scope=scope,
            by=by,
            at=at,
            action="information.withheld" if withheld else "information.given",
            codes={"withheld": withheld, "child_heard": child_heard},
            personal={"reason": withheld_reason},
            **word,
        ),
        **told,
    )


@transaction.atomic
def withdraw(*, consent: Consent, form: str, own_words: str, by: Membership, at: datetime | None = None) -> Withdrawal:
    """Record that the person takes her agreement back, at once; a second withdrawal returns the first.

    Without `at`, the instant is the database's, read under the lock: every disclosure is before it or refused.
    What closes and who is told is done in `sharing.service.withdraw`, in the same transaction.
    """
    lock_person(consent.person_id)
    existing = Withdrawal.objects.filter(consent=consent).first()
    if existing is not None:
        return existing
    at = at or clock.now()
    own_words = plain(own_words)
    entry_id = ledger.record(
        action="consent.withdrawn",
        at=at,
        actor=by.pk,
        case=consent.case_id,
        refs={"person": consent.person_id, "recipient": consent.recipient_id, "consent": consent.pk},
        codes={"purpose": consent.purpose, "categories": consent.categories, "form": form},
        personal={"own_words": own_words, "recipient": str(consent.recipient)},
    )
    return Withdrawal.objects.create(
        consent=consent,
        withdrawn_at=at,
        form=form,
        recorded_by=by,
        own_words=own_words,
        entry_id=entry_id,
    )
