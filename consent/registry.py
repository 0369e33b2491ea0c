"""Record the person's word: give, refuse, object, inform, withdraw. Each locks her row first, so that no disclosure slips by.

Without `at`, an act's instant is the database's, read under that lock: it falls on its own side of every disclosure.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar, cast

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from audit import ledger
from cases.files import lock_person
from cases.models import Representative
from partners import clock
from partners.clock import day_of, end_of
from partners.models import Membership
from partners.text import plain

from .collected import (
    LONGEST_DAYS,
    REEXAMINE_WITHIN_DAYS,
    TELEPHONE_DAYS,
    Collected,
    Scope,
    ScopeError,
    check,
)
from .models import Consent, Form, Invalidation, Notice, Objection, PersonsWord, PriorInformation, Refusal, Withdrawal

__all__ = ["Scope", "ScopeError", "give", "inform", "object_to", "refuse", "withdraw"]

TWICE_WITHIN = timedelta(minutes=2)

AnyWord = TypeVar("AnyWord", bound=PersonsWord)


def _pressed_twice(
    model: type[AnyWord], scope: Scope, by: Membership, at: datetime | None, said: Collected, **same: Any
) -> AnyWord | None:
    """The very same word, written down by her a moment ago and the last one since: the button was pressed twice.

    Where the act is given its instant, it is loaded, not pressed. The person is locked.
    """
    if at is not None:
        return None
    towards = {"person": scope.case.person_id, "recipient": scope.recipient.pk, "purpose": scope.purpose}
    typed = said.columns() | same
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
    scope: Scope,
    said: Collected,
    *,
    by: Membership,
    at: datetime,
    action: str,
    spoken: bool = True,
    codes: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Check, write the entry; returns the fields that every act has. The person is locked."""
    check(scope, said, at, spoken=spoken)
    entry_id = ledger.record(
        action=action,
        at=at,
        actor=by.pk,
        case=scope.case.pk,
        refs={"person": scope.case.person_id, "recipient": scope.recipient.pk, "sitting": said.sitting},
        codes={
            "purpose": scope.purpose,
            "categories": sorted(scope.categories),
            **said.codes(at),
            **(codes or {}),
        },
        personal={"recipient": str(scope.recipient), **said.personal(), **(personal or {})},
    )
    return {
        "person_id": scope.case.person_id,
        "case": scope.case,
        "recipient": scope.recipient,
        "purpose": scope.purpose,
        "categories": sorted(scope.categories),
        **said.columns(),
        "sitting": said.sitting,
        "collected_by": by,
        "recorded_at": at,
        "entry_id": entry_id,
    }


@transaction.atomic
def give(
    *,
    scope: Scope,
    notice: Notice,
    valid_until: date,
    by: Membership,
    at: datetime | None = None,
    **word: Any,
) -> Consent:
    """Record an agreement, from now (never from before it was recorded) to the end of `valid_until`.

    Six months at most, ninety days by telephone. `word` is how it was collected (`collected.Collected`): given_by,
    collected_on, form, and what goes with them. Raises ScopeError with a sentence for the user.
    """
    lock_person(scope.case.person_id)
    said = Collected(notice=notice, **word).made_plain()
    if (again := _pressed_twice(Consent, scope, by, at, said, valid_until=end_of(valid_until))) is not None:
        return again
    at = at or clock.now()
    longest = TELEPHONE_DAYS if said.form == Form.TELEPHONE else LONGEST_DAYS
    today = day_of(at)
    if valid_until < today:
        raise ScopeError(_("La fin de l’accord ne peut pas être déjà passée."))
    if valid_until > today + timedelta(days=longest):
        raise ScopeError(
            _("Cet accord peut durer %(days)d jours au plus ; il pourra être renouvelé.") % {"days": longest}
        )
    fields = _common(scope, said, by=by, at=at, action="consent.given", codes={"valid_until": valid_until.isoformat()})
    return Consent.objects.create(**fields, valid_from=at, valid_until=end_of(valid_until))


Told = Callable[[PersonsWord], None]
_told: list[Told] = []


def tell_too(one: Told) -> None:
    """Have a refusal or an objection told, in its own transaction, to what stands above: what it closes is not known here."""
    if one not in _told:
        _told.append(one)


def _said(row: AnyWord) -> AnyWord:
    for one in _told:
        one(row)
    return row


@transaction.atomic
def refuse(*, scope: Scope, by: Membership, at: datetime | None = None, **word: Any) -> Refusal:
    """Record a refusal, neutrally; `word` as for `give`, with the notice that was read. Raises ScopeError."""
    lock_person(scope.case.person_id)
    said = Collected(**word).made_plain()
    if (again := _pressed_twice(Refusal, scope, by, at, said)) is not None:
        return again
    return _said(Refusal.objects.create(**_common(scope, said, by=by, at=at or clock.now(), action="consent.refused")))


@transaction.atomic
def object_to(*, scope: Scope, by: Membership, at: datetime | None = None, **word: Any) -> Objection:
    """Record that the person opposes a disclosure which needs no agreement (CSP L1110-4 IV). Raises ScopeError."""
    lock_person(scope.case.person_id)
    said = Collected(**word).made_plain()
    if (again := _pressed_twice(Objection, scope, by, at, said)) is not None:
        return again
    fields = _common(scope, said, by=by, at=at or clock.now(), action="objection.recorded")
    return _said(Objection.objects.create(**fields))


@transaction.atomic
def inform(
    *,
    scope: Scope,
    by: Membership,
    at: datetime | None = None,
    withheld: str = "",
    withheld_reason: str = "",
    decided_with: str = "",
    reexamine_on: date | None = None,
    child_heard: bool = False,
    presence_proposed: bool = False,
    **word: Any,
) -> PriorInformation:
    """Record that she, or those who represent her, were told beforehand; or why not, and when that is looked at again.

    An exception is decided with a colleague, by name or function, and holds until she is told of the same categories
    (`consent.withheld`). Raises ScopeError where it has no reason, no colleague or no date within fifteen days, and where
    a child was heard without a word on what he understood (law.md, 3.2 and 3.5).
    """
    lock_person(scope.case.person_id)
    said = Collected(**word).made_plain()
    told = {
        "exception": withheld,
        "exception_reason": plain(withheld_reason),
        "decided_with": plain(decided_with) if withheld else "",
        "reexamine_on": reexamine_on if withheld else None,
        "child_heard": child_heard,
        "presence_proposed": presence_proposed,
    }
    if (again := _pressed_twice(PriorInformation, scope, by, at, said, **told)) is not None:
        return again
    at = at or clock.now()
    if withheld:
        _check_exception(told, day_of(at))
    if child_heard and not said.understanding:
        raise ScopeError(_("Notez en quelques mots comment l’enfant a compris, et ce qu’il en dit."))
    fields = _common(
        scope,
        said,
        by=by,
        at=at,
        action="information.withheld" if withheld else "information.given",
        spoken=not withheld,
        codes={"withheld": withheld, "child_heard": child_heard},
        personal={"reason": told["exception_reason"], "decided_with": told["decided_with"]},
    )
    return PriorInformation.objects.create(**fields, **told)


def _check_exception(told: dict[str, Any], today: date) -> None:
    if not told["exception_reason"]:
        raise ScopeError(_("Dites quel risque précis l’information ferait courir."))
    if not told["decided_with"]:
        raise ScopeError(
            _("Dites avec qui c’est décidé : un nom ou une fonction. On ne diffère pas seul une information.")
        )
    latest = today + timedelta(days=REEXAMINE_WITHIN_DAYS)
    if told["reexamine_on"] is None or not today <= told["reexamine_on"] <= latest:
        raise ScopeError(_("L’information est différée, pas supprimée : réexaminez sous 15 jours au plus."))


@transaction.atomic
def withdraw(
    *,
    consent: Consent,
    form: str,
    own_words: str,
    by: Membership,
    given_by: Representative | None = None,
    at: datetime | None = None,
) -> Withdrawal:
    """Record that the person takes her agreement back, at once; a second withdrawal returns the first.

    `given_by`: the representative who took back what she had given; None where it is the person herself. A withdrawal that was
    recorded in error took nothing back: the next one is another.

    What she takes back is heard however she says it, on the telephone too: « ne pas contacter » keeps from calling her, never from
    listening to her.

    Without `at`, the instant is the database's, read under the lock: every disclosure is before it or refused.
    What closes and who is told is done in `sharing.withdrawal.withdraw`, in the same transaction.
    """
    lock_person(consent.person_id)
    existing = withdrawal_of(consent)
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
        personal={
            "own_words": own_words,
            "recipient": str(consent.recipient),
            "given_by": str(given_by) if given_by else "",
        },
    )
    return Withdrawal.objects.create(
        consent=consent,
        withdrawn_at=at,
        form=form,
        recorded_by=by,
        own_words=own_words,
        given_by=given_by,
        entry_id=entry_id,
    )


def withdrawal_of(consent: Consent) -> Withdrawal | None:
    """That it was taken back, unless this was recorded in error."""
    mistaken = Invalidation.objects.filter(withdrawal=OuterRef("pk"))
    return Withdrawal.objects.filter(~Exists(mistaken), consent=consent).first()
