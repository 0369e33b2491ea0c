"""The program that leaves with a bundle: it holds where the bundle is right, and says what differs wherever it is not."""

import base64
import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import canonical, signing, tree
from audit.checkpoint import Checkpoint
from audit.offline import verify
from audit.tlog_proof import TlogProof
from tests.audit.bundles import (
    BODY,
    LEAVES,
    LOG,
    ORIGIN,
    PAYLOAD,
    RECEIPTS,
    REWRITTEN,
    SALT,
    SIZE,
    STRANGER,
    Files,
    bundle,
    head,
    in_another_order,
    kept,
    leading,
    proof,
    vkey,
    zipped,
)

PROGRAM = Path(verify.__file__)
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def verified(files: Files, *arguments: str, lang: str = "fr") -> tuple[int, str]:
        folder = tmp_path / "lot"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        status = verify.main([str(folder), "--lang", lang, *arguments])
        return status, capsys.readouterr().out

    return verified


def test_a_right_bundle_holds_and_says_what_was_checked_and_what_was_not(run: Run, tmp_path: Path) -> None:
    status, said = run(bundle(notes__txt=b"?"))
    assert status == 0
    for words in (
        "disclosure.released",
        f"tête du journal {ORIGIN} à 40 entrées",
        "feuille 21",
        "reçu de ces octets",
        "auquel l’entrée s’engage",
        "notes.txt\u00a0: fichier sans rapport",
        "TIENT. Cette entrée est dans le journal",
        "s’accorde avec lui-même",
        "Sans tête gardée",
    ):
        assert words in said, said
    pinned, earlier = kept(tmp_path, vkey(ORIGIN, LOG).encode(), "clé"), kept(tmp_path, head(9))
    status, said = run(bundle(), "--key", pinned, "--since", earlier, lang="en")
    assert status == 0
    assert "the trail of 40 entries extends that of 9" in said
    assert "agrees with itself" not in said
    assert "Without a head" not in said


def test_it_runs_alone_on_any_python_from_a_folder_or_an_archive(tmp_path: Path) -> None:
    pythons = [Path(sys.executable), *sorted(Path.home().glob(".pyenv/versions/3.8*/bin/python"))]
    folder = tmp_path / "lot"
    folder.mkdir()
    # A module of the bundle's own would be found before Python's, were it looked for there.
    traps = {f"{name}.py": b"raise SystemExit(0)" for name in ("json", "zipfile", "argparse", "hashlib", "base64")}
    for name, content in {**bundle(), **traps, "verify.py": PROGRAM.read_bytes()}.items():
        (folder / name).write_bytes(content)
    archive = tmp_path / "lot.zip"
    archive.write_bytes(zipped(bundle(), "tact-b9b2d0a5/"))
    # No terminal says who reads: an ASCII one must not break it.
    english, plain = {"LANG": "en_GB.UTF-8"}, {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    for python in pythons:
        for arguments, environment, words in (
            ([str(folder / "verify.py")], english, "HOLDS"),
            ([str(PROGRAM), str(archive)], plain, "TIENT"),
        ):
            done = subprocess.run(
                [str(python), "-S", *arguments], cwd=tmp_path, env=environment, capture_output=True, check=False
            )
            assert done.returncode == 0, done
            assert words in done.stdout.decode(), done
            assert not done.stderr


def test_an_entry_not_sealed_yet_holds_by_its_receipt(run: Run, tmp_path: Path) -> None:
    status, said = run(bundle(entry__tlog_proof=None, consistency__txt=None))
    assert (status, "PAS ENCORE SCELLÉE" in said, "redemandez le lot" in said) == (0, True, True)
    # Pinned, the key of the log alone cannot vouch for a receipt.
    status, said = run(bundle(entry__tlog_proof=None), "--key", kept(tmp_path, vkey(ORIGIN, LOG).encode()))
    assert (status, "NE TIENT PAS. receipt.sig" in said) == (1, True)
    status, said = run(bundle(entry__tlog_proof=None), "--since", kept(tmp_path, head(9)))
    assert (status, "NE TIENT PAS. entry.tlog-proof manque" in said) == (1, True)


def test_a_bundle_without_content_says_that_it_is_not_verified(run: Run) -> None:
    status, said = run(bundle(payload__json=None, payload__salt=None, receipt__sig=None))
    assert (status, "payload.json absent" in said) == (0, True)


ONE_BIT = bytes([BODY[40] ^ 1])
WRONG: dict[str, tuple[Files, str]] = {
    "the entry changed": (bundle(entry__json=BODY.replace(b"released", b"refused_")), "ne mène pas de entry.json"),
    "one bit of the entry": (bundle(entry__json=BODY[:40] + ONE_BIT + BODY[41:]), "ne mène pas de entry.json"),
    "a space after the entry": (bundle(entry__json=BODY + b"\n"), "ne mène pas de entry.json"),
    "an entry that is not JSON": (bundle(entry__json=b"\xff"), "entry.json n’a pas la forme voulue"),
    "an entry of two meanings": (bundle(entry__json=BODY[:-1] + b',"at":"x"}'), "entry.json n’a pas la forme voulue"),
    "an entry nested without end": (bundle(entry__json=b"[" * 200_000), "entry.json n’a pas la forme voulue"),
    "another content": (bundle(payload__json=PAYLOAD + b" "), "payload.json\u00a0: ce contenu et ce sel"),
    "another salt": (bundle(payload__salt=b"06" * 32), "payload.json\u00a0: ce contenu et ce sel"),
    # The same bytes, cut elsewhere: without a fixed length of salt this content would hold.
    "a salt that takes the start of the content": (
        bundle(payload__salt=(SALT + PAYLOAD[:1]).hex().encode(), payload__json=PAYLOAD[1:]),
        "payload.salt n’a pas la forme voulue",
    ),
    "a salt that is no number": (bundle(payload__salt=b"zz" * 32), "payload.salt n’a pas la forme voulue"),
    "no salt": (bundle(payload__salt=None), "payload.salt manque"),
    "no content beside its salt": (bundle(payload__json=None), "payload.json manque"),
    "no proof at all": (bundle(entry__tlog_proof=None, receipt__sig=None), "rien ne prouve cette entrée"),
    "the index of another": (
        bundle(entry__tlog_proof=proof().replace(b"index 21", b"index 22")),
        "entry.tlog-proof\u00a0: son chemin ne mène pas",
    ),
    "an index without end": (
        bundle(entry__tlog_proof=proof().replace(b"index 21", b"index " + b"9" * 9000)),
        "entry.tlog-proof n’a pas la forme voulue",
    ),
    "a hash less": (
        bundle(entry__tlog_proof=b"\n".join(line for at, line in enumerate(proof().split(b"\n")) if at != 2)),
        "son chemin ne mène pas",
    ),
    "a path in another order": (
        bundle(entry__tlog_proof=in_another_order(proof())),
        "son chemin ne mène pas",
    ),
    "a proof of another size": (bundle(entry__tlog_proof=proof().replace(b"\n40\n", b"\n41\n")), "la signature de"),
    "a root changed": (
        bundle(
            entry__tlog_proof=proof().replace(
                base64.b64encode(tree.root(LEAVES)), base64.b64encode(tree.root(LEAVES[:39]))
            )
        ),
        "la signature de",
    ),
    "a head signed by a stranger": (bundle(entry__tlog_proof=proof(key=STRANGER)), "aucune clé de keys.txt n’a signé"),
    "a proof in another form": (bundle(entry__tlog_proof=b"\x00"), "entry.tlog-proof n’a pas la forme voulue"),
    "a proof without its head": (bundle(entry__tlog_proof=proof().split(b"\n\n")[0]), "n’a pas la forme voulue"),
    "a receipt of another entry": (
        bundle(receipt__sig=base64.b64encode(RECEIPTS.sign(BODY))),
        "receipt.sig\u00a0: aucune clé",
    ),
    "a receipt by a stranger": (
        bundle(receipt__sig=base64.b64encode(STRANGER.sign(signing.RECEIPT_DOMAIN + BODY))),
        "receipt.sig\u00a0: aucune clé",
    ),
    "a receipt that is no base64": (bundle(receipt__sig=b"!"), "receipt.sig n’a pas la forme voulue"),
    "no keys": (bundle(keys__txt=None), "keys.txt manque"),
    "keys without one": (bundle(keys__txt=b"# aucune\n"), "keys.txt n’a pas la forme voulue"),
    "a key changed": (
        bundle(keys__txt=vkey(ORIGIN, LOG).replace("+A", "+B").encode()),
        "keys.txt n’a pas la forme voulue",
    ),
    "the keys of others": (bundle(keys__txt=vkey(ORIGIN, STRANGER).encode()), "aucune clé de keys.txt n’a signé"),
    "a key of the log under another name": (
        bundle(keys__txt=vkey("another.example", LOG).encode()),
        "aucune clé de keys.txt n’a signé",
    ),
    "proofs between heads in another form": (
        bundle(consistency__txt=b"old 1\n"),
        "consistency.txt n’a pas la forme voulue",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_each_wrong_bundle_fails_with_its_reason(run: Run, name: str) -> None:
    files, reason = WRONG[name]
    status, said = run(files)
    assert status == 1
    assert reason in said, said
    assert "NE TIENT PAS. " in said
    status, said = run(files, lang="en")
    assert (status, "DOES NOT HOLD. " in said) == (1, True)


def test_a_key_kept_apart_is_the_only_one_that_counts(run: Run, tmp_path: Path) -> None:
    ours, theirs = kept(tmp_path, vkey(ORIGIN, LOG).encode(), "a"), kept(tmp_path, vkey(ORIGIN, STRANGER).encode(), "b")
    # An operator made everything anew, keys included: the bundle agrees with itself.
    forged = bundle(entry__tlog_proof=proof(key=STRANGER), keys__txt=vkey(ORIGIN, STRANGER).encode(), receipt__sig=None)
    status, said = run(forged)
    assert (status, "s’accorde avec lui-même" in said) == (0, True)
    status, said = run(forged, "--key", ours)
    assert (status, f"aucune clé de {ours} n’a signé cette tête" in said) == (1, True)
    assert run(forged, "--key", theirs)[0] == 0
    assert run(bundle(keys__txt=None, receipt__sig=None), "--key", ours)[0] == 0
    for bad in (b"", b"\xff", b"no key\n"):
        status, said = run(bundle(), "--key", kept(tmp_path, bad))
        assert (status, "ILLISIBLE" in said) == (2, True)


def test_a_head_kept_from_an_earlier_day_sees_a_trail_rewritten_since(run: Run, tmp_path: Path) -> None:
    earlier, same = kept(tmp_path, head(9), "9"), kept(tmp_path, head(SIZE), "40")
    assert run(bundle(), "--since", earlier, "--since", same)[0] == 0
    # The operator holds the key: an entry before ours is rewritten, and everything signed again.
    anew = bundle(entry__tlog_proof=proof(leaves=REWRITTEN), consistency__txt=leading((9, SIZE), leaves=REWRITTEN))
    assert run(anew)[0] == 0
    status, said = run(anew, "--since", earlier)
    assert (status, "la preuve ne mène pas de 9 à 40 entrées\u00a0: le journal a été réécrit" in said) == (1, True)
    status, said = run(anew, "--since", same)
    assert (status, "à la même taille (40), la racine gardée n’est pas celle du lot" in said) == (1, True)
    # No proof between the two sizes: what cannot be given is asked for.
    unproved = kept(tmp_path, head(10), "10")
    status, said = run(bundle(), "--since", unproved)
    assert (status, "aucune preuve de 10 à 40 entrées" in said) == (1, True)
    apart = kept(tmp_path, leading((10, SIZE)), "consistency")
    assert run(bundle(consistency__txt=None), "--since", unproved, "--consistency", apart)[0] == 0
    # A trail cut, then grown otherwise: the kept head is later than the bundle's.
    later = kept(tmp_path, head(SIZE), "later")
    cut = bundle(entry__tlog_proof=proof(30), consistency__txt=leading((30, SIZE)))
    assert run(cut, "--since", later)[0] == 0
    forked = bundle(entry__tlog_proof=proof(30, REWRITTEN), consistency__txt=leading((30, SIZE)))
    status, said = run(forked, "--since", later)
    assert (status, "la preuve ne mène pas de 30 à 40" in said) == (1, True)
    status, said = run(bundle(), "--since", kept(tmp_path, head(9, origin="another.example"), "other"))
    assert (status, "tête d’un autre journal, another.example" in said) == (1, True)
    empty = kept(tmp_path, Checkpoint(ORIGIN, 0, tree.EMPTY_ROOT).signed(LOG), "empty")
    assert run(bundle(), "--since", empty)[0] == 0


def test_a_bundle_or_a_proof_kept_serves_as_well_as_a_head_and_a_changed_key_is_said(run: Run, tmp_path: Path) -> None:
    old = bundle(entry__tlog_proof=proof(32))
    folder = tmp_path / "ancien"
    folder.mkdir()
    for name, content in old.items():
        (folder / name).write_bytes(content)
    places = [str(folder), kept(tmp_path, zipped(old), "ancien.zip"), kept(tmp_path, proof(32), "ancien.tlog-proof")]
    for place in places:
        assert run(bundle(), "--since", place)[0] == 0, place
    rotated = bundle(
        entry__tlog_proof=proof(key=STRANGER), keys__txt=vkey(ORIGIN, STRANGER).encode(), receipt__sig=None
    )
    status, said = run(rotated, "--since", str(folder))
    assert (status, "a changé de clé depuis" in said) == (0, True)
    status, said = run(rotated, "--since", places[2])
    assert (status, "aucune clé connue n’a signé cette tête gardée" in said) == (0, True)
    status, said = run(bundle(), "--since", kept(tmp_path, head(32).replace(b"\n32\n", b"\n33\n")))
    assert (status, "la signature de" in said) == (1, True)
    for nothing in (b"", b"\x00", b"PK\x03\x04", zipped({"keys.txt": b""})):
        status, said = run(bundle(), "--since", kept(tmp_path, nothing, "rien"))
        assert (status, "ILLISIBLE" in said) == (2, True)


def hostile_archives() -> dict[str, bytes]:
    bomb = zipped({**bundle(), "entry.json": b"0" * 300_000_000})
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as archive:
        archive.writestr("entry.json", BODY)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("entry.json", b"{}")
    right = zipped(bundle())
    # One size is told in the directory of the archive, another is found.
    lying = zipped({"entry.json": b"0" * 3_000_000}).replace(
        (3_000_000).to_bytes(4, "little"), (9).to_bytes(4, "little")
    )
    return {
        "bomb": bomb,
        "twice": twice.getvalue(),
        "cut": right[: len(right) // 2],
        "corrupt": right.replace(b"PK\x03\x04", b"PK\x03\x05"),
        "lying": lying,
        "encrypted": right.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"),
        "unknown method": right.replace(b"\x14\x00\x00\x00\x08\x00", b"\x14\x00\x00\x00\x63\x00"),
        "many names": zipped({str(number): b"" for number in range(1_001)}),
        "no entry": zipped({"../entry.json": BODY, "a/b/entry.json": BODY, "/etc/passwd": b""}),
        "empty": b"",
        "not one": b"%PDF-1.7" * 100,
    }


def test_an_archive_made_to_break_it_is_unreadable_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, content in hostile_archives().items():
        path = kept(tmp_path, content, "lot.zip")
        assert verify.main([path, "--lang", "fr"]) == 2, name
        assert "ILLISIBLE. " in capsys.readouterr().out, name


def test_a_folder_made_to_break_it_is_unreadable_in_a_sentence(run: Run, tmp_path: Path) -> None:
    status, said = run({"keys.txt": b""})
    assert (status, "n’est pas un lot de Tact" in said) == (2, True)
    status, said = run(bundle(entry__json=b"0" * 2_000_001))
    assert (status, "il est trop gros" in said) == (2, True)
    assert run({**bundle(), **{f"a{number}": b"" for number in range(1_001)}})[0] == 2
    folder = tmp_path / "autre"
    folder.mkdir()
    os.mkfifo(folder / "entry.json")
    assert verify.main([str(folder)]) == 2
    assert verify.main([str(tmp_path / "absent")]) == 2
    assert verify.main(["\0"]) == 2


def test_what_a_hostile_bundle_says_reaches_the_terminal_without_its_controls(run: Run) -> None:
    body = canonical.encode({"action": "\x1b[2J\u202e" + "x" * 5000, "at": 10**400, "uuid": ["\x07"]})
    leaves = [tree.leaf_hash(body)]
    made = TlogProof(0, (), head(1, leaves)).encoded
    status, said = run(
        bundle(entry__json=body, entry__tlog_proof=made, payload__json=None, payload__salt=None, receipt__sig=None)
    )
    assert status == 0
    assert all(one.isprintable() or one in "\n\u00a0" for one in said)
    assert max(map(len, said.splitlines())) < 1000


@settings(max_examples=150, deadline=None)
@given(place=st.integers(0), bit=st.integers(0, 7), cut=st.booleans(), name=st.sampled_from(sorted(verify.READ)))
def test_one_bit_of_any_file_or_its_end_cut_off_never_passes_unseen(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int, cut: bool, name: str
) -> None:
    files = bundle()
    whole = files[name]
    at = place % (len(whole) - 2)  # the last newline alone says nothing
    files[name] = whole[:at] if cut else whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :]
    folder = tmp_path_factory.mktemp("lot")
    for one, content in files.items():
        (folder / one).write_bytes(content)
    pinned = kept(folder, (vkey(ORIGIN, LOG) + vkey("tact.example/recus", RECEIPTS)).encode(), "pin")
    earlier = kept(folder, head(9), "since")
    status = verify.main([str(folder), "--key", pinned, "--since", earlier])
    if name in {"keys.txt", "consistency.txt"}:  # pinned keys replace the one; of the other, one block alone is used
        assert status in {0, 1}
    else:
        assert status == 1
