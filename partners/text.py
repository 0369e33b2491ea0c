"""What people type, made safe to keep and to show: one spelling, no invisible commands (Unicode TR36, TR39)."""

import unicodedata

# Bidirectional overrides and isolates, zero-width characters, byte-order mark: they hide or reorder what is read.
_HIDDEN = dict.fromkeys(
    [
        *range(0x202A, 0x202F),
        *range(0x2066, 0x2070),
        *(0x200B, 0x200E, 0x200F, 0x061C, 0x180E, 0x2060, 0xFEFF, 0x00AD),
        *range(0xE0000, 0xE0080),  # tags: an invisible alphabet
    ]
)
_KEPT_CONTROLS = "\n\t"


def plain(text: str) -> str:
    """The same text in NFC, line ends as LF, without control, bidirectional or zero-width characters, stripped."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_HIDDEN)
    text = "".join(
        char for char in text if char in _KEPT_CONTROLS or unicodedata.category(char) not in ("Cc", "Cs", "Co")
    )
    # Last: what stood between a letter and its accent is gone, and they compose.
    return unicodedata.normalize("NFC", text).strip()


def graphemes(text: str) -> int:
    """How many characters a reader sees: combining marks and joiners do not count."""
    return sum(1 for char in text if not unicodedata.combining(char) and char != "\u200d")
