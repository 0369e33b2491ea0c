"""What is asked, advised, sent back or called back needs its entry and is never rewritten; nobody reviews her own."""

from django.db import migrations

from audit import guards

# Each act's person is that of its membership, and an opinion's writer is that of what it is about (as for narrowings).
PERSONS = """
    ALTER TABLE sharing_review
        ADD CONSTRAINT review_with_its_writer UNIQUE (id, writer_id),
        ADD CONSTRAINT submitted_by_its_person FOREIGN KEY (author_id, writer_id)
            REFERENCES partners_membership (id, professional_id);
    ALTER TABLE sharing_opinion
        ADD CONSTRAINT given_by_its_person FOREIGN KEY (by_id, reviewer_id)
            REFERENCES partners_membership (id, professional_id),
        ADD CONSTRAINT about_what_the_writer_wrote FOREIGN KEY (review_id, writer_id)
            REFERENCES sharing_review (id, writer_id);
    ALTER TABLE sharing_conclusion
        ADD CONSTRAINT concluded_by_its_person FOREIGN KEY (by_id, reviewer_id)
            REFERENCES partners_membership (id, professional_id);
"""
NO_PERSONS = """
    ALTER TABLE sharing_conclusion DROP CONSTRAINT concluded_by_its_person;
    ALTER TABLE sharing_opinion
        DROP CONSTRAINT about_what_the_writer_wrote, DROP CONSTRAINT given_by_its_person;
    ALTER TABLE sharing_review
        DROP CONSTRAINT submitted_by_its_person, DROP CONSTRAINT review_with_its_writer;
"""

REFERENCES = ("request", "incident", "call", "consultation")

# Each table of acts, with the entries that it may be written with.
ACTS = {
    "sharing_returned": ("disclosure.returned",),
    "sharing_recalled": ("disclosure.recalled",),
    "sharing_delivery": ("disclosure.delivered",),
    "sharing_usefulness": ("usefulness.told",),
    "sharing_informationrequest": ("request.sent", "request.stopped"),
    "sharing_review": ("review.requested",),
    "sharing_opinion": (
        "review.favoured",
        "review.reduced",
        "review.suspended",
        "review.opposed",
        "review.transferred",
    ),
    "sharing_conclusion": ("review.concluded",),
    "sharing_unsealing": ("content.unsealed",),
    "sharing_incident": ("incident.opened",),
    "sharing_incidentact": ("incident.noted", "incident.notified", "incident.person_told", "incident.closed"),
    "sharing_notshared": ("disclosure.withheld",),
    "sharing_call": ("call.logged",),
    "sharing_consultation": ("consultation.opened",),
    "sharing_consultationact": (
        "consultation.unknown_declared",
        "consultation.recognised",
        "consultation.advised",
        "consultation.closed",
    ),
}
REQUEST_ACTS = (
    "request.opened",
    "request.declined",
    "request.sent_to_her",
    "request.answered_without_name",
    "request.answered",
    "request.withdrawn",
)
DECISIONS = (
    "disclosure.released",
    "disclosure.refused",
    "disclosure.not_sent",
    "disclosure.awaiting_opinion",
    "disclosure.spoken",
)


def _closed() -> list[str]:
    statements = []
    for table, actions in ACTS.items():
        statements += [guards.close(table), guards.append_only(table), guards.needs_entry(table, *actions)]
    return statements


def _entries_of(table: str, *actions: str) -> list[str]:
    return [f"DROP TRIGGER {table}_needs_entry ON {table};", guards.needs_entry(table, *actions)]


class Migration(migrations.Migration):
    dependencies = [
        ("sharing", "0005_the_daily_way"),
        ("partners", "0004_how_somebody_is_reached"),
        ("audit", "0002_closed_by_the_database"),
    ]

    operations = [
        *(
            migrations.RunSQL(
                f"CREATE SEQUENCE sharing_{name}_reference START 101", f"DROP SEQUENCE sharing_{name}_reference"
            )
            for name in REFERENCES
        ),
        migrations.RunSQL(PERSONS, NO_PERSONS),
        migrations.RunSQL(
            [
                *_closed(),
                guards.close("sharing_requestact", update=("seen_at",)),
                guards.written_once("sharing_requestact", "seen_at"),
                guards.needs_entry("sharing_requestact", *REQUEST_ACTS),
                guards.close("sharing_consultationparticipant"),
                guards.append_only("sharing_consultationparticipant"),
                "SET CONSTRAINTS ALL IMMEDIATE;",
                *_entries_of("sharing_decisionrecord", *DECISIONS),
                *_entries_of("sharing_disclosure", "disclosure.released", "disclosure.spoken"),
                "SET CONSTRAINTS ALL DEFERRED;",
            ],
            migrations.RunSQL.noop,
        ),
    ]
