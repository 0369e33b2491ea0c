"""A signed paper: only its picture is kept, it serves one conversation, those who follow may save it (abuse 5, 39)."""

import uuid
import zlib
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, StreamObject, TextStringObject

from audit.models import Access, Entry
from consent import notices, papers_received, registry, scans
from consent.models import Refusal, Scan, ScanContent
from consent.papers_received import PaperRefused, read
from consent.registry import Scope
from partners import clock
from tests.personas import Territory

SignIn = Callable[[str], Client]


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 90), exif: Image.Exif | None = None) -> bytes:
    out = BytesIO()
    Image.new("L" if kind == "PNG" else "RGB", size, "white").save(out, kind, **({"exif": exif} if exif else {}))
    return out.getvalue()


def pdf(pages: int = 1, change: Callable[[PdfWriter], None] | None = None) -> bytes:
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(595, 842)
    if change:
        change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def with_javascript(writer: PdfWriter) -> None:
    script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("1")})
    names = DictionaryObject({NameObject("/JavaScript"): DictionaryObject({NameObject("/Names"): script})})
    writer.root_object[NameObject("/Names")] = names


def with_a_file(writer: PdfWriter) -> None:
    writer.add_attachment("paie.exe", b"MZ")


def with_a_launch(writer: PdfWriter) -> None:
    action = DictionaryObject({NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd.exe")})
    writer.root_object[NameObject("/OpenAction")] = action


def locked(writer: PdfWriter) -> None:
    writer.encrypt("secret")


def with_a_bomb(writer: PdfWriter) -> None:
    """A page whose content unfolds to eighty megabytes."""
    stream = StreamObject()
    stream._data = zlib.compress(b"0" * 80_000_000, 9)
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)


def with_a_note_on_the_page(writer: PdfWriter) -> None:
    note = DecodedStreamObject()
    note.set_data(b"q Q")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(note)
    writer.pages[0][NameObject("/AA")] = DictionaryObject()
    writer.add_metadata({"/Author": "Camille Roussel", "/Title": "Accord de Mme Bertin"})


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
REFUSED = {
    "nothing": b"",
    "a text": b"Je suis d'accord.",
    "a drawing that runs": SVG,
    "a page": b"<!doctype html><script>alert(1)</script>",
    "a page that begins like a picture": b"\xff\xd8\xff<script>alert(1)</script>",
    "an archive": b"PK\x03\x04" + bytes(40),
    "a picture cut short": picture()[:200],
    "a document cut short": b"%PDF-1.7\n%%EOF",
    "a document with a script": pdf(change=with_javascript),
    "a document with a file": pdf(change=with_a_file),
    "a document that starts a program": pdf(change=with_a_launch),
    "a locked document": pdf(change=locked),
    "a document of many pages": pdf(papers_received.PAGES_MOST + 1),
    "a document that unfolds": pdf(change=with_a_bomb),
    "a picture that unfolds": picture("PNG", (7000, 6000)),
    "something too heavy": b"%PDF-" + bytes(papers_received.LARGEST),
}


@pytest.mark.parametrize("what", REFUSED)
def test_abuse_39_what_is_not_the_picture_of_a_paper_is_refused_with_a_sentence(what: str) -> None:
    with pytest.raises(PaperRefused) as refused:
        read(REFUSED[what])
    assert str(refused.value).endswith(".")


def test_abuse_39_a_photograph_keeps_its_picture_and_nothing_of_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright by its metadata alone
    exif[0x010E] = "chez Mme Bertin"
    exif.get_ifd(0x8825)[1] = "N"
    received = picture(exif=exif) + SVG
    kept = read(received)
    with Image.open(BytesIO(kept.content)) as shown:
        assert (shown.format, shown.size, dict(shown.getexif())) == ("JPEG", (90, 60), {})
    assert b"Bertin" in received
    assert b"Bertin" not in kept.content
    assert b"<svg" not in kept.content


def test_abuse_39_a_document_keeps_its_pages_and_nothing_beside_them() -> None:
    received = pdf(2, with_a_note_on_the_page) + b"\n<script>alert(1)</script>"
    kept = read(received)
    again = PdfReader(BytesIO(kept.content))
    assert (kept.kind, kept.pages, len(again.pages)) == (Scan.Kind.PDF, 2, 2)
    assert "/AA" not in again.pages[0]
    for trace in (b"<script>", b"Camille", b"Bertin"):
        assert trace not in kept.content


def said_on_paper(territory: Territory, sitting: uuid.UUID, **scope: object) -> Refusal:
    """A refusal, signed; each act on paper has its conversation."""
    today = clock.day_of(clock.now())
    towards = {"case": territory.case, "recipient": territory.lantier, "purpose": "scolarite"} | scope
    return registry.refuse(
        scope=Scope(categories=["consigne_pratique"], **towards),  # type: ignore[arg-type]
        by=territory.camille,
        given_by=territory.mother,
        collected_on=today,
        form="written",
        own_words="",
        late_reason="",
        sitting=sitting,
    )


@pytest.mark.django_db
def test_abuse_05_a_paper_serves_one_conversation_and_a_conversation_has_one_paper(territory: Territory) -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    said_on_paper(territory, first)
    said_on_paper(territory, second, recipient=territory.aubin)
    paper, other = read(pdf()), read(pdf(2))
    kept = scans.keep(case=territory.case, sitting=first, paper=paper, by=territory.camille)
    assert scans.keep(case=territory.case, sitting=first, paper=paper, by=territory.camille) == kept
    with pytest.raises(PaperRefused, match="déjà servi"):
        scans.keep(case=territory.case, sitting=second, paper=paper, by=territory.camille)
    with pytest.raises(PaperRefused, match="déjà joint"):
        scans.keep(case=territory.case, sitting=first, paper=other, by=territory.camille)
    with pytest.raises(LookupError):
        scans.keep(case=territory.case, sitting=uuid.uuid4(), paper=other, by=territory.camille)
    assert Entry.objects.filter(action="scan.kept").count() == Scan.objects.count() == ScanContent.objects.count() == 1


@pytest.mark.django_db
def test_the_paper_is_joined_then_saved_by_those_who_follow_and_by_nobody_else(
    territory: Territory, sign_in: SignIn
) -> None:
    sitting = uuid.uuid4()
    said_on_paper(territory, sitting)
    page = reverse("consent:paper", args=[territory.case.reference, sitting])
    camille = sign_in("camille")
    assert camille.get(page).status_code == 200
    wrong = camille.post(page, {"paper": SimpleUploadedFile("../../etc/accord.pdf", SVG, "application/pdf")})
    assert wrong.status_code == 422
    assert "ni un PDF, ni une photo" in wrong.content.decode()
    heavy = camille.post(page, {"paper": SimpleUploadedFile("a.pdf", bytes(7_000_000))})
    assert "dépasse 5 Mo" in heavy.content.decode()
    assert camille.post(page).status_code == 422
    sent = camille.post(page, {"paper": SimpleUploadedFile("Accord de Mme Bertin.png", picture("PNG"), "text/html")})
    assert sent.status_code == 302
    scan = Scan.objects.get()
    assert camille.get(page).content.decode().count("Télécharger le papier signé") == 1
    address = reverse("consent:scan", args=[territory.case.reference, scan.pk])
    saved = camille.get(address)
    assert saved["Content-Type"] == "image/png"
    assert saved["Content-Disposition"] == f'attachment; filename="papier-{territory.case.reference}.png"'
    assert saved["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in saved["Cache-Control"]
    assert saved.content == bytes(ScanContent.objects.get().content)
    assert Access.objects.filter(action="scan.opened", object_ref=str(scan.pk), granted=True).count() == 1
    for persona in ("nadia", "lantier", "yann", "claire"):
        stranger = sign_in(persona)
        unknown = reverse("consent:scan", args=[territory.case.reference, uuid.uuid4()])
        assert stranger.get(address).status_code == stranger.get(unknown).status_code == 404
        assert stranger.get(page).status_code == 404
    assert camille.get(reverse("consent:paper", args=[territory.case.reference, uuid.uuid4()])).status_code == 404


@pytest.mark.django_db
def test_a_word_can_be_recorded_without_any_paper(territory: Territory) -> None:
    """Oral is lawful (law.md, 3.3): nothing waits for a paper, and an agreement holds without one."""
    today = clock.day_of(clock.now())
    consent = registry.give(
        scope=Scope(
            case=territory.case, recipient=territory.lantier, purpose="scolarite", categories=["consigne_pratique"]
        ),
        notice=notices.current(notices.AGREEMENT),
        valid_until=today + timedelta(days=30),
        conditions="",
        by=territory.camille,
        given_by=territory.mother,
        collected_on=today,
        form="in_person",
        own_words="Oui.",
        late_reason="",
    )
    assert consent.sitting is not None
    assert not Scan.objects.filter(sitting=consent.sitting).exists()
