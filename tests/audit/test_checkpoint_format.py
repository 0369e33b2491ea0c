"""Checkpoints, proofs and the file between two heads: what is written is read back the same, what differs is refused."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import consistency_proof, notes, tree
from audit.checkpoint import Checkpoint
from audit.consistency_proof import ConsistencyProof
from audit.notes import Malformed, NoKnownSignature, VerifierKey, WrongSignature
from audit.tlog_proof import NotIncluded, TlogProof

ORIGIN = "tact.example/journal"
LOG, WITNESS = (Ed25519PrivateKey.from_private_bytes(seed * 32) for seed in (b"l", b"w"))
LOG_KEY, WITNESS_KEY = VerifierKey.of(ORIGIN, LOG), VerifierKey.of("temoin.example", WITNESS)
BODIES = [b'{"n":%d}' % number for number in range(37)]
LEAVES = [tree.leaf_hash(body) for body in BODIES]
NODE = tree.node_of_leaves(LEAVES)
HEADS = {size: Checkpoint(ORIGIN, size, tree.root(LEAVES[:size])) for size in range(len(LEAVES) + 1)}
HEAD = HEADS[37]
some = settings(max_examples=100, deadline=None)


def proof_of(index: int, size: int = 37, extra: bytes | None = None) -> TlogProof:
    return TlogProof(index, tuple(tree.inclusion_proof(index, size, NODE)), HEADS[size].signed(LOG), extra)


def test_a_checkpoint_is_three_lines_that_the_log_signed() -> None:
    assert HEAD.text() == f"{ORIGIN}\n37\n{base64.b64encode(HEAD.root).decode()}\n"
    signed = HEAD.signed(LOG)
    assert signed.startswith(HEAD.text().encode() + f"\n— {ORIGIN} ".encode())
    assert Checkpoint.parse(signed) == Checkpoint.opened(signed, [LOG_KEY, WITNESS_KEY]) == HEAD
    # The example of c2sp.org/tlog-checkpoint.
    example = Checkpoint.of_text(
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    )
    assert (example.origin, example.size) == ("example.com/behind-the-sofa", 20852163)
    extended = Checkpoint(ORIGIN, 1, LEAVES[0], ("a line of another", "and one more"))
    assert Checkpoint.parse(extended.signed(LOG)) == extended


def test_a_head_that_only_a_witness_signed_is_not_the_logs() -> None:
    with pytest.raises(NoKnownSignature):
        Checkpoint.opened(HEAD.signed(WITNESS, "temoin.example"), [LOG_KEY, WITNESS_KEY])
    other = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
    with pytest.raises(NoKnownSignature):
        Checkpoint.opened(HEAD.signed(other), [LOG_KEY])
    grown = HEAD.signed(LOG).replace(b"\n37\n", b"\n38\n")
    with pytest.raises(WrongSignature):
        Checkpoint.opened(grown, [LOG_KEY])


@pytest.mark.parametrize(
    "text",
    [
        "\n37\nROOT\n",
        "log\n37\n",
        "log\n037\nROOT\n",
        "log\n+37\nROOT\n",
        "log\n-1\nROOT\n",
        "log\n3.7\nROOT\n",
        "log\n\u0663\nROOT\n",
        "log\n18446744073709551616\nROOT\n",
        f"log\n{'9' * 5000}\nROOT\n",
        "log\n\nROOT\n",
        "log\n37 \nROOT\n",
        "log\n0\nROOT\n",
        "log\n37\n\n",
        "log\n37\nAAAA\n",
        "log\n37\n ROOT\n",
        "log\n37\nROOT\n\nline\n",
        "log\n37\nROOT\n\n",
    ],
)
def test_a_head_that_is_not_written_as_it_should_be_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        Checkpoint.of_text(text.replace("ROOT", base64.b64encode(HEAD.root).decode()))


@some
@given(size=st.integers(1, 37), at=st.integers(0), extra=st.none() | st.binary(max_size=40))
def test_a_proof_written_is_read_back_and_leads_from_its_entry_alone(size: int, at: int, extra: bytes | None) -> None:
    index = at % size
    proof = proof_of(index, size, extra)
    assert TlogProof.parse(proof.encoded) == proof
    assert proof.verify(BODIES[index], [LOG_KEY], ORIGIN) == HEADS[size]
    with pytest.raises(NotIncluded):
        proof.verify(BODIES[index] + b" ", [LOG_KEY])
    with pytest.raises(NotIncluded, match="of the log"):
        proof.verify(BODIES[index], [LOG_KEY], "another.example/journal")
    with pytest.raises(NotIncluded):
        TlogProof((index + 1) % 37, proof.hashes, proof.checkpoint).verify(BODIES[index], [LOG_KEY])
    with pytest.raises(NoKnownSignature):
        proof.verify(BODIES[index], [WITNESS_KEY])


def test_a_proof_is_written_line_by_line_as_the_public_form_says() -> None:
    lines = proof_of(2, 3, b"beside").encoded.decode().split("\n")
    assert lines[:5] == [
        "c2sp.org/tlog-proof@v1",
        "extra YmVzaWRl",
        "index 2",
        base64.b64encode(tree.node_hash(LEAVES[0], LEAVES[1])).decode(),
        "",
    ]
    assert "\n".join(lines[5:]).encode() == HEADS[3].signed(LOG)
    assert proof_of(0, 1).encoded.startswith(b"c2sp.org/tlog-proof@v1\nindex 0\n\n" + ORIGIN.encode())


WHOLE = proof_of(5).encoded


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        WHOLE.replace(b"@v1", b"@v2"),
        WHOLE.replace(b"index 5\n", b""),
        WHOLE.replace(b"index 5\n", b"index 5\nindex 5\n"),
        WHOLE.replace(b"index 5", b"index 05"),
        WHOLE.replace(b"index 5", b"index"),
        WHOLE.replace(b"index 5", b"index -5"),
        WHOLE.replace(b"index 5", b"index 18446744073709551615"),
        WHOLE.replace(b"index 5", b"extra !\nindex 5"),
        WHOLE.replace(b"index 5", b"extra AA==\nextra AA==\nindex 5"),
        WHOLE.replace(b"index 5\n", b"index 5\nAAAA\n"),
        WHOLE.replace(b"index 5\n", b"index 5\r\n"),
        WHOLE.replace(b"index 5\n", "index 5\né\n".encode()),
        WHOLE.replace(b"index 5\n", b"index 5\n" + base64.b64encode(LEAVES[0]) * 65),
        WHOLE.replace(b"index 5\n", b"index 5\n" + (base64.b64encode(LEAVES[0]) + b"\n") * 65),
        WHOLE.replace(b"\n\n", b"\n"),
        WHOLE + b"x" * 2_000_000,
    ],
)
def test_a_proof_that_is_not_written_as_it_should_be_is_malformed(bad: bytes) -> None:
    with pytest.raises(Malformed):
        TlogProof.parse(bad)


@some
@given(at=st.integers(0, len(WHOLE) - 1), bit=st.integers(0, 7), cut=st.booleans())
def test_a_proof_changed_in_one_bit_or_cut_anywhere_never_verifies(at: int, bit: int, cut: bool) -> None:
    changed = WHOLE[:at] if cut else WHOLE[:at] + bytes([WHOLE[at] ^ 1 << bit]) + WHOLE[at + 1 :]
    with pytest.raises(notes.NoteError):
        TlogProof.parse(changed).verify(BODIES[5], [LOG_KEY], ORIGIN)


@some
@given(olds=st.lists(st.integers(1, 37), min_size=1, max_size=4))
def test_what_leads_from_earlier_heads_to_this_one_is_read_back_and_holds(olds: list[int]) -> None:
    proofs = [ConsistencyProof(old, 37, tuple(tree.consistency_proof(old, 37, NODE))) for old in olds]
    read = consistency_proof.parse(consistency_proof.written(proofs))
    assert read == proofs
    for proof in read:
        assert proof.holds(HEADS[proof.old], HEAD)
        assert not proof.holds(Checkpoint("another.example", proof.old, HEADS[proof.old].root), HEAD)
        assert not proof.holds(Checkpoint(ORIGIN, proof.old, LEAVES[3]), HEAD) or HEADS[proof.old].root == LEAVES[3]
        assert not proof.holds(HEADS[proof.old - 1], HEAD)


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"\n",
        b"tact/consistency/v2\nold 1\nnew 1\n",
        b"tact/consistency/v1\nold 1\n",
        b"tact/consistency/v1\nnew 1\nold 1\n",
        b"tact/consistency/v1\nold 0\nnew 1\n",
        b"tact/consistency/v1\nold 2\nnew 1\n",
        b"tact/consistency/v1\nold 01\nnew 1\n",
        b"tact/consistency/v1\nold 1\nnew 1",
        b"tact/consistency/v1\nold 1\nnew 2\nAAAA\n",
        b"tact/consistency/v1\nold 1\nnew 1\n\n",
        b"tact/consistency/v1\nold 1\nnew 1\n\n\ntact/consistency/v1\nold 1\nnew 1\n",
        b"tact/consistency/v1\nold 1\nnew 9\n" + (base64.b64encode(LEAVES[0]) + b"\n") * 66,
        "tact/consistency/v1\nold 1\nnew 1\né\n".encode(),
        b"x" * 1_000_001,
    ],
)
def test_a_file_between_two_heads_that_is_not_written_as_it_should_be_is_malformed(bad: bytes) -> None:
    with pytest.raises(Malformed):
        consistency_proof.parse(bad)
