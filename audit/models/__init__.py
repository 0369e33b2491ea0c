"""The two registers, and what seals the first."""

from .registers import Access, Entry, Payload, Xid8Field
from .sealed import Alarm, Checkpoint, Erasure, Leaf, ReceiptKey, SealKey, Tile, Verification

__all__ = [
    "Access",
    "Alarm",
    "Checkpoint",
    "Entry",
    "Erasure",
    "Leaf",
    "Payload",
    "ReceiptKey",
    "SealKey",
    "Tile",
    "Verification",
    "Xid8Field",
]
