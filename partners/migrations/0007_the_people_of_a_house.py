"""Who is invited, what was checked of her secrecy, what she may do, and how it ends: acts, each with its entry."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit import guards

# Each act's person is that of its membership, and an answer's persons are those of what it answers: the CHECKs then compare
# persons, whatever the memberships (abuse 10).
PERSONS = """
    ALTER TABLE partners_invitation
        ADD CONSTRAINT invited_by_its_person FOREIGN KEY (invited_by_id, inviter_id)
            REFERENCES partners_membership (id, professional_id);
    ALTER TABLE partners_invitationend
        ADD CONSTRAINT invitation_ended_by_its_person FOREIGN KEY (membership_id, professional_id)
            REFERENCES partners_membership (id, professional_id);
    ALTER TABLE partners_secrecycheck
        ADD CONSTRAINT checked_of_its_person FOREIGN KEY (membership_id, holder_id)
            REFERENCES partners_membership (id, professional_id),
        ADD CONSTRAINT checked_by_its_person FOREIGN KEY (checked_by_id, checker_id)
            REFERENCES partners_membership (id, professional_id);
    ALTER TABLE partners_functionchange
        ADD CONSTRAINT functions_with_their_persons UNIQUE (id, holder_id, proposer_id),
        ADD CONSTRAINT functions_of_their_person FOREIGN KEY (membership_id, holder_id)
            REFERENCES partners_membership (id, professional_id),
        ADD CONSTRAINT functions_proposed_by_their_person FOREIGN KEY (proposed_by_id, proposer_id)
            REFERENCES partners_membership (id, professional_id);
    ALTER TABLE partners_functionanswer
        ADD CONSTRAINT functions_answered_by_their_person FOREIGN KEY (answered_by_id, answerer_id)
            REFERENCES partners_membership (id, professional_id),
        ADD CONSTRAINT answers_the_change_of_these_persons FOREIGN KEY (change_id, holder_id, proposer_id)
            REFERENCES partners_functionchange (id, holder_id, proposer_id);
    ALTER TABLE partners_membershipend
        ADD CONSTRAINT ended_of_its_person FOREIGN KEY (membership_id, holder_id)
            REFERENCES partners_membership (id, professional_id),
        ADD CONSTRAINT ended_by_its_person FOREIGN KEY (ended_by_id, ender_id)
            REFERENCES partners_membership (id, professional_id);
"""
NEEDS = {
    "invitation": ("invitation.sent",),
    "invitationend": ("invitation.accepted", "invitation.withdrawn"),
    "secrecycheck": ("secrecy.checked", "secrecy.refused"),
    "functionchange": ("functions.proposed", "functions.changed"),
    "functionanswer": ("functions.approved", "functions.refused"),
    "membershipend": ("membership.ended",),
}


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0008_alarms_are_lifted_once"),
        ("partners", "0006_an_establishments_number"),
    ]

    operations = [
        migrations.CreateModel(
            name="FunctionChange",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "before",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("reviewer", "donne un avis"),
                                ("team_lead", "encadre une équipe"),
                                ("dpo", "délégué·e à la protection des données"),
                                ("auditor", "contrôle le journal"),
                                ("directory_admin", "tient l’annuaire"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "after",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("reviewer", "donne un avis"),
                                ("team_lead", "encadre une équipe"),
                                ("dpo", "délégué·e à la protection des données"),
                                ("auditor", "contrôle le journal"),
                                ("directory_admin", "tient l’annuaire"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("why", models.CharField(max_length=300)),
                ("needs_second", models.BooleanField()),
                ("proposed_at", models.DateTimeField()),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
                (
                    "proposer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-proposed_at"],
            },
        ),
        migrations.CreateModel(
            name="FunctionAnswer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("accepted", models.BooleanField()),
                ("sentence", models.CharField(blank=True, max_length=300)),
                ("answered_at", models.DateTimeField()),
                (
                    "answered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
                (
                    "answerer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "proposer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.functionchange"
                    ),
                ),
            ],
            options={
                "ordering": ["-answered_at"],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254)),
                ("title", models.CharField(blank=True, max_length=12)),
                ("first_name", models.CharField(max_length=80)),
                ("last_name", models.CharField(max_length=80)),
                ("role", models.CharField(max_length=60)),
                ("job_title", models.CharField(max_length=120)),
                (
                    "secrecy_status",
                    models.CharField(
                        choices=[
                            ("profession", "secret\xa0: par profession"),
                            ("mission", "secret\xa0: par mission"),
                            ("fonction", "secret\xa0: par fonction"),
                            ("instance", "secret\xa0: au sein d’une instance"),
                            ("discretion", "discrétion professionnelle"),
                            ("none", "non soumis au secret"),
                            ("authority", "autorité"),
                        ],
                        max_length=20,
                    ),
                ),
                ("secrecy_proof", models.CharField(blank=True, max_length=200)),
                (
                    "functions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("reviewer", "donne un avis"),
                                ("team_lead", "encadre une équipe"),
                                ("dpo", "délégué·e à la protection des données"),
                                ("auditor", "contrôle le journal"),
                                ("directory_admin", "tient l’annuaire"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("receives_for_service", models.BooleanField(default=False)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("invited_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.institution"
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.membership",
                    ),
                ),
                (
                    "inviter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-invited_at"],
            },
        ),
        migrations.CreateModel(
            name="InvitationEnd",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(choices=[("accepted", "Accepted"), ("withdrawn", "Withdrawn")], max_length=20),
                ),
                ("at", models.DateTimeField()),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"
                    ),
                ),
                (
                    "invitation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.invitation"
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
                (
                    "professional",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="MembershipEnd",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("ends_at", models.DateTimeField()),
                ("why", models.CharField(max_length=300)),
                ("recorded_at", models.DateTimeField()),
                (
                    "ended_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
                (
                    "ender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
            ],
            options={
                "ordering": ["-recorded_at"],
            },
        ),
        migrations.CreateModel(
            name="SecrecyCheck",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("profession", "secret\xa0: par profession"),
                            ("mission", "secret\xa0: par mission"),
                            ("fonction", "secret\xa0: par fonction"),
                            ("instance", "secret\xa0: au sein d’une instance"),
                            ("discretion", "discrétion professionnelle"),
                            ("none", "non soumis au secret"),
                            ("authority", "autorité"),
                        ],
                        max_length=20,
                    ),
                ),
                ("proof", models.CharField(max_length=200)),
                ("seen", models.CharField(max_length=200)),
                ("proven", models.BooleanField()),
                ("checked_at", models.DateTimeField()),
                (
                    "checked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
                (
                    "checker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
            ],
            options={
                "ordering": ["-checked_at"],
            },
        ),
        migrations.AddIndex(
            model_name="functionchange",
            index=models.Index(fields=["membership", "-proposed_at"], name="partners_fu_members_110fdb_idx"),
        ),
        migrations.AddConstraint(
            model_name="functionchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("proposer", models.F("holder")), _negated=True),
                name="nobody_changes_her_own_functions",
            ),
        ),
        migrations.AddConstraint(
            model_name="functionchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("why", ""), _negated=True), name="a_change_of_functions_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="functionanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answerer", models.F("proposer")), _negated=True),
                    models.Q(("answerer", models.F("holder")), _negated=True),
                ),
                name="functions_by_a_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="functionanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("accepted", True), models.Q(("sentence", ""), _negated=True), _connector="OR"),
                name="a_refused_change_says_why",
            ),
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(fields=["institution", "-invited_at"], name="partners_in_institu_04f525_idx"),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("invited_at"))), name="invitation_ends_after_it_is_sent"
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("invited_by__isnull", True), ("inviter__isnull", True)),
                    models.Q(("invited_by__isnull", False), ("inviter__isnull", False)),
                    _connector="OR",
                ),
                name="invitation_by_a_membership_and_its_person",
            ),
        ),
        migrations.AddIndex(
            model_name="membershipend",
            index=models.Index(fields=["membership", "-recorded_at"], name="partners_me_members_31d0cd_idx"),
        ),
        migrations.AddConstraint(
            model_name="membershipend",
            constraint=models.CheckConstraint(
                condition=models.Q(("ender", models.F("holder")), _negated=True), name="nobody_ends_her_own_membership"
            ),
        ),
        migrations.AddConstraint(
            model_name="membershipend",
            constraint=models.CheckConstraint(condition=models.Q(("why", ""), _negated=True), name="an_end_says_why"),
        ),
        migrations.AddConstraint(
            model_name="membershipend",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gte", models.F("recorded_at"))), name="an_end_is_not_dated_back"
            ),
        ),
        migrations.AddIndex(
            model_name="secrecycheck",
            index=models.Index(fields=["membership", "-checked_at"], name="partners_se_members_91c919_idx"),
        ),
        migrations.AddConstraint(
            model_name="secrecycheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("checker", models.F("holder")), _negated=True), name="nobody_checks_her_own_secrecy"
            ),
        ),
        migrations.AddConstraint(
            model_name="secrecycheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("seen", ""), _negated=True), name="a_check_says_what_was_seen"
            ),
        ),
        migrations.RunSQL(
            [
                PERSONS,
                *(guards.close(f"partners_{table}") for table in NEEDS),
                *(guards.needs_entry(f"partners_{table}", *actions) for table, actions in NEEDS.items()),
            ],
            migrations.RunSQL.noop,
        ),
    ]
