"""A bundle: the same bytes under the same head, readable by somebody who knows nothing, true to a key that changed."""

import re
from pathlib import Path
from typing import Any

import pytest

from audit import bundle, erasing, keys
from audit.models import Checkpoint, Entry
from config.postgres.account import become
from partners import clock
from tests.audit.sealing_ways import as_sealer, sealed
from tests.personas import build, parents_agree

from .ways import files_of, judged, kept


def test_a_bundle_follows_the_keys_the_erasures_and_the_heads_of_its_log(
    own_database: str, tmp_path: Path, settings: Any
) -> None:
    settings.SEAL_KEY = tmp_path / "keys" / "seal.pem"
    territory = build()
    consent = parents_agree(territory)
    entry = Entry.objects.get(pk=consent.entry_id)
    before = bundle.bundle(entry, payload=True)
    assert before == bundle.bundle(entry, payload=True)
    assert "receipt.sig" in files_of(before)
    with pytest.raises(bundle.NotBefore):
        bundle.bundle(entry, payload=True, since=Checkpoint(size=1))

    first = sealed()
    assert first is not None
    old = bundle.bundle(entry, payload=True)
    assert old == bundle.bundle(entry, payload=True)
    home = tmp_path / "ancien"
    home.mkdir()
    for name, content in files_of(old).items():
        (home / name).write_bytes(content)
    assert judged(home)[0] == 0, "unpacked, without an argument but its place"
    for size in (0, first.size + 1):
        with pytest.raises(bundle.NotBefore):
            bundle.bundle(entry, payload=True, since=Checkpoint(size=size))

    with as_sealer():
        keys.rotate()
    become("erasure")
    erasing.erase(entries=[entry.uuid], reason="erasure_granted", by=territory.claire.pk, at=clock.now())
    become("app")
    second = sealed()
    assert second is not None
    new = files_of(bundle.bundle(entry, payload=True, since=first))
    assert "payload.json" not in new, "what was erased cannot leave"
    assert new["entry.json"] == files_of(old)["entry.json"]
    lines = new["keys.txt"].decode().splitlines()
    vkeys = [line for line in lines if not line.startswith("#")]
    assert vkeys == bundle.public_keys()
    assert len(vkeys) == 3, "two of the log, one of the receipts"
    assert any("tact/key/v1" in line for line in lines), "the former key introduces the new one"
    path = kept(tmp_path, bundle.bundle(entry, payload=True, since=first), "nouveau.zip")
    status, said = judged(path, "--since", str(home))
    assert status == 0, said
    assert f"prolonge celui de {first.size}" in said
    (home / "keys.txt").write_text("\n".join(vkeys[:1]) + "\n")
    status, said = judged(path, "--key", str(home / "keys.txt"))
    assert (status, "une note signée y mène" in said) == (0, True), "the key kept at home announced the one that signed"
    bare = tmp_path / "sans"
    bare.mkdir()
    for name, content in (new | {"keys.txt": "\n".join(vkeys).encode() + b"\n"}).items():
        (bare / name).write_bytes(content)
    assert judged(bare, "--key", str(home / "keys.txt"))[0] == 1, "alone, it signed an earlier head only"


def test_the_page_stands_alone_in_both_languages_and_says_what_is_in_the_bundle(own_database: str) -> None:
    territory = build()
    consent = parents_agree(territory)
    entry = Entry.objects.get(pk=consent.entry_id)
    head = sealed()
    assert head is not None
    files = files_of(bundle.bundle(entry, payload=False))
    proof = files["entry.tlog-proof"].decode()
    index = re.search(r"^index (\d+)$", proof, re.MULTILINE)
    assert index is not None
    for name, language in (("LISEZ-MOI.html", "fr"), ("README.html", "en")):
        page = files[name].decode()
        assert f'<html lang="{language}">' in page
        assert "<style>" in page
        assert not re.search(r"<(?:script|img|link|iframe)\b|src=|url\(|https?://", page), "nothing is fetched"
        for said in (str(entry.uuid), bytes(entry.leaf_hash).hex(), bytes(head.root).hex(), f">{head.size}<"):
            assert said in page, said
        assert f"n°\u00a0{index[1]}" in page or f"{index[1]}" in page
        assert all(vkey in page.replace("&#x27;", "'") for vkey in bundle.public_keys())
        assert "python3 verify.py" in page
        assert "py verify.py" in page
        for said_name in (territory.child.last_name, territory.camille.professional.last_name):
            assert said_name not in page
    french = files["LISEZ-MOI.html"].decode()
    for heading in ("Ce que cela prouve", "Ce que cela ne prouve pas", "Comment vérifier", "Comparer avec une tête"):
        assert heading in french
