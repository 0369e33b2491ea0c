"""The composition of a disclosure: what is offered, what is typed, kept at once in a draft. Nothing leaves from here."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.db import transaction
from django.db.models import Case as When
from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models import When as Branch
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Case, Involvement, Item
from consent.models import Consent, PriorInformation
from partners import finding
from partners.fields import PlainTextField
from partners.ids import ids_among
from partners.models import AgreementParty, Membership
from partners.search import normalised
from partners.vocabulary import vocabulary
from sharing import aims
from sharing.models import Disclosure, Draft, DraftItem

BENEFIT_LIMIT = 600
NECESSITY_LIMIT = 600
USUAL_PURPOSES = 6
FOUND_PURPOSES = 12
RECENT = 200
SHOWN_RECIPIENTS = 8
ANSWER = "answer-"
NECESSITY = "necessity-"
YES = "yes"


class ComposeForm(forms.Form):
    """What the page posts. Nothing is required while one types: what is missing is said when one asks to check."""

    benefit = PlainTextField(
        label=gettext_lazy("Ce que cela change pour la personne"), most=BENEFIT_LIMIT, lines=3, required=False
    )


@dataclass(frozen=True, slots=True)
class Gap:
    """Something to complete before checking: the sentence, and the field it is about."""

    text: str
    target: str


@transaction.atomic
def start(*, case: Case, by: Membership) -> Draft:
    """A new draft; the last one left empty is taken up again, so that a double click makes one."""
    empty = (
        Draft.objects.filter(
            case=case, author=by, purpose="", recipient=None, benefit="", sent_at=None, discarded_at=None
        )
        .filter(~Exists(DraftItem.objects.filter(draft=OuterRef("pk"))))
        .first()
    )
    return empty or Draft.objects.create(case=case, author=by)


def drafts_of(case: Case, *, by: Membership) -> QuerySet[Draft]:
    """One's own drafts of this case that were not given up, with who is who."""
    return (
        Draft.objects.visible_to(by)
        .filter(case=case, discarded_at__isnull=True)
        .select_related("case__person", "case__institution", "recipient__professional", "recipient__institution")
    )


def known_purpose(code: str) -> bool:
    """Whether the rulebook knows this purpose, the forbidden ones included: choosing one explains why not."""
    words = vocabulary()
    return code in words.purposes or code in words.forbidden_purposes


def wanted_items(posted: QueryDict) -> list[uuid.UUID]:
    """The items ticked, in the order of the page."""
    return ids_among(posted.getlist("item"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a draft is made of; `items` is each chosen item with its necessity, in their order."""

    purpose: str
    recipient: Membership | None
    benefit: str
    circumstances: Sequence[str]
    items: Mapping[uuid.UUID, str]


@transaction.atomic
def keep(*, draft: Draft, posted: QueryDict, by: Membership, at: datetime) -> ComposeForm:
    """Save what is typed, field by field: what cannot be understood is left as it was, the rest is kept.

    A draft that has left is not touched. Returns the form, with its errors.
    """
    form = ComposeForm(posted)
    form.full_clean()
    held = held_to_write(draft)
    if held is None:
        return form
    purpose = posted.get("purpose", "")
    recipient = recipient_of(posted.get("recipient", ""), by=by)
    _write(
        held,
        Written(
            purpose=purpose if purpose == "" or known_purpose(purpose) else held.purpose,
            recipient=recipient or (held.recipient if posted.get("recipient") else None),
            benefit=form.cleaned_data.get("benefit", held.benefit),
            circumstances=_answers(posted, held.circumstances),
            items=_typed_items(held, posted),
        ),
        at,
    )
    _show(draft, held)
    return form


@transaction.atomic
def write(*, draft: Draft, written: Written, by: Membership, at: datetime) -> bool:
    """Make the draft what is written, whole. False, and nothing is written, where it has left or was given up.

    `by` is its author; an item that is not of its case, a purpose or a circumstance that the rulebook does not know is left out.
    """
    held = held_to_write(draft)
    if held is None or held.author_id != by.pk:
        return False
    _write(held, written, at)
    _show(draft, held)
    return True


def held_to_write(draft: Draft) -> Draft | None:
    """The draft, held until the transaction ends; None where it has left, or was given up."""
    held = Draft.objects.select_for_update(no_key=True, of=("self",)).get(pk=draft.pk)
    return held if held.sent_at is None and held.discarded_at is None else None


def give_up(*, draft: Draft, by: Membership, at: datetime) -> bool:
    """Give a draft up: it stays, dated, and shows no more. False where it has left.

    In one statement: a draft that is leaving at this instant is not given up.
    """
    found = Draft.objects.filter(pk=draft.pk, author=by, sent_at=None, discarded_at=None)
    return found.update(discarded_at=at) == 1


WRITTEN = ("purpose", "recipient", "benefit", "circumstances", "saved_at")


def _write(held: Draft, written: Written, at: datetime) -> None:
    if written.purpose == "" or known_purpose(written.purpose):
        held.purpose = written.purpose
    held.recipient = written.recipient
    held.benefit = written.benefit
    held.circumstances = sorted(set(written.circumstances) & declared())
    held.saved_at = at
    held.save(update_fields=list(WRITTEN))
    _keep_items(held, written.items)


def _show(draft: Draft, held: Draft) -> None:
    for name in WRITTEN:
        setattr(draft, name, getattr(held, name))


def recipient_of(value: str, *, by: Membership) -> Membership | None:
    """Somebody of the directory who is not oneself, by her id; None for anything else."""
    try:
        pk = uuid.UUID(value)
    except ValueError:
        return None
    return (
        Membership.objects.visible_to(by)
        .exclude(professional=by.professional_id)
        .select_related("professional", "institution")
        .filter(pk=pk)
        .first()
    )


def _answers(posted: Mapping[str, str], before: list[str]) -> list[str]:
    """The declared circumstances: an answer given replaces the one before, a question not asked keeps its own."""
    answered = {name.removeprefix(ANSWER): value for name, value in posted.items() if name.startswith(ANSWER)}
    kept = {code for code in before if code not in answered}
    return sorted((kept | {code for code, value in answered.items() if value == YES}) & declared())


def declared() -> set[str]:
    """The circumstances that an author declares."""
    return {code for code, word in vocabulary().circumstances.items() if word.source == "declared"}


def _typed_items(draft: Draft, posted: QueryDict) -> dict[uuid.UUID, str]:
    """The items that are ticked, each with its necessity (as it was where its text is too long)."""
    field = necessity_field()
    before = dict(DraftItem.objects.filter(draft=draft).values_list("item", "necessity"))
    found: dict[uuid.UUID, str] = {}
    for pk in wanted_items(posted):
        try:
            found[pk] = field.clean(posted.get(f"{NECESSITY}{pk}", ""))
        except forms.ValidationError:
            found[pk] = before.get(pk, "")
    return found


def necessity_field() -> PlainTextField:
    """Why the recipient cannot do without an item, as it is typed."""
    return PlainTextField(most=NECESSITY_LIMIT, lines=2, required=False)


def _keep_items(draft: Draft, wanted: Mapping[uuid.UUID, str]) -> None:
    """Make the draft's items those that are wanted, each with its necessity."""
    ours = set(Item.objects.filter(case=draft.case_id, pk__in=wanted).values_list("pk", flat=True))
    before = {row.item_id: row for row in DraftItem.objects.filter(draft=draft)}
    gone = [pk for pk in before if pk not in ours]
    if gone:
        DraftItem.objects.filter(draft=draft, item__in=gone).delete()
    fresh, changed = [], []
    for pk, necessity in wanted.items():
        if pk not in ours:
            continue
        row = before.get(pk)
        if row is None:
            fresh.append(DraftItem(draft=draft, item_id=pk, necessity=necessity))
        elif row.necessity != necessity:
            row.necessity = necessity
            changed.append(row)
    DraftItem.objects.bulk_create(fresh, ignore_conflicts=True)
    DraftItem.objects.bulk_update(changed, ["necessity"])


def leave_out(*, draft: Draft, refs: list[uuid.UUID]) -> None:
    """Take items out of the draft: the shortest way out, one click."""
    DraftItem.objects.filter(draft=draft, item__in=refs).delete()


def aim_at(*, draft: Draft, purpose: str) -> None:
    """Take the purpose that goes with another recipient; what is not a purpose, or has left, changes nothing."""
    if purpose in vocabulary().purposes:
        Draft.objects.filter(pk=draft.pk, sent_at=None, discarded_at=None).update(purpose=purpose)
        draft.purpose = purpose


def gaps(draft: Draft, rows: list[DraftItem]) -> list[Gap]:
    """What is to be completed before the check page, each with a sentence that says what to write."""
    found = []
    if not draft.purpose:
        found.append(Gap(_("Dites pour quoi faire : choisissez une finalité."), "purpose"))
    if not draft.benefit:
        found.append(Gap(_("Écrivez ce que cela change pour la personne (une phrase suffit)."), "id_benefit"))
    if draft.recipient is None:
        found.append(Gap(_("Dites à qui : choisissez un destinataire."), "recipient"))
    if not rows:
        found.append(Gap(_("Choisissez au moins une information à communiquer."), "items-title"))
    who = recipient_short(draft.recipient) if draft.recipient else _("le destinataire")
    found.extend(
        Gap(
            _("Indiquez pourquoi %(who)s a besoin de « %(label)s » (au moins une phrase).")
            % {"who": who, "label": row.item.label},
            f"need-{row.item_id}",
        )
        for row in rows
        if not row.necessity
    )
    return found


def recipient_short(recipient: Membership) -> str:
    """« Mme Lantier ». Read by the author, who knows her."""
    return recipient.professional.formal_name or recipient.professional.full_name


def rows_of(draft: Draft) -> list[DraftItem]:
    """The items chosen, with their item."""
    return list(DraftItem.objects.filter(draft=draft).select_related("item").order_by("pk"))


def usual_purposes(*, draft: Draft, by: Membership) -> list[str]:
    """The few that this role can mean with those around: those she uses, then those of her agreements; the others are searched."""
    used = Counter(Disclosure.objects.filter(author=by).values_list("purpose", flat=True)[:RECENT])
    agreed = agreed_purposes(by)
    known = aims.open_purposes(by.role, partner_roles(draft=draft, by=by))
    return sorted(known, key=lambda each: (-used[each], -agreed[each], *aims.order(each)))[:USUAL_PURPOSES]


def partner_roles(*, draft: Draft, by: Membership) -> set[str]:
    """The roles of those who work around the person, and of the institutions linked to one's own by an agreement."""
    ours = AgreementParty.objects.filter(institution=by.institution_id).values("agreement")
    linked = (
        AgreementParty.objects.filter(agreement__in=ours).exclude(institution=by.institution_id).values("institution")
    )
    around = Involvement.objects.filter(case=draft.case_id, ends_at__isnull=True).values("membership")
    everyone = Membership.objects.visible_to(by).filter(Q(pk__in=around) | Q(institution__in=linked))
    return set(everyone.values_list("role", flat=True).distinct())


def found_purposes(search: str) -> list[str]:
    """The purposes, forbidden ones included, whose words hold all those that were typed, accents apart."""
    wanted = normalised(search).split()
    words = vocabulary()
    said: dict[str, str] = {
        code: normalised(f"{one.i_want} {one.label} {words.domains[one.domain].label}")
        for code, one in words.purposes.items()
    }
    said |= {code: normalised(f"{one.i_want} {one.label}") for code, one in words.forbidden_purposes.items()}
    return [code for code, text in said.items() if wanted and all(word in text for word in wanted)][:FOUND_PURPOSES]


def agreed_purposes(by: Membership) -> "Counter[str]":
    """What the agreements of one's own institution are for, and how many of them."""
    mine = AgreementParty.objects.filter(institution=by.institution_id).values_list("agreement__purposes", flat=True)
    return Counter(code for purposes in mine for code in purposes)


def recipients(*, draft: Draft, by: Membership, search: str, role: str = "") -> list[Membership]:
    """Whom one would write to: the one chosen, those of whom she spoke, who work with her, then the linked ones."""
    everyone = finding.professionals(by=by, words=search)
    if role:
        everyone = everyone.filter(role=role)
    ours = AgreementParty.objects.filter(institution=by.institution_id).values("agreement")
    linked = AgreementParty.objects.filter(agreement__in=ours, institution=OuterRef("institution"))
    around = Involvement.objects.filter(case=draft.case_id, membership=OuterRef("pk"), ends_at__isnull=True)
    before = Disclosure.objects.filter(case=draft.case_id, recipient=OuterRef("pk"))
    told = PriorInformation.objects.filter(case=draft.case_id, recipient=OuterRef("pk"))
    agreed = Consent.objects.filter(case=draft.case_id, recipient=OuterRef("pk"))
    ranked = everyone.annotate(
        rank=When(
            Branch(pk=draft.recipient_id, then=Value(0)),
            Branch(Exists(told) | Exists(agreed), then=Value(1)),
            Branch(Exists(around) | Exists(before), then=Value(2)),
            Branch(Exists(linked), then=Value(3)),
            default=Value(4),
            output_field=IntegerField(),
        )
    ).order_by("rank", "institution__name", "professional__last_name")
    return list(ranked[:SHOWN_RECIPIENTS])
