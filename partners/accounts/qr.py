"""A QR code drawn by the server, as the `d` of an SVG path: no image of elsewhere, no style, no script."""

from dataclasses import dataclass

import qrcode

QUIET = 4
"""Modules of white around, as the standard asks (ISO/IEC 18004)."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A square of `side` modules, and the path that fills the dark ones."""

    side: int
    path: str


def drawn(text: str) -> Drawing:
    """The QR code of this text."""
    code = qrcode.QRCode(border=QUIET, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, one in enumerate(row) if one)
    return Drawing(side=len(rows), path="".join(dark))
