"""What `verify.py` does itself for want of a library: Ed25519, strictly; and what it is written with."""

import re
import sys
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.notes import VerifierKey
from audit.offline import verify
from tests.audit.bundles import LOG


def test_its_signatures_are_those_of_the_standard_and_of_the_house() -> None:
    # RFC 8032 section 7.1, tests 1 to 3.
    for public, message, signature in (
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ):
        assert verify.signature_holds(*(bytes.fromhex(one) for one in (public, message, signature)))

    @settings(max_examples=40, deadline=None)
    @given(seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=80), at=st.integers(0, 511))
    def same(seed: bytes, message: bytes, at: int) -> None:
        key = Ed25519PrivateKey.from_private_bytes(seed)
        public, signature = VerifierKey.of("x", key).public, key.sign(message)
        forged = signature[: at // 8] + bytes([signature[at // 8] ^ 1 << at % 8]) + signature[at // 8 + 1 :]
        assert verify.signature_holds(public, message, signature)
        assert not verify.signature_holds(public, message + b"x", signature)
        assert not verify.signature_holds(public, message, forged)
        with pytest.raises(InvalidSignature):
            Ed25519PublicKey.from_public_bytes(public).verify(forged, message)

    same()


def test_a_signature_has_one_writing_and_a_key_of_small_order_signs_nothing() -> None:
    public, signature = VerifierKey.of("x", LOG).public, LOG.sign(b"m")
    s = int.from_bytes(signature[32:], "little")
    assert not verify.signature_holds(public, b"m", signature[:32] + (s + verify.ORDER).to_bytes(32, "little"))
    assert not verify.signature_holds(public, b"m", signature + b"\0")
    assert not verify.signature_holds(public[:31], b"m", signature)
    # Keys of small order, for which R = the neutral point and S = 0 would sign any message in eight.
    neutral = (1).to_bytes(32, "little")
    small = [neutral, bytes(32), (verify.P - 1).to_bytes(32, "little")]
    small.append(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"))
    for key in small:
        assert not any(verify.signature_holds(key, b"%d" % number, neutral + bytes(32)) for number in range(16))
    # Points written otherwise than in the one way allowed, or that are on no curve.
    for raw in (verify.P, verify.P + 1, 2**255 - 1, 1 | 1 << 255, 2):
        assert verify.point_read(raw.to_bytes(32, "little")) is None, raw


def test_it_imports_nothing_but_the_standard_library() -> None:
    names = {
        line.split()[1].split(".")[0]
        for line in Path(verify.__file__).read_text(encoding="utf-8").splitlines()
        if line.startswith(("import ", "from "))
    }
    assert names <= sys.stdlib_module_names


def test_each_sentence_says_the_same_in_both_languages_with_french_typography() -> None:
    for key, (french, english) in verify.SAID.items():
        places = [sorted(re.findall(r"\{\w+\}", text)) for text in (french, english)]
        assert places[0] == places[1], key
        assert not re.search(r"[ \w}][:;?!](?= |$)|'", french), french
