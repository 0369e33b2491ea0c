"""What a recipient reads, on paper: the very sheet of the page, with her name, the hour and the reference across it."""

from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from consent.papers.press import Block, Paper

from .words import language_of_the_page

# Who sees it otherwise, as templates/components/dissent.html says it.
PERSON, REPRESENTATIVE = "person", "representative"


def of_sheet(sheet: dict[str, Any], *, at: datetime) -> Paper:
    """The paper of a sheet, nothing more and nothing less: each field of it that the page shows is here."""
    head = [
        _("De %(author)s, %(institution)s") % {"author": sheet["author"], "institution": sheet["institution"]},
        _("À %(recipient)s") % {"recipient": sheet["recipient"]},
    ]
    if sheet["person"]:
        head.append(_("À propos de : %(person)s") % {"person": sheet["person"]})
    if sheet["benefit"]:
        head.append(_("Ce que cela change pour la personne : %(benefit)s") % {"benefit": sheet["benefit"]})
    blocks: list[Block] = [
        {"kind": "aside", "text": f"{sheet['reference']} · {sheet['sent_at']}"},
        *({"kind": "text", "text": one} for one in head),
    ]
    for item in sheet["items"]:
        blocks += _item(item)
    if sheet["duties"]:
        blocks.append({"kind": "heading", "text": _("Ce que cela vous engage à faire")})
        blocks.append({"kind": "bullets", "items": list(sheet["duties"])})
    if sheet["until"]:
        until = _("Lisible jusqu’au %(until)s, sauf accord retiré ou opposition avant cette date.")
        blocks.append({"kind": "text", "text": until % {"until": sheet["until"]}})
    return Paper(
        title=sheet["purpose"],
        language=language_of_the_page(),
        footer=sheet["watermark"],
        watermark=sheet["watermark"],
        blocks=tuple(blocks),
        at=at,
    )


def _item(item: dict[str, Any]) -> list[Block]:
    tags = " · ".join(one for one in (item["category"], item["nature_label"]) if one)
    blocks: list[Block] = [{"kind": "heading", "text": item["label"]}, {"kind": "small", "text": tags}]
    if item["nature_banner"]:
        blocks.append({"kind": "boxed", "text": item["nature_banner"]})
    blocks.append({"kind": "words", "text": item["text"] or _("Ce texte n’est plus accessible.")})
    blocks += [_beside(_("Rectifié à la demande de la personne"), one) for one in item.get("corrections", ())]
    blocks += [_beside(_voice(one), one) for one in item.get("dissents", ())]
    seen = [_("Constaté le %(on)s") % {"on": _day(item["observed_on"])}] if item["observed_on"] else []
    blocks.append({"kind": "small", "text": " · ".join([*seen, *filter(None, [str(item["provenance"])])])})
    if item["necessity"]:
        blocks.append({"kind": "small", "text": _("Nécessaire parce que : %(why)s") % {"why": item["necessity"]}})
    return blocks


def _day(on: date) -> str:
    return date_format(on, "j F Y")


def _voice(note: dict[str, str]) -> str:
    if note["voice"] == PERSON:
        return _("La personne voit les choses autrement")
    if note["voice"] == REPRESENTATIVE:
        return _("Un parent ou un représentant voit les choses autrement")
    return _("Note de divergence")


def _beside(title: str, note: dict[str, str]) -> Block:
    said = _("%(title)s : %(text)s (%(who)s, %(on)s)")
    return {
        "kind": "boxed",
        "text": said % {"title": title, "text": note["text"], "who": note["who"], "on": note["on"]},
    }
