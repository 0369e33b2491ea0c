"""Database → Facts, in a constant number of statements; the only place where rows become facts."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from cases import rights
from cases.models import Case, Involvement, Item
from cases.rights import Limits
from cases.standing import Stands, Status, stands_of
from cases.standing import statuses as known_of
from consent.standing import Standing, standing
from partners import sheets
from partners.clock import day_of
from partners.models import Membership, SecrecyStatus
from partners.vocabulary import vocabulary
from sharing import between
from sharing import facts as f
from sharing.models import Call

INVOLVEMENT_CIRCUMSTANCE = {
    Involvement.Kind.CARE: "same_care",
    Involvement.Kind.CARE_TEAM: "same_care_team",
    Involvement.Kind.SOCIAL: "both_work_with_person",
    Involvement.Kind.COORDINATOR: "coordinator_designated",
}
CALLED_LATELY = timedelta(days=1)
NOTHING_LIMITED = Limits()
WITHHELD_CIRCUMSTANCE = {
    "child_interest": "exception_child_interest",
    "professional_comfort": "exception_professional_comfort",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """An item that the author would send, and why this recipient cannot do without it."""

    item: Item
    necessity: str


def party(membership: Membership, at: datetime) -> f.Party:
    """A membership as the core sees it: its role, the secrecy that is proved on that day, whether it is in force."""
    proved_on = membership.secrecy_verified_on
    proved_since = membership.is_bound and proved_on is not None and proved_on > day_of(at)
    return f.Party(
        role=membership.role,
        bound=SecrecyStatus.NONE.value if proved_since else membership.proven_status,
        ref=str(membership.pk),
        institution=str(membership.institution_id),
        in_force=membership.in_force_at(at),
    )


def subject(case: Case, stands: Stands, at: datetime) -> f.Subject:
    """The person the file is about, as she is on that day; emancipated, as an adult (C. civ. 413-6)."""
    return f.Subject(
        age=case.person.age_on(day_of(at)) if stands.minor else None,
        measure=stands.measure,
        vulnerable=stands.vulnerable,
        unable=stands.unable,
    )


def consent_facts(word: Standing, recipient: Membership, purpose: str) -> tuple[f.ConsentFact, ...]:
    """What was agreed, refused and taken back, towards this recipient, for this purpose."""
    return tuple(
        f.ConsentFact(
            state="refused" if one.state == "objected" else one.state,
            ref=str(one.ref),
            recipient=str(recipient.pk),
            purpose=purpose,
            categories=one.categories,
            valid_from=one.valid_from if one.state == "given" else None,
            valid_until=one.valid_until if one.state == "given" else None,
            said_at=one.said_at,
        )
        for one in sorted(word.words, key=lambda one: (one.said_at, str(one.ref), one.state))
        if not (one.state != "given" and one.categories <= word.divided)
    )


def information(word: Standing) -> f.Information:
    """What she was told beforehand; a motivated exception counts as such until it is lifted."""
    if word.withheld:
        return f.Information(state="excepted", reexamine_on=word.reexamine_on)
    if word.informed:
        return f.Information(state="done", categories=word.informed)
    return f.Information(state="not_done")


def words_circumstances(word: Standing, stands: Stands, categories: Iterable[str]) -> set[str]:
    """What the person's acts establish, and what stands for her: objection, disagreement, what was sought, who was heard."""
    concerned = frozenset(categories)
    found = set(stands.circumstances)
    if word.said("objected") & concerned - word.divided:
        found.add("person_objects")
    if stands.minor and word.divided & concerned:
        found.add("parents_known_to_disagree")
    if word.words:
        found.update(("agreement_sought", "will_sought"))
    if word.statement:
        found.add("dated_statement_of_person")
    if word.child_heard:
        found.add("child_heard")
    if word.presence_proposed:
        found.add("presence_proposed")
    if word.withheld:
        found.add(WITHHELD_CIRCUMSTANCE[word.withheld])
    return found


def involvement_circumstances(case: Case, recipient: Membership, at: datetime) -> set[str]:
    """What was recorded, by that instant, of the recipient's own work with this person."""
    return _circumstances_of(_involvements(case, recipient, at).values_list("kind", flat=True))


def _involvements(case: Case, recipient: Membership, at: datetime) -> QuerySet[Involvement]:
    over = Q(ends_at__isnull=False, ends_at__lte=at)
    return Involvement.objects.filter(case=case, membership=recipient, starts_at__lte=at).exclude(over)


def _circumstances_of(kinds: Iterable[str]) -> set[str]:
    found = {INVOLVEMENT_CIRCUMSTANCE[Involvement.Kind(kind)] for kind in kinds}
    if "same_care_team" in found:
        found.add("same_care")
    if "coordinator_designated" in found:
        found.add("both_work_with_person")
    return found


_INVOLVEMENT, _LIMITED = "involvement", "limited"


def recorded(case: Case, recipient: Membership, at: datetime) -> tuple[set[str], Limits]:
    """What was recorded by that instant: of the recipient's own work with this person, and of what she had limited.

    One statement for both, read like every fact once the person is held.
    """
    words = CharField()
    worked = _involvements(case, recipient, at).annotate(what=Value(_INVOLVEMENT, words), which=Cast("kind", words))
    limited = rights.standing(case.pk, at).annotate(
        what=Value(_LIMITED, words), which=Coalesce(Cast("item", words), Value(""))
    )
    rows = list(
        worked.order_by().values_list("what", "which").union(limited.order_by().values_list("what", "which"), all=True)
    )
    found = _circumstances_of(which for what, which in rows if what == _INVOLVEMENT)
    items = {uuid.UUID(which) if which else None for what, which in rows if what == _LIMITED}
    return found, rights.limits_of(items)


def declared(circumstances: Iterable[str]) -> set[str]:
    """Of what a professional declares, only what is hers to declare; the rest is computed or recorded."""
    known = vocabulary().circumstances
    return {code for code in circumstances if code in known and known[code].source == "declared"}


def call_circumstances(case: Case, sender: Membership, circumstances: Iterable[str], at: datetime) -> set[str]:
    """Where they called: that she called back through the official number, as her last note of a call in the day says.

    No statement where nobody called.
    """
    if "by_telephone" not in circumstances:
        return set()
    last = (
        Call.objects.filter(Q(case=case) | Q(case=None), by=sender, at__lte=at, called_at__gt=at - CALLED_LATELY)
        .order_by("-called_at", "-at")
        .values_list("called_back", flat=True)
        .first()
    )
    return {"call_back_verified"} if last else set()


def gather(
    *,
    case: Case,
    sender: Membership,
    recipient: Membership,
    purpose: str,
    chosen: Sequence[Chosen],
    circumstances: Iterable[str],
    justification: str,
    at: datetime,
    statuses: Iterable[Status] | None = None,
) -> f.Facts:
    """Everything the decision needs to know, at this instant.

    `case` comes with its person, memberships with their professional and institution; an item of another case is left
    out. Seven statements and those of `between.settings_for`, whatever the number of items and of settings; six between colleagues;
    one less where the person's `statuses` were read along with something else.
    Nothing recorded after `at` counts: what was said aloud is decided on what stood then.
    """
    settings = between.settings_for(sender=sender, recipient=recipient, purpose=purpose, at=at)
    involved, limits = recorded(case, recipient, at)
    return assemble(
        case=case,
        sender=sender,
        recipient=recipient,
        purpose=purpose,
        chosen=chosen,
        circumstances=declared(circumstances) | involved | call_circumstances(case, sender, circumstances, at),
        limits=limits,
        agreed=between.terms(sender=sender, recipient=recipient, purpose=purpose, at=at),
        settings=replace(settings, known=sheets.known(sender=sender, recipient=recipient, at=at)),
        word=standing(person=case.person_id, recipient=recipient.pk, purpose=purpose, at=at),
        stands=stands_of(case.person, known_of(case.person_id, linked_at=at) if statuses is None else statuses, at),
        justification=justification,
        at=at,
    )


def assemble(
    *,
    case: Case,
    sender: Membership,
    recipient: Membership,
    purpose: str,
    chosen: Sequence[Chosen],
    circumstances: set[str],
    agreed: between.Terms,
    settings: between.Settings,
    word: Standing,
    stands: Stands,
    justification: str,
    at: datetime,
    limits: Limits = NOTHING_LIMITED,
) -> f.Facts:
    """The facts made of what was read: `circumstances` are those declared and recorded, the others are computed here."""
    items = tuple(
        f.Item(
            category=one.item.category,
            ref=str(one.item.pk),
            nature=one.item.nature,
            necessity=one.necessity,
            origin=one.item.origin,
            third_parties=bool(one.item.third_parties),
            depositary=one.item.depositary_id == sender.pk,
            received=one.item.provenance == Item.Provenance.PARTNER,
            observed_on=one.item.observed_on,
            limited=limits.hold(one.item.pk),
        )
        for one in chosen
        if one.item.case_id == case.pk
    )
    found = circumstances | {"nominative", "dated_facts"}
    found |= words_circumstances(word, stands, (item.category for item in items))
    if not recipient.receives_for_service:
        found.add("named_recipient")
    if not agreed.in_force:
        found.add("agreement_expired")
    if recipient.role == "ess_membre":
        found.add("forum_ess")
    found |= settings.seating.circumstances
    return f.Facts(
        at=at,
        sender=party(sender, at),
        recipient=party(recipient, at),
        purpose=purpose,
        items=items,
        person=subject(case, stands, at),
        consents=consent_facts(word, recipient, purpose),
        informed=information(word),
        circumstances=frozenset(found),
        justification=justification,
        narrowed=settings.left_out(agreed),
        kept_here=settings.narrowings.kept_here,
        closed_purposes=settings.closed_purposes,
        opinion_on=settings.narrowings.opinion_on,
        at_most_days=settings.narrowings.at_most_days,
        sheet_missing=not settings.known.validated,
        sheet_unread=settings.known.validated and not settings.known.read,
    )


READ_AGAIN = frozenset(
    {"person_objects", "parents_known_to_disagree", "minor_objects", "address_protected", "agreement_expired"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """What stands when something that left is read again (`sharing.again`)."""

    word: Standing
    agreed: between.Terms
    settings: between.Settings
    stands: Stands
    limits: Limits


def read_again(*, stored: f.Facts, now: Now, recipient: Membership, at: datetime) -> f.Facts:
    """The stored facts, with what stands now in place of what stood then.

    An opinion that is asked since, or a shorter reading, is for what leaves next. The author's place stays what it was: that
    she has since left takes nothing from the recipient. So does whether their missions were known: that is for before. And so
    does the person's age: what a text let pass about a child was let pass; what others agreed to for her is another matter.
    """
    found = words_circumstances(now.word, now.stands, (item.category for item in stored.items)) & READ_AGAIN
    if not now.agreed.in_force:
        found.add("agreement_expired")
    told = information(now.word)
    limited = {str(one) for one in now.limits.items}
    # A measure opens what its representative reads, and closes it when it ends.
    person = stored.person if stored.person.is_minor else replace(stored.person, measure=now.stands.measure)
    return replace(
        stored,
        at=at,
        person=person,
        items=tuple(replace(one, limited=now.limits.whole or one.ref in limited) for one in stored.items),
        recipient=party(recipient, at),
        consents=consent_facts(now.word, recipient, stored.purpose),
        # What she was told cannot become untold: an exception noted since is for what leaves next.
        informed=told if told.state == "done" else stored.informed,
        circumstances=(stored.circumstances - READ_AGAIN) | found,
        narrowed=now.settings.left_out(now.agreed),
        kept_here=now.settings.narrowings.kept_here,
        closed_purposes=now.settings.closed_purposes,
    )
