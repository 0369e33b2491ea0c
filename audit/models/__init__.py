"""The two registers, and what seals the first."""

from .registers import Access, Entry, Payload, Xid8Field
from .sealed import Alarm, Checkpoint, Erasure, Leaf, SealKey, Tile, Verification

__all__ = [
    "Access",
    "Alarm",
    "Checkpoint",
    "Entry",
    "Erasure",
    "Leaf",
    "Payload",
    "SealKey",
    "Tile",
    "Verification",
    "Xid8Field",
]
