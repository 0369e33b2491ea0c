"""A bundle kept at home finds out whoever rewrites the trail afterwards, be she superuser and holder of the key."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from audit import bundle
from audit.models import Entry
from cases.models import Case
from partners import clock
from tests.audit.sealing_ways import sealed
from tests.personas import write_down

from .test_four_readers import Day
from .ways import files_of, judged, kept

SEALED = ("audit_leaf", "audit_tile", "audit_checkpoint")


def another_act(day: Day) -> None:
    """The trail grows by an honest line."""
    case = Case.objects.get(pk=day.territory.case.pk)
    write_down(case, day.territory.camille, label="Autre chose", at=clock.now())


def rewrite(cursor: Any, entry: int) -> None:
    """Say that she agreed to something else, and forget every head; the hash column follows by itself."""
    for table in ("audit_entry", *SEALED):
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    cursor.execute(
        "UPDATE audit_entry SET body = convert_to(replace(convert_from(body, 'UTF8'), %s, %s), 'UTF8') WHERE id = %s",
        ['"scolarite"', '"loisirs"', entry],
    )
    assert cursor.rowcount == 1
    for table in SEALED:
        cursor.execute(f"DELETE FROM {table}")


def test_a_bundle_kept_from_an_earlier_day_finds_a_trail_rewritten_since(
    own_database: str, superuser_cursor: Any, tmp_path: Path
) -> None:
    day = Day()
    first = sealed()
    assert first is not None
    before = day.proofs()
    homes = {who: kept(tmp_path, content, f"ancien-{who}.zip") for who, content in before.items()}
    another_act(day)
    second = sealed()
    assert second is not None
    for who, content in day.proofs(since=str(first.size)).items():
        status, said = judged(kept(tmp_path, content, f"honnete-{who}.zip"), "--since", str(homes[who]))
        assert status == 0, said
        assert f"le journal de {second.size} entrées prolonge celui de {first.size}" in said

    later = kept(tmp_path, day.proofs()["auditor"], "plus-recent.zip")

    # Whoever holds the machine and the key rewrites one line, and has everything sealed and signed again.
    rewrite(superuser_cursor, day.sent.entry_id)
    again = sealed()
    assert again is not None
    assert again.size == second.size
    for who, content in day.proofs().items():
        new = kept(tmp_path, content, f"nouveau-{who}.zip")
        status, said = judged(new)
        assert status == 0, "alone, nothing tells it from an honest one"
        assert "Sans tête gardée d’un jour précédent" in said
        status, said = judged(new, "--since", str(homes[who]))
        assert (status, f"aucune preuve de {first.size} à {again.size} entrées" in said) == (1, True), said
    status, said = judged(new, "--since", str(later))
    assert (status, f"à la même taille ({again.size}), la racine gardée n’est pas celle du lot" in said) == (1, True)

    # No head of the new log has the size of the one kept at home: the house cannot give a proof, and says what it means.
    asked = reverse("sharing:sent_proof", args=[day.sent.pk])
    answer = day.of("camille").get(asked, {"since": first.size})
    assert answer.status_code == 422
    assert "le journal a pu être réécrit" in answer.content.decode()

    # Where one is published at that very size too, the proof that she is given does not lead from hers.
    superuser_cursor.execute(
        "INSERT INTO audit_checkpoint (size, root, note, at, horizon, system)"
        " SELECT %s, root, note, at, horizon, system FROM audit_checkpoint WHERE size = %s",
        [first.size, again.size],
    )
    for who, content in day.proofs(since=str(first.size)).items():
        status, said = judged(kept(tmp_path, content, f"prouve-{who}.zip"), "--since", str(homes[who]))
        assert (status, "le journal a été réécrit, ou la preuve" in said) == (1, True), said


def test_a_trail_whose_end_was_cut_cannot_answer_for_the_head_kept_at_home(
    own_database: str, superuser_cursor: Any, tmp_path: Path
) -> None:
    day = Day()
    another_act(day)
    head = sealed()
    assert head is not None
    home = kept(tmp_path, day.proofs()["author"], "ancien.zip")
    for table in ("audit_entry", *SEALED):
        superuser_cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    superuser_cursor.execute("SET session_replication_role = 'replica'")
    superuser_cursor.execute("DELETE FROM audit_entry WHERE id = (SELECT max(id) FROM audit_entry)")
    for table in SEALED:
        superuser_cursor.execute(f"DELETE FROM {table}")
    cut = sealed()
    assert cut is not None
    assert cut.size == head.size - 1
    status, said = judged(kept(tmp_path, day.proofs()["author"], "nouveau.zip"), "--since", str(home))
    assert (status, f"aucune preuve de {cut.size} à {head.size} entrées" in said) == (1, True), said


def test_a_tree_that_lost_leaves_still_gives_what_a_receipt_proves(
    own_database: str, superuser_cursor: Any, tmp_path: Path
) -> None:
    day = Day()
    first = sealed()
    another_act(day)
    assert first is not None
    assert sealed() is not None
    superuser_cursor.execute("ALTER TABLE audit_leaf DISABLE TRIGGER USER")
    superuser_cursor.execute(
        "DELETE FROM audit_leaf WHERE index > 0 AND entry_ref NOT IN (SELECT entry_id FROM sharing_disclosure)"
    )
    proof = day.proofs()["author"]
    assert judged(kept(tmp_path, proof, "reçu.zip"))[0] == 0
    assert not [name for name in files_of(proof) if name.endswith(".tlog-proof")], "no path leads to the root any more"
    with pytest.raises(bundle.NotBefore):
        bundle.bundle(Entry.objects.latest("pk"), payload=False, since=first)
