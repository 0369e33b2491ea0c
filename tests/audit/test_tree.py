"""The tree is RFC 6962's, no more and no less: public vectors, the RFC's own definition, and every mutation of a proof."""

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import canonical, tree
from audit.offline import verify as offline

VECTORS = Path(__file__).parent / "vectors" / "rfc6962.json"
WIDEST = 600
"""More than two tiles, so that their edges are crossed."""
some = settings(max_examples=80, deadline=None)


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH, word for word from RFC 6962 section 2.1, over leaf hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else tree.EMPTY_ROOT
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return tree.node_hash(by_definition(leaves[:k]), by_definition(leaves[k:]))


LEAVES = [tree.leaf_hash(b"%d" % number) for number in range(WIDEST)]
ROOTS: dict[int, bytes] = {}


def root_of(size: int) -> bytes:
    if size not in ROOTS:
        ROOTS[size] = by_definition(LEAVES[:size])
    return ROOTS[size]


def tiles(height: int, number: int) -> bytes:
    """The tiles of these leaves, as a table would hold them."""
    hashes = b"".join(LEAVES)
    if height == 1:
        full = [hashes[at : at + 8192] for at in range(0, len(hashes) - 8191, 8192)]
        hashes = b"".join(tree.packed_root(one) for one in full)
    return hashes[number * 8192 : (number + 1) * 8192]


NODES = [tree.node_of_leaves(LEAVES), tree.node_of_tiles(tiles)]
sizes = st.one_of(st.integers(1, 40), st.integers(1, WIDEST), st.sampled_from([255, 256, 257, 511, 512, 513]))


def test_every_public_vector_comes_out_as_it_should_and_the_command_counts_them() -> None:
    said = io.StringIO()
    call_command("check_vectors", VECTORS, stdout=said)
    vectors = json.loads(VECTORS.read_text())
    count = len(vectors["inclusion"]) + len(vectors["consistency"]) + len(vectors["reference"]["roots"]) + 1
    assert said.getvalue().splitlines() == [f"{count} passed, 0 failed"]


def test_the_command_names_what_failed_and_counts_hostile_cases_as_refused(tmp_path: Path) -> None:
    vectors = json.loads(VECTORS.read_text())
    happy = next(case for case in vectors["inclusion"] if not case["wantErr"])
    file = tmp_path / "others.json"
    changes: dict[str, list[Any]] = {
        "leafIdx": [-1, 1.0, "0", None, True, 2**64],
        "treeSize": [-8, 8.0, "8", None, [], 0, 2**64, 2**70],
        "root": [None, 3, "***", "", happy["root"] + "AAAA"],
        "leafHash": [None, {}, "é", "AA=="],
        "proof": [None, [], 7, "abc", [None], [[]], [""], happy["proof"] * 40],
    }
    hostile = [{**happy, "wantErr": True, field: value} for field, values in changes.items() for value in values]
    hostile.append({"name": "nothing said", "wantErr": True})
    written = json.dumps({"inclusion": hostile, "consistency": hostile[-1:]})
    file.write_text(written.replace('"leafIdx": -1', f'"leafIdx": {"9" * 9000}'))
    said = io.StringIO()
    call_command("check_vectors", file, stdout=said)
    assert said.getvalue() == f"{len(hostile) + 1} passed, 0 failed\n"

    file.write_text(
        json.dumps({"inclusion": [{**happy, "wantErr": True}, "no case"], "reference": {"empty_root": "00"}})
    )
    said = io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("check_vectors", file, stdout=said)
    lines = said.getvalue().splitlines()
    assert left.value.code == 1
    assert lines[-1] == "0 passed, 3 failed"
    assert happy["name"] in lines[0]
    for content in ("[]", "{", "[" * 100_000):
        file.write_text(content)
        with pytest.raises(CommandError) as refused:
            call_command("check_vectors", file)
        assert refused.value.returncode == 2


def test_equal_sizes_hold_by_their_roots_alone_as_the_public_vectors_say() -> None:
    # "sizes are equal (one / zero) and proof is empty", of the same public data.
    for size in (0, 1):
        assert tree.verify_consistency(size, size, b"don't care", b"don't care", [])
    assert not tree.verify_consistency(0, 1, tree.EMPTY_ROOT, root_of(1), [])


@some
@given(size=st.integers(0, WIDEST), cut=st.integers(0, WIDEST))
def test_every_way_to_a_root_gives_the_one_of_the_definition(size: int, cut: int) -> None:
    whole, apart, grown = tree.Frontier(), tree.Frontier(), tree.Frontier()
    whole.extend(LEAVES[:size])
    apart.extend(LEAVES[: min(cut, size)])
    kept = tree.Frontier(apart.size, apart.peaks)
    kept.extend(LEAVES[min(cut, size) : size])
    for leaf in LEAVES[:size]:
        grown.append(leaf)
    found = {tree.root(LEAVES[:size]), whole.root(), kept.root(), grown.root()}
    found |= {tree.root_at(size, node) for node in NODES}
    assert found == {root_of(size)}
    assert whole.peaks == grown.peaks == kept.peaks == tree.Frontier.of(size, NODES[1]).peaks


def flipped(value: bytes, bit: int) -> bytes:
    place = bit % (8 * len(value))
    return value[: place // 8] + bytes([value[place // 8] ^ 1 << place % 8]) + value[place // 8 + 1 :]


def mutations(proof: list[bytes], bit: int) -> list[list[bytes]]:
    """The same proof, changed in each way that proofs are: never equal to it."""
    changed: list[list[bytes]] = [[*proof, LEAVES[0]], [LEAVES[0], *proof], [*proof, b""], [b"", *proof]]
    for place, one in enumerate(proof):
        around = proof[:place], proof[place + 1 :]
        changed += [[*around[0], *around[1]], [*around[0], one, *proof[place:]]]
        changed += [[*around[0], other, *around[1]] for other in (flipped(one, bit), one[:-1], one + b"\0", b"")]
    changed += [[*proof[:at], proof[at + 1], proof[at], *proof[at + 2 :]] for at in range(len(proof) - 1)]
    return [one for one in changed if one != proof]


Verifier = Callable[..., bool]


@pytest.mark.parametrize("verified", [tree.verify_inclusion, offline.verify_inclusion], ids=["audit", "offline"])
def test_an_inclusion_proof_verifies_and_no_mutation_of_it_does(verified: Verifier) -> None:
    @some
    @given(size=sizes, at=st.integers(0), bit=st.integers(0, 255), node=st.sampled_from(NODES))
    def holds(size: int, at: int, bit: int, node: tree.Node) -> None:
        index, root = at % size, root_of(size)
        leaf, proof = LEAVES[index], tree.inclusion_proof(index, size, node)
        assert verified(leaf, index, size, proof, root)
        assert not any(verified(leaf, index, size, one, root) for one in mutations(proof, bit))
        assert not verified(flipped(leaf, bit), index, size, proof, root)
        assert not verified(leaf, index, size, proof, flipped(root, bit))
        for other in {index - 1, index + 1, index ^ 2, index + size, -index - 1} - {index}:
            assert not verified(leaf, other, size, proof, root)
        # A size next to it may give this leaf the same path: what is signed is a size and its root.
        for other in {size - 1, size + 1} - {0, WIDEST + 1}:
            assert not verified(leaf, index, other, proof, root_of(other))
        for other in (2 * size, 0, -size, 2**64):
            assert not verified(leaf, index, other, proof, root)

    holds()


@pytest.mark.parametrize("verified", [tree.verify_consistency, offline.verify_consistency], ids=["audit", "offline"])
def test_a_consistency_proof_verifies_and_no_mutation_of_it_does(verified: Verifier) -> None:
    @some
    @given(new=sizes, at=st.integers(0), bit=st.integers(0, 255), node=st.sampled_from(NODES))
    def holds(new: int, at: int, bit: int, node: tree.Node) -> None:
        old = 1 + at % new
        before, after, proof = root_of(old), root_of(new), tree.consistency_proof(old, new, node)
        assert verified(old, new, before, after, proof)
        assert not any(verified(old, new, before, after, one) for one in mutations(proof, bit))
        assert not verified(old, new, flipped(before, bit), after, proof)
        assert not verified(old, new, before, flipped(after, bit), proof)
        if old != new:
            assert not verified(old, new, after, before, proof)
            assert not verified(new, old, after, before, proof)
        for other in {old - 1, old + 1, old ^ 2, -old, 0} - {old}:
            assert not verified(other, new, before, after, proof)
        for other in {new - 1, new + 1} - {0, WIDEST + 1}:
            assert not verified(old, other, before, root_of(other), proof)
        for other in (0, -new, 2**64):
            assert not verified(old, other, before, after, proof)

    holds()


def test_the_program_that_stands_alone_answers_the_vectors_as_the_house_does() -> None:
    vectors = json.loads(VECTORS.read_text())

    def raw(case: dict[str, Any], *names: str) -> list[bytes]:
        return [base64.b64decode(case[name]) for name in names]

    for case in vectors["inclusion"]:
        leaf, root = raw(case, "leafHash", "root")
        proof = [base64.b64decode(one) for one in case["proof"] or []]
        said = [
            one(leaf, case["leafIdx"], case["treeSize"], proof, root)
            for one in (tree.verify_inclusion, offline.verify_inclusion)
        ]
        assert said == [not case["wantErr"]] * 2, case["name"]
    for case in vectors["consistency"]:
        old, new = raw(case, "root1", "root2")
        proof = [base64.b64decode(one) for one in case["proof"] or []]
        said = [
            one(case["size1"], case["size2"], old, new, proof)
            for one in (tree.verify_consistency, offline.verify_consistency)
        ]
        assert said == [not case["wantErr"]] * 2, case["name"]
    assert offline.leaf_hash(b"x") == tree.leaf_hash(b"x") == canonical.leaf_hash(b"x")


anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.binary(),
    st.just(LEAVES[0]),
    st.just(2**64),
    st.lists(st.binary()),
)


@some
@given(values=st.lists(anything, min_size=5, max_size=5), hashes=st.lists(st.just(LEAVES[0]), max_size=70))
def test_verifying_never_raises_whatever_it_is_given(values: list[Any], hashes: list[bytes]) -> None:
    for proof in (values[3], hashes):
        tree.verify_inclusion(values[0], values[1], values[2], proof, values[4])
        tree.verify_consistency(values[0], values[1], values[2], values[4], proof)


def test_what_cannot_be_proved_is_refused_by_whoever_makes_the_proof() -> None:
    node = NODES[0]
    for index, size in ((-1, 3), (3, 3), (0, 0), (0, 2**64)):
        with pytest.raises(ValueError, match="leaf of the tree"):
            tree.inclusion_proof(index, size, node)
    for old, new in ((0, 3), (4, 3), (-1, 3)):
        with pytest.raises(ValueError, match="not empty"):
            tree.consistency_proof(old, new, node)
    for size, peaks in ((3, LEAVES[:1]), (1, [b"short"]), (-1, [])):
        with pytest.raises(ValueError, match=r"edge|between"):
            tree.Frontier(size, peaks)
    with pytest.raises(ValueError, match="32 bytes each"):
        tree.packed_root(b"short")
    cut_elsewhere = [b"x" * 16, b"x" * 48]
    for add in (tree.root, tree.Frontier().extend, lambda hashes: tree.Frontier().append(hashes[1])):
        with pytest.raises(ValueError, match="is 32 bytes"):
            add(cut_elsewhere)
    for one in NODES:
        with pytest.raises(IndexError):
            one(0, WIDEST)
