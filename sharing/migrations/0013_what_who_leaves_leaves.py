"""What somebody who leaves leaves: a request is taken over by another, or closed; a draft says which one it takes over."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from audit import guards

ENDINGS = ["declined", "ask_her", "without_name", "answered", "withdrawn"]
REQUESTS = ("request.sent", "request.stopped")
ACTS = (
    "request.opened",
    "request.declined",
    "request.sent_to_her",
    "request.answered_without_name",
    "request.answered",
    "request.withdrawn",
)


def _entries_of(table: str, *actions: str) -> list[str]:
    return [f"DROP TRIGGER {table}_needs_entry ON {table};", guards.needs_entry(table, *actions)]


def _once(kinds: list[str]) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=["request"], condition=Q(kind__in=kinds), name="a_request_ends_once")


class Migration(migrations.Migration):
    dependencies = [("sharing", "0012_tokens_of_programs")]

    operations = [
        migrations.AddField(
            model_name="informationrequest",
            name="continues",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sharing.informationrequest",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="continues",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sharing.draft",
            ),
        ),
        migrations.AlterField(
            model_name="requestact",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opened", "lue"),
                    ("declined", "non"),
                    ("ask_her", "voyez avec la personne"),
                    ("without_name", "voici, sans le nom"),
                    ("answered", "répondu par une communication"),
                    ("withdrawn", "demande retirée"),
                    ("transferred", "reprise par quelqu’un d’autre"),
                    ("closed", "close après un départ"),
                ],
                max_length=20,
            ),
        ),
        migrations.RemoveConstraint(model_name="requestact", name="a_request_ends_once"),
        migrations.AddConstraint(model_name="requestact", constraint=_once([*ENDINGS, "transferred", "closed"])),
        migrations.RunSQL(
            [
                "SET CONSTRAINTS ALL IMMEDIATE;",
                *_entries_of("sharing_informationrequest", *REQUESTS, "request.assigned"),
                *_entries_of("sharing_requestact", *ACTS, "request.transferred", "request.closed"),
                "SET CONSTRAINTS ALL DEFERRED;",
            ],
            [
                *_entries_of("sharing_informationrequest", *REQUESTS),
                *_entries_of("sharing_requestact", *ACTS),
            ],
        ),
    ]
