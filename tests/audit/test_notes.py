"""Signed notes are those of the public form: others' notes open here, ours are theirs byte for byte, nothing else passes."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import notes
from audit.notes import Malformed, NoKnownSignature, VerifierKey, WrongSignature

# golang.org/x/mod/sumdb/note, note_test.go (BSD-3-Clause).
PETER = VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
PETER_KEY = Ed25519PrivateKey.from_private_bytes(
    base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]  # published with the test
)
ENOCH = VerifierKey.parse("EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop")
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
BY_PETER = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
BY_ENOCH = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
# c2sp.org/signed-note, its example.
EXAMPLE_KEY = VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
EXAMPLE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
OURS = Ed25519PrivateKey.from_private_bytes(b"7" * 32)


def note(*lines: str, text: str = TEXT) -> bytes:
    return (text + "\n" + "".join(lines)).encode()


def test_the_published_notes_open_and_the_published_key_signs_the_same_bytes() -> None:
    assert notes.sign(TEXT, "PeterNeumann", PETER_KEY) == note(BY_PETER)
    assert VerifierKey.of("PeterNeumann", PETER_KEY) == PETER
    assert [one.name for one in notes.open_note(note(BY_PETER, BY_ENOCH), [PETER, ENOCH]).signatures] == [
        "PeterNeumann",
        "EnochRoot",
    ]
    opened = notes.open_note(EXAMPLE.encode(), [EXAMPLE_KEY])
    assert opened.text == "This is an example message.\n"
    assert opened.encoded == EXAMPLE.encode()
    for key in (PETER, ENOCH, EXAMPLE_KEY):
        assert VerifierKey.parse(key.vkey) == key


def test_a_signature_of_an_unknown_key_is_ignored_and_one_of_a_known_key_must_be_good() -> None:
    alone = notes.open_note(note(BY_PETER, BY_ENOCH), [PETER])
    assert [one.name for one in alone.signatures] == ["PeterNeumann"]
    # Unknown: another name with the same id, and the same name with another id.
    others = BY_PETER.replace("PeterNeumann", "PeterNeuman"), BY_PETER.replace(" x08go", " x09go")
    for other in others:
        assert notes.open_note(note(other, BY_ENOCH), [PETER, ENOCH]).signatures[0].name == "EnochRoot"
        with pytest.raises(NoKnownSignature):
            notes.open_note(note(other), [PETER])
    forged = BY_PETER.replace("o/ZJ", "o/ZK")
    for lines in ((forged,), (BY_ENOCH, forged), (BY_PETER, forged), (forged, BY_PETER)):
        with pytest.raises(WrongSignature):
            notes.open_note(note(*lines), [PETER, ENOCH])
    with pytest.raises(WrongSignature):
        notes.open_note(note(BY_PETER, text=TEXT.replace("your", "our")), [PETER])
    with pytest.raises(NoKnownSignature):
        notes.open_note(note(BY_PETER), [])
    assert len(notes.open_note(note(BY_PETER, BY_PETER), [PETER, PETER]).signatures) == 1


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"\n",
        b"\n\n",
        TEXT.encode(),
        TEXT.encode() + b"\n",
        note(BY_PETER)[:-1],
        note(BY_PETER) + b"\n",
        note(BY_PETER, "\n", BY_ENOCH) + b"x\n",
        note(BY_PETER).replace(b"\n\n", b"\n"),
        note(BY_PETER, text="tab\there\n"),
        note(BY_PETER, text="return\r\n"),
        note(BY_PETER).replace(b"If", b"\xff"),
        note(BY_PETER.replace("— ", "- ")),
        note(BY_PETER.replace("— ", "—  ")),
        note(BY_PETER.replace("PeterNeumann ", "")),
        note(BY_PETER.replace("Peter", "Peter+")),
        note(BY_PETER.replace("Peter", "Peter\u00a0")),
        note(BY_PETER.replace("=\n", "\n")),
        note(BY_PETER.replace("AM=\n", "AN=\n")),
        note(BY_PETER.replace("=\n", "= \n")),
        note(BY_PETER.replace("x08go/", "x08go_")),
        note("— PeterNeumann \n"),
        note("— PeterNeumann x08gow==\n"),
        note(*[BY_PETER] * 101),
        note(BY_PETER, text="x" * 1_000_000 + "\n"),
    ],
)
def test_a_note_that_is_not_written_as_it_should_be_is_malformed(bad: bytes) -> None:
    with pytest.raises(Malformed):
        notes.open_note(bad, [PETER, ENOCH])


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TX",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "a\ud800+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_a_key_that_is_not_written_as_it_should_be_is_malformed(vkey: str) -> None:
    with pytest.raises(Malformed):
        VerifierKey.parse(vkey)


def test_two_keys_that_cannot_be_told_apart_are_refused() -> None:
    class Twin(VerifierKey):
        @property
        def id(self) -> bytes:
            return PETER.id

    with pytest.raises(ValueError, match="same id"):
        notes.open_note(note(BY_PETER), [PETER, Twin("PeterNeumann", ENOCH.public)])


def test_a_text_that_no_note_can_hold_is_never_signed() -> None:
    for text in ("", "no newline", "a\tb\n", "a\rb\n", "\ud800\n", "x" * 1_000_001 + "\n"):
        with pytest.raises(Malformed):
            notes.sign(text, "example.com/log", OURS)
    for name in ("", "two words", "a+b", "a\nb", "a\u2003b"):
        with pytest.raises(Malformed):
            notes.sign(TEXT, name, OURS)


lines = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), max_size=40)
some = settings(max_examples=100, deadline=None)


@some
@given(text=st.lists(lines, min_size=1, max_size=6), name=st.from_regex(r"[a-zé./\-]{1,20}", fullmatch=True))
def test_what_is_signed_opens_to_the_same_text_even_with_empty_lines(text: list[str], name: str) -> None:
    whole = "\n".join(text) + "\n"
    signed = notes.sign(whole, name, OURS)
    opened = notes.open_note(signed, [VerifierKey.of(name, OURS)])
    assert opened.text == whole
    assert opened.encoded == signed


@some
@given(at=st.integers(0, len(note(BY_PETER)) - 1), bit=st.integers(0, 7), cut=st.booleans())
def test_a_note_changed_in_one_bit_or_cut_anywhere_never_opens(at: int, bit: int, cut: bool) -> None:
    whole = note(BY_PETER)
    changed = whole[:at] if cut else whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :]
    with pytest.raises(notes.NoteError):
        notes.open_note(changed, [PETER])


@some
@given(st.binary(max_size=200))
def test_reading_a_note_raises_nothing_but_malformed(raw: bytes) -> None:
    for hostile in (raw, note(BY_PETER)[:-40] + raw, raw + note(BY_PETER)):
        try:
            notes.parse(hostile)
        except Malformed:
            continue
