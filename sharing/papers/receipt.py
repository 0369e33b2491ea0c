"""What an author keeps of what she sent: to whom, when, for what, on which text, which sorts of information. Never what it says."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from consent.papers.press import Block, Paper
from partners import clock, wording
from partners.dates import instant, last_day
from partners.models import Reached
from partners.templatetags.rulebook import listed, register
from sharing import panel
from sharing.models import DisclosedItem, Disclosure

from .words import language_of_the_page

basis_label = register.filters["basis_label"]
"""The title of a text, as pages say it."""


def mention(disclosure: Disclosure) -> str:
    """The line to copy in one's own software, as the page says it."""
    return _("Le %(at)s, communication à %(label)s, via Tact, référence %(ref)s.") % {
        "at": date_format(disclosure.released_at.astimezone(clock.PARIS), "j F Y, H:i"),
        "label": disclosure.recipient_label,
        "ref": disclosure.reference,
    }


def of_disclosure(disclosure: Disclosure) -> Paper:
    """The receipt of a communication, from its own row and its own items; nothing else of the case."""
    codes = DisclosedItem.objects.filter(disclosure=disclosure).values_list("category", flat=True)
    pairs = [
        [_("À qui"), disclosure.recipient_label],
        [_("Par quel moyen"), str(Reached(disclosure.channel).label)],
        [_("Pour"), wording.purpose(disclosure.purpose)],
        [_("Sortes d’information"), listed(dict.fromkeys(wording.category(code) for code in codes))],
        [_("Le texte"), basis_label(disclosure.basis)],
        [_("Règles appliquées"), panel.stored_rules(disclosure.record)],
    ]
    if disclosure.access_until:
        pairs.append(
            [
                _("Lisible jusqu’au"),
                _("%(day)s, sauf accord retiré ou opposition avant cette date")
                % {"day": last_day(disclosure.access_until)},
            ]
        )
    blocks: list[Block] = [
        {
            "kind": "aside",
            "text": _("Référence %(ref)s · le %(at)s")
            % {"ref": disclosure.reference, "at": instant(disclosure.released_at)},
        },
        {"kind": "answers", "pairs": [pair for pair in pairs if pair[1]]},
        {"kind": "heading", "text": _("Mention à copier dans votre logiciel métier")},
        {"kind": "boxed", "text": mention(disclosure)},
    ]
    return Paper(
        title=_("Récépissé d’une communication"),
        language=language_of_the_page(),
        footer=_("Récépissé · référence %(ref)s") % {"ref": disclosure.reference},
        blocks=tuple(blocks),
        at=disclosure.released_at,
    )
