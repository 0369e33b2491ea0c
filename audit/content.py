"""What the bytes of one entry must say: their form, their columns, their hash, their receipt, their personal part."""

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from . import canonical, ledger
from .faults import Flaw
from .reading import Row

KEYS = frozenset({"v", "uuid", "nonce", "at", "action", "actor", "case", "refs", "codes", "commitment"})
# The body's name of what a column repeats, and the column.
REPEATED = (("uuid", "uuid"), ("at", "at"), ("action", "action"), ("actor", "actor_ref"), ("case", "case_ref"))

ReceiptCheck = Callable[[Row], bool]


def entry_flaws(row: Row, check: ReceiptCheck | None) -> list[Flaw]:
    """Everything wrong with one entry as it stands in the database; its receipt too, where there is a `check`."""
    wrong: list[Flaw] = []
    body = _parsed(row.body, wrong)
    if body is not None:
        wrong += [Flaw("column", column) for name, column in REPEATED if not _says(body[name], getattr(row, column))]
        if row.payload is not None and canonical.commitment(row.salt or b"", row.payload) != body["commitment"]:
            wrong.append(Flaw("commitment"))
    if row.leaf_hash is None or canonical.leaf_hash(row.body) != row.leaf_hash:
        wrong.append(Flaw("leaf_hash"))
    if check is not None and not check(row):
        wrong.append(Flaw("receipt"))
    if row.payload is None:
        wrong.append(Flaw("payload_missing"))
    return wrong


def _says(value: Any, column: bytes | None) -> bool:
    if isinstance(value, str):
        return value.encode() == column
    return value is None and column is None


def _parsed(raw: bytes, wrong: list[Flaw]) -> dict[str, Any] | None:
    try:
        body = json.loads(raw)
        same = canonical.encode(body) == raw
    except (ValueError, RecursionError):  # not JSON, not UTF-8, or nested to exhaust whoever reads it
        wrong.append(Flaw("unreadable"))
        return None
    if not same:
        wrong.append(Flaw("not_canonical"))
    if not isinstance(body, dict) or body.keys() != KEYS:
        wrong.append(Flaw("format", "v"))
        return None
    if body["v"] != ledger.FORMAT:
        wrong.append(Flaw("format", f"v {body['v']}"))
    return body


# --- The same at a glance ---------------------------------------------------------------------------------------------
#
# The body is canonical: what its columns repeat is its beginning and its end, which PostgreSQL writes again from the
# columns. What stands between is two objects and two strings of 64 characters. An entry that is found sound this way has
# no flaw; about any other, `entry_flaws` says what is wrong, if anything is (tests hold the two to each other).

SAYS = """
    '{"action":' || to_json(e.action)::text || ',"actor":' || coalesce('"' || e.actor_ref || '"', 'null')
    || ',"at":"' || to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","case":'
    || coalesce('"' || e.case_ref || '"', 'null') || ',"codes":,"uuid":"' || e.uuid || '","v":1}'
"""
END = len(',"uuid":"","v":1}') + 36
_UUID = re.compile(rb'"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"(?!:)')
_COMMITMENT, _NONCE, _REFS = b',"commitment":"', b'","nonce":"', b'","refs":'
_ANY_UUID = rb'"[0-9a-f-]{36}"'
MOST_KNOWN = 20_000
"""Shapes of objects that are remembered: a few megabytes."""
MOST_PATTERNS = 500


def glance() -> Callable[[bytes, bytes, bytes, bytes], bool]:
    """`sound(says, body, salt, payload)`: whether the body is canonical, says what its columns say (`SAYS`), and commits
    to this salt and payload. One is made for each reader: it remembers the shapes of objects that it found canonical.
    """
    known: set[bytes] = set()
    patterns: dict[int, Callable[[bytes], object]] = {}
    sha256, domain, shape = hashlib.sha256, canonical.COMMITMENT_DOMAIN, _UUID.sub

    def canonical_object(raw: bytes) -> bool:
        try:
            value = json.loads(raw)
            if not isinstance(value, dict) or canonical.encode(value) != raw:
                return False
        except (ValueError, RecursionError):
            return False
        if len(known) >= MOST_KNOWN:
            known.clear()
        known.add(raw)
        return True

    def canonical_references(refs: bytes) -> bool:
        """An identifier between quotes that is no name may be any other: what is around it says whether it is canonical."""
        around = shape(b'""', refs)
        if around not in known and not canonical_object(around):
            return False
        if len(refs) not in patterns and len(patterns) < MOST_PATTERNS:
            pattern = _ANY_UUID.join(re.escape(one) for one in _UUID.split(refs))
            patterns[len(refs)] = re.compile(pattern).fullmatch
        return True

    def sound(says: bytes, body: bytes, salt: bytes, payload: bytes) -> bool:
        cut = len(says) - END
        if not (body.startswith(says[:cut]) and body.endswith(says[cut:])):
            return False
        between = body[cut:-END]
        at = between.find(_COMMITMENT)
        commitment = sha256(domain + salt + payload).hexdigest().encode() + _NONCE
        if at < 0 or between[at + 15 : at + 90] != commitment or between[at + 154 : at + 163] != _REFS:
            return False
        if not between[at + 90 : at + 154].isalnum():
            return False
        codes, refs = between[:at], between[at + 163 :]
        matches = patterns.get(len(refs))
        if (matches is None or matches(refs) is None) and not canonical_references(refs):
            return False
        return codes in known or canonical_object(codes)

    return sound
