"""Author, recipient, person, auditor: each takes her proof home, and Python alone says that it holds, or why it does not."""

import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Access, Entry
from sharing.models import Disclosure
from tests import personas
from tests.audit.sealing_ways import sealed
from tests.personas import Territory, signed_in
from tests.sharing.ways import BENEFIT, NECESSITY, draft_of, send

from .ways import Files, files_of, folders_of, judged, kept, taken, zipped

SENT, READ, ACKNOWLEDGED = "1-communication", "2-lecture", "3-accuse"


class Day:
    """A communication that left, was read and acknowledged, for real; and who asks for its proof."""

    def __init__(self) -> None:
        self.territory = personas.build()
        personas.parents_agree(self.territory)
        released = send(draft_of(self.territory), self.territory.camille).disclosure
        assert released is not None
        self.sent: Disclosure = released
        self.clients: dict[str, Client] = {}
        self.reads("lantier")
        self.of("lantier").post(reverse("sharing:acknowledge", args=[self.sent.pk]))
        self.sent.refresh_from_db()
        assert self.sent.acknowledged_at is not None

    def of(self, persona: str) -> Client:
        """Her browser, signed in once."""
        if persona not in self.clients:
            self.clients[persona] = signed_in(getattr(self.territory, persona), Client())
        return self.clients[persona]

    def reads(self, persona: str) -> None:
        """Open what was received."""
        assert self.of(persona).post(reverse("sharing:received", args=[self.sent.pk])).status_code == 200

    def proofs(self, since: str = "") -> dict[str, bytes]:
        """What each takes away, by who she is."""
        pk, ref, asked = self.sent.pk, self.territory.case.reference, {"since": since}
        mine, every = f"preuve-{self.sent.reference}", f"preuves-{ref}"
        entry = self.sent.entry.uuid
        sent, received = reverse("sharing:sent_proof", args=[pk]), reverse("sharing:received_proof", args=[pk])
        hers = {**asked, "choix": "1", "c": str(pk), "reasons": "on"}
        return {
            "author": taken(self.of("camille").get(sent, asked), mine),
            "recipient": taken(self.of("lantier").post(received, asked), mine),
            "person": taken(self.of("camille").get(reverse("sharing:proofs_file", args=[ref]), hers), every),
            "auditor": taken(
                self.of("yann").get(reverse("audit:entry_proof", args=[entry]), asked), f"preuve-{str(entry)[:8]}"
            ),
            "dpo": taken(
                self.of("claire").get(reverse("audit:entry_proof", args=[entry]), asked), f"preuve-{str(entry)[:8]}"
            ),
        }


def names_said(territory: Territory) -> list[str]:
    people = [territory.camille, territory.lantier, territory.nadia]
    return [
        *(one.professional.last_name for one in people),
        territory.child.last_name,
        territory.child.first_name,
        territory.absences.label,
    ]


def under(files: Files, folder: str) -> Files:
    """The files of one bundle."""
    return {
        name.removeprefix(f"{folder}/"): content for name, content in files.items() if name.startswith(f"{folder}/")
    }


def test_each_proof_holds_before_the_seal_and_after_it_and_each_reader_has_what_she_may_see(
    own_database: str, tmp_path: Path
) -> None:
    day = Day()
    entry = bytes(Entry.objects.get(pk=day.sent.entry_id).body)
    for who, content in day.proofs().items():
        files = files_of(content)
        assert not any(name.endswith(".tlog-proof") for name in files), who
        status, said = judged(kept(tmp_path, content, f"recu-{who}.zip"))
        assert status == 0, said
        assert "PAS ENCORE SCELLÉE" in said

    head = sealed()
    assert head is not None
    proofs = day.proofs()
    assert proofs == day.proofs(), "the same head, the same bytes"
    prefix = f"{day.sent.reference}-"
    folders = {
        "author": {SENT, READ, ACKNOWLEDGED},
        "recipient": {SENT, READ, ACKNOWLEDGED},
        "person": {f"{prefix}{one}" for one in (SENT, READ, ACKNOWLEDGED)},
        "auditor": set(),
        "dpo": set(),
    }
    with_payload = {
        "author": {SENT, READ, ACKNOWLEDGED},
        "recipient": {SENT, READ, ACKNOWLEDGED},
        "person": {f"{prefix}{SENT}"},
        "auditor": set(),
        "dpo": set(),
    }
    for who, content in proofs.items():
        files = files_of(content)
        assert folders_of(files) == folders[who], who
        assert not any(name.endswith("receipt.sig") for name in files), who
        assert {name.partition("/")[0] for name in files if name.endswith("payload.json")} == with_payload[who], who
        root = f"{sorted(folders[who])[0]}/" if folders[who] else ""
        assert files[f"{root}entry.json"] == entry
        for said_name in names_said(day.territory):
            assert not any(said_name.lower() in name.lower() for name in files), said_name
            assert not any(
                said_name.encode() in one for name, one in files.items() if not name.endswith("payload.json")
            )
        status, said = judged(kept(tmp_path, content, f"{who}.zip"))
        assert status == 0, said
        assert "TIENT. " in said or f"TIENNENT. Ces {len(folders[who])} entrées" in said
        assert f"à {head.size} entrées" in said
    released = json.loads(under(files_of(proofs["recipient"]), SENT)["payload.json"])
    assert released["benefit"] == BENEFIT
    assert list(released["necessity"].values()) == [NECESSITY]
    noted = Access.objects.filter(action="proof.downloaded", granted=True)
    assert noted.filter(object_type="disclosure").count() == 6
    assert noted.filter(object_type="case").count() == 3
    assert noted.filter(object_type="entry").count() == 6


@pytest.mark.parametrize("proved_by", ["seal", "receipt"])
def test_every_wrong_bundle_fails_with_its_reason(own_database: str, tmp_path: Path, proved_by: str) -> None:
    day = Day()
    if proved_by == "seal":
        assert sealed() is not None
    right = under(files_of(day.proofs()["author"]), SENT)
    other = under(files_of(day.proofs()["author"]), READ)
    assert judged(kept(tmp_path, zipped(right), "juste.zip"))[0] == 0
    changed = right["entry.json"].replace(b'"verdict":"allow"', b'"verdict":"deny"')
    assert changed != right["entry.json"]
    wrong: dict[str, tuple[Files, str]] = {
        "payload": (right | {"payload.json": right["payload.json"].replace(b"rattrapage", b"renvoi")}, "commitment"),
        "salt": (right | {"payload.salt": other["payload.salt"]}, "commitment"),
        "no keys": ({name: one for name, one in right.items() if name != "keys.txt"}, "keys.txt manque"),
    }
    if proved_by == "seal":
        proof = right["entry.tlog-proof"]
        head, signature = proof.rsplit(b" ", 1)
        flipped = signature.replace(signature[20:21], b"A" if signature[20:21] != b"A" else b"B", 1)
        wrong |= {
            "entry": (right | {"entry.json": changed}, "ne mène pas de entry.json"),
            "proof of another": (right | {"entry.tlog-proof": other["entry.tlog-proof"]}, "ne mène pas de entry.json"),
            "signature": (right | {"entry.tlog-proof": head + b" " + flipped}, "entry.tlog-proof"),
            "no proof": ({name: one for name, one in right.items() if name != "entry.tlog-proof"}, "rien ne prouve"),
        }
    else:
        wrong |= {
            "entry": (right | {"entry.json": changed}, "aucune clé de keys.txt n’a signé ce reçu"),
            "receipt of another": (right | {"receipt.sig": other["receipt.sig"]}, "n’a signé ce reçu"),
            "no receipt": ({name: one for name, one in right.items() if name != "receipt.sig"}, "rien ne prouve"),
        }
    for name, (files, reason) in wrong.items():
        status, said = judged(kept(tmp_path, zipped(files), "faux.zip"))
        assert (status, reason in said, "NE TIENT PAS" in said) == (1, True, True), (name, said)
    together = files_of(day.proofs()["author"]) | {f"{READ}/entry.json": changed}
    status, said = judged(kept(tmp_path, zipped(together), "un-sur-trois.zip"))
    assert status == 1
    assert f"NE TIENT PAS. [{READ}]" in said
