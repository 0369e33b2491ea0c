"""A signed paper, scanned: recognised by its content and written anew, so that only its picture is kept (abuse 39).

What came is never kept as it came: a PDF's pages are copied without what runs in them, a picture is decoded and encoded
again, without its metadata. Its name is not read at all.
"""

import hashlib
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, NameObject

from .models import Scan

LARGEST = 5 * 1024 * 1024
"""Bytes, of what comes and of what is kept."""
PAGES_MOST = 20
PIXELS_MOST = 40_000_000
JPEG_QUALITY = 85

# What stands at the very beginning of each sort of file.
_MAGIC = {b"%PDF-": Scan.Kind.PDF, b"\xff\xd8\xff": Scan.Kind.JPEG, b"\x89PNG\r\n\x1a\n": Scan.Kind.PNG}
_OPENED_AS = {Scan.Kind.JPEG: "JPEG", Scan.Kind.PNG: "PNG"}
# Of a page: what runs, what is attached, what another program left there (ISO 32000-1, 7.7.3.3).
_LEFT_OUT = ("/AA", "/AF", "/Annots", "/B", "/Metadata", "/PieceInfo", "/StructParents", "/PresSteps")


class PaperRefused(ValueError):
    """The file cannot be kept; the message says what to do, in the user's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What may be kept: its sort, its bytes written anew, how many pages, the digest of what came (SHA-256, hex)."""

    kind: str
    content: bytes
    pages: int
    received_digest: str


def read(received: bytes) -> Paper:
    """Recognise a file by its content and write it anew. Raises PaperRefused with a sentence for the user."""
    if not received:
        raise PaperRefused(_("Ce fichier est vide : numérisez le papier à nouveau."))
    if len(received) > LARGEST:
        raise PaperRefused(_("Ce fichier dépasse 5 Mo : numérisez-le en noir et blanc, ou page par page."))
    kind = next((kind for magic, kind in _MAGIC.items() if received.startswith(magic)), None)
    if kind is None:
        raise PaperRefused(_("Ce fichier n’est ni un PDF, ni une photo JPEG ou PNG : choisissez un de ces formats."))
    content, pages = _pdf(received) if kind == Scan.Kind.PDF else (_picture(received, _OPENED_AS[kind]), 1)
    if len(content) > LARGEST:
        raise PaperRefused(_("Ce fichier dépasse 5 Mo : numérisez-le en noir et blanc, ou page par page."))
    return Paper(kind=kind, content=content, pages=pages, received_digest=hashlib.sha256(received).hexdigest())


def _unreadable() -> PaperRefused:
    return PaperRefused(_("Ce fichier ne peut pas être lu : numérisez le papier à nouveau."))


def _picture(received: bytes, kind: str) -> bytes:
    """The same picture, upright, without what was hidden beside it. A picture that unfolds beyond measure is refused."""
    written = BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(received), formats=[kind]) as opened:
                if opened.width * opened.height > PIXELS_MOST:
                    raise PaperRefused(_("Cette image est trop grande : photographiez le papier de moins près."))
                upright = ImageOps.exif_transpose(opened)
                upright.convert("L" if upright.mode in ("1", "L") else "RGB").save(
                    written, kind, **({"quality": JPEG_QUALITY} if kind == "JPEG" else {"optimize": True})
                )
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PaperRefused(_("Cette image est trop grande : photographiez le papier de moins près.")) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, PaperRefused):
            raise
        raise _unreadable() from error
    return written.getvalue()


def _pdf(received: bytes) -> tuple[bytes, int]:
    """Its pages alone, copied into a new document. One that is locked, or carries a program or a file, is refused."""
    written = BytesIO()
    try:
        reader = PdfReader(BytesIO(received), strict=False)
        if reader.is_encrypted:
            raise PaperRefused(_("Ce PDF est protégé par un mot de passe : numérisez le papier à nouveau."))
        if _carries_something(reader):
            raise PaperRefused(
                _("Ce PDF contient un programme, un formulaire ou un fichier joint : numérisez le papier à nouveau.")
            )
        count = len(reader.pages)
        if not 1 <= count <= PAGES_MOST:
            raise PaperRefused(_("Un papier signé compte de 1 à 20 pages : gardez celles qui sont signées."))
        writer = PdfWriter()
        for page in reader.pages:
            contents = page.get_contents()
            if contents is not None:
                contents.get_data()  # unfolded once, within pypdf's own bound: a bomb is found here
            for name in _LEFT_OUT:
                page.pop(NameObject(name), None)
            writer.add_page(page)
        writer.metadata = None
        writer.write(written)
    except PaperRefused:
        raise
    # A malformed file makes pypdf fail in as many ways as Python has: none of them is the user's business.
    except (
        PyPdfError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        IndexError,
        RecursionError,
        OverflowError,
    ) as error:
        raise _unreadable() from error
    return written.getvalue(), count


def _carries_something(reader: PdfReader) -> bool:
    """Whether the document runs something, asks for something, or holds another file (ISO 32000-1, 7.11.4, 12.6, 12.7)."""
    root: Any = reader.trailer["/Root"].get_object()
    names = root.get("/Names")
    names = names.get_object() if names is not None else DictionaryObject()
    action = root.get("/OpenAction")
    action = action.get_object() if action is not None else None
    runs = isinstance(action, DictionaryObject) and "/S" in action and str(action["/S"]) != "/GoTo"
    form = root.get("/AcroForm")
    form = form.get_object() if form is not None else DictionaryObject()
    return runs or "/XFA" in form or "/AA" in root or any(name in names for name in ("/JavaScript", "/EmbeddedFiles"))
