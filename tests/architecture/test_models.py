"""What the tables promise: keys, directions, doors, migrations (design.md, laws 7 and 8; traps.md, "Grants, guardian")."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models
from guardian.utils import get_user_obj_perms_model

from cases.models import Case, CaseAccess
from partners.models import Membership
from tests.architecture import source

NUMBERED = {
    "audit.Entry": "the order of the trail is the order of insertion; the entry has a uuid of its own for the world",
    "audit.Access": "an append-only log, never addressed by anyone",
    "audit.Payload": "its key is its entry",
    "audit.Leaf": "its key is its place in the tree",
    "audit.Tile": "its key is its place in the tree",
    "audit.Checkpoint": "its key is the size of the tree, public by nature",
    "audit.SealKey": "its key is the public key itself",
    "audit.ReceiptKey": "its key is the public key itself",
    "audit.Erasure": "its key is the entry whose personal part went",
    "cases.CaseAccess": "guardian's bare row",
    "cases.ItemContent": "its key is its item",
    "consent.ScanContent": "its key is its scan",
    "sharing.DraftItem": "a line of a draft, reached through it, in the order in which it was written",
    "sharing.DisclosedItem": "a line of a disclosure, reached through it, in the order in which it was written",
    "sharing.Outbox": "a queue in order; its business key is what makes it done once",
}
"""Models whose key is not a uuid, each with its reason. None of these keys is ever in an address."""

REACHED_THROUGH = {
    "partners.AccountLetter": "emptied by the worker; read by no page",
    "partners.Try": "keyed hashes and numbers; read by no page",
    "audit.Leaf": "numbers and nothing else: read through an entry, which the registers' own pages show",
    "audit.Tile": "hashes and nothing else",
    "audit.Checkpoint": "a signed head of the trail is public by nature",
    "audit.SealKey": "a public key",
    "audit.ReceiptKey": "a public key",
    "audit.Erasure": "read through the entry whose personal part went",
    "audit.Verification": "a result about the trail, read by those who control it (audit.views)",
    "audit.Alarm": "an alarm about the trail, read by those who control it (audit.views)",
    "partners.Institution": "the directory: open institutions are public to professionals at work",
    "partners.Professional": "reached through a membership, which has visible_to",
    "partners.AgreementParty": "reached through its agreement, which has visible_to",
    "partners.ForumMember": "reached through its forum, which has visible_to",
    "partners.NarrowingLift": "reached through its narrowing, which has visible_to",
    "partners.NarrowingDecision": "reached through what it decides, which has visible_to",
    "partners.SheetAnswer": "reached through its sheet, which has visible_to",
    "partners.SheetReading": "reached through its sheet, which has visible_to",
    "partners.AgreementAct": "reached through its agreement, which has visible_to",
    "partners.SuccessionAnswer": "reached through its succession, which has visible_to",
    "partners.InvitationEnd": "reached through its invitation, which has visible_to",
    "partners.FactorLossAnswer": "reached through its loss, which has visible_to",
    "partners.InstitutionAnswer": "reached through its change, which has visible_to",
    "partners.SecrecyCheck": "reached through a membership of the institution that tends it",
    "partners.FunctionAnswer": "reached through its change, which has visible_to",
    "partners.MembershipEnd": "reached through a membership of the institution that tends it",
    "partners.ProConnectLink": "her own, on « Mon compte »; looked up by issuer and subject when somebody enters",
    "partners.ProConnectConfirmation": "reached through its request, which has visible_to",
    "partners.ProConnectAnswer": "reached through its request, which has visible_to",
    "cases.Person": "reached through her case, which has visible_to",
    "cases.Representative": "reached through the person of a visible case",
    "cases.PersonStatus": "reached through the person of a visible case",
    "cases.PersonStatusEnd": "reached through its status",
    "cases.RepresentativeAct": "reached through its representative",
    "cases.RectificationAnswer": "reached through its rectification, which has visible_to",
    "cases.LimitationLift": "reached through its limitation, which has visible_to",
    "cases.PersonLinkAnswer": "reached through its link, which has visible_to",
    "cases.PersonLinkEnd": "reached through its link, which has visible_to",
    "cases.Assignment": "reached through a case whose followers may be seen (cases.doors.followable_by)",
    "cases.CaseAccess": "guardian's row: read by visible_to itself",
    "cases.Involvement": "reached through a visible case",
    "cases.ItemContent": "reached through its item, which has visible_to, or through a disclosure that may be read",
    "consent.Notice": "the words of a notice name nobody",
    "consent.Withdrawal": "reached through its consent, which has visible_to",
    "consent.ScanContent": "reached through its scan, which has visible_to",
    "sharing.DraftItem": "reached through its draft, which has visible_to",
    "sharing.DisclosedItem": "reached through its disclosure, which has visible_to",
    "sharing.RulebookEdition": "what the law said names nobody",
    "sharing.DutyAct": "reached through its duty, which has visible_to",
    "sharing.RequestAct": "reached through its request, which has visible_to",
    "sharing.Opinion": "reached through its review, which has visible_to",
    "sharing.Conclusion": "reached through its disclosure, which has visible_to",
    "sharing.Unsealing": "reached through its decision, which has visible_to",
    "sharing.IncidentAct": "reached through its incident, which has visible_to",
    "sharing.ConsultationParticipant": "reached through its consultation, which has visible_to",
    "sharing.ConsultationAct": "reached through its consultation, which has visible_to",
    "sharing.Outbox": "emptied by the sweeper; read by no page",
    "sharing.TokenRevocation": "reached through a token of hers, or of the institution that she oversees",
    "sharing.IdempotentCall": "reached through the token and the key that its own caller sends again",
    "audit.Entry": "ids and codes only; its explorer is open to auditors and DPOs alone",
    "audit.Payload": "shown in the sentence of its entry, to auditors and DPOs alone",
    "audit.Access": "the technical log; shown to auditors and DPOs alone",
}
"""Models without `visible_to`, each with the way by which its rows are reached."""


def the_field_action(model: type[models.Model]) -> models.Field[Any, Any] | None:
    return next((field for field in model._meta.fields if field.name == "action"), None)


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in source.APPS]


def foreign_keys() -> list[tuple[type[models.Model], models.ForeignKey]]:
    return [
        (model, field)
        for model in ours()
        for field in model._meta.get_fields(include_hidden=True)
        if isinstance(field, models.ForeignKey) and field.model is model
    ]


def test_foreign_keys_point_down_the_house() -> None:
    rising = [
        f"{model._meta.label}.{field.name} → {target._meta.label}"
        for model, field in foreign_keys()
        if (target := field.related_model)._meta.app_label in source.APPS
        and source.APPS.index(target._meta.app_label) < source.APPS.index(model._meta.app_label)
    ]
    assert not rising, rising


def test_nobody_can_walk_a_foreign_key_backwards() -> None:
    """A reverse name would let a lower app read a higher one's rows; guardian's own table is the one exception."""
    named = [
        f"{model._meta.label}.{field.name}"
        for model, field in foreign_keys()
        if not str(field.remote_field.related_name or "").endswith("+")
    ]
    assert set(named) == {"cases.CaseAccess.content_object", "cases.CaseAccess.user", "cases.CaseAccess.permission"}, (
        named
    )


@pytest.mark.django_db
def test_guardian_writes_in_the_direct_table_of_cases() -> None:
    assert get_user_obj_perms_model(Case) is CaseAccess  # type: ignore[arg-type]  # its hint asks for an instance


def test_the_trail_holds_no_foreign_key_to_an_act() -> None:
    found = [
        f"{model._meta.label}.{field.name}"
        for model, field in foreign_keys()
        if model._meta.app_label == "audit" and field.related_model._meta.app_label != "audit"
    ]
    assert not found, found


def test_nothing_governed_is_removed_in_cascade() -> None:
    cascades = {
        f"{model._meta.label}.{field.name}"
        for model, field in foreign_keys()
        if field.remote_field.on_delete is models.CASCADE
    }
    # guardian's bare row goes with its case or its user; a draft's lines go with the draft.
    allowed = {
        "cases.CaseAccess.content_object",
        "cases.CaseAccess.user",
        "cases.CaseAccess.permission",
        "sharing.DraftItem.draft",
    }
    assert cascades <= allowed, cascades - allowed


def test_every_key_is_a_uuid_but_for_internal_rows() -> None:
    numbered = {model._meta.label for model in ours() if not isinstance(model._meta.pk, models.UUIDField)}
    assert numbered == set(NUMBERED), numbered ^ set(NUMBERED)


def test_every_model_has_one_way_to_its_rows() -> None:
    without = {model._meta.label for model in ours() if not hasattr(model._default_manager, "visible_to")}
    assert without == set(REACHED_THROUGH), without ^ set(REACHED_THROUGH)


def test_visible_to_asks_as_which_membership_one_acts() -> None:
    for model in ours():
        door = getattr(model._default_manager.all(), "visible_to", None)
        if door is None:
            continue
        parameters = list(inspect.signature(door).parameters.values())
        assert [one.name for one in parameters] == ["acting"], model._meta.label
        assert parameters[0].annotation in (Membership, "Membership"), model._meta.label


def test_an_audit_action_is_a_free_word() -> None:
    """With `choices` each new act would need a migration of the trail: a peer has eighteen of them."""
    fields = [field for model in ours() if (field := the_field_action(model)) is not None]
    assert fields
    assert not [str(field) for field in fields if field.choices]


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except (SystemExit, CommandError) as missing:
        pytest.fail(f"python manage.py makemigrations: {missing}")


def test_no_extension_of_postgresql_is_asked_for() -> None:
    """The bundled server has no contrib module and no ICU."""
    words = (
        "CreateExtension",
        "TrigramExtension",
        "UnaccentExtension",
        "CREATE EXTENSION",
        "CITextField",
        "TrigramSimilarity",
    )
    found = [f"{source.named(p)} {w}" for p in source.python_files() for w in words if w in p.read_text()]
    assert not found, found
