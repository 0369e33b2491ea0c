"""What is given to the person once she said stop: what it was about, when it was said, what it changes, whom to call.

A page, in plain words, the same as on the screen; no name of hers is on it, and what was communicated is not told again.
"""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.models import Case
from consent.models import Objection, PersonsWord, Withdrawal
from consent.notices import Language
from partners import wording
from partners.dates import instant
from partners.models import Membership
from partners.templatetags.rulebook import listed, lower_first
from partners.text import plain

from .press import Block, Paper


def of_withdrawal(*, case: Case, withdrawal: Withdrawal) -> Paper:
    """The receipt of an agreement taken back; `withdrawal` with its consent and their memberships."""
    consent = withdrawal.consent
    given = _("le %(day)s") % {"day": date_format(consent.collected_on, "j F Y")}
    if consent.given_by is not None:
        given = _("%(when)s, par %(who)s") % {"when": given, "who": consent.given_by.formal_name}
    return _receipt(
        case=case,
        title=_("Vous avez retiré votre accord"),
        when=instant(withdrawal.withdrawn_at),
        pairs=[
            *_scope(consent, who=_("Pour qui était cet accord")),
            [_("Accord donné"), given],
            [_("Accord retiré"), _said(str(withdrawal.get_form_display()), withdrawal.own_words)],
            [_("Retrait reçu par"), _met(withdrawal.recorded_by)],
        ],
        changes=[
            _("À partir de maintenant, rien ne part plus sur cet accord."),
            _("Ce qui avait été envoyé ne peut plus être lu dans Tact. La personne qui l’avait reçu est prévenue."),
            _("Ce qui a été dit reste dit : ce qui a été lu ou noté ailleurs avant le retrait reste connu."),
            _("L’aide que vous recevez ne change pas."),
        ],
        by=withdrawal.recorded_by,
        at=withdrawal.withdrawn_at,
    )


def of_objection(*, case: Case, objection: Objection) -> Paper:
    """The receipt of an objection; `objection` with its memberships. Which texts it stops is law.md, 1.4 and 3.5."""
    pairs = [
        *_scope(objection, who=_("À qui")),
        [_("Ce que vous avez dit"), _said(str(objection.get_form_display()), objection.own_words)],
        [_("Opposition reçue par"), _met(objection.collected_by)],
    ]
    if objection.given_by is not None:
        pairs.insert(-1, [_("Dit par"), objection.given_by.formal_name])
    return _receipt(
        case=case,
        title=_("Vous vous opposez à cette communication"),
        when=instant(objection.recorded_at),
        pairs=pairs,
        changes=[
            _("Votre opposition compte dès maintenant, avant toute communication à cette personne pour cela."),
            _("Quand la loi vous laisse le choix, rien ne part, et ce qui était parti ne peut plus être lu dans Tact."),
            _("Quand la loi permet de communiquer malgré tout, votre opposition est regardée avant, et gardée."),
            _("Ce qui a été dit reste dit : ce qui a été lu ou noté ailleurs reste connu."),
            _("L’aide que vous recevez ne change pas."),
        ],
        by=objection.collected_by,
        at=objection.recorded_at,
    )


def _receipt(
    *,
    case: Case,
    title: str,
    when: str,
    pairs: list[list[str]],
    changes: list[str],
    by: Membership,
    at: datetime,
) -> Paper:
    language = Language.EN if (get_language() or "").startswith(Language.EN) else Language.FR
    blocks: list[Block] = [
        {
            "kind": "aside",
            "text": _("Le %(when)s · référence à rappeler : %(ref)s") % {"when": when, "ref": case.reference},
        },
        {"kind": "answers", "pairs": [[name, plain(said)] for name, said in pairs]},
        {"kind": "heading", "text": _("Ce que cela change")},
        {"kind": "bullets", "items": changes},
        {"kind": "heading", "text": _("Une question ? Appelez")},
        {"kind": "text", "text": _met(by)},
        {
            "kind": "text",
            "text": _("Vous pouvez demander à voir, à corriger ou à limiter ce qui est écrit sur vous : %(dpo)s.")
            % {"dpo": by.institution.dpo_contact or by.institution.name},
        },
        {"kind": "text", "text": _("Vous pouvez adresser une plainte à la CNIL : www.cnil.fr.")},
    ]
    return Paper(
        title=title,
        language=language,
        footer=_("Récépissé · référence %(ref)s") % {"ref": case.reference},
        blocks=tuple(blocks),
        at=at,
        airy=True,
    )


def _scope(word: PersonsWord, *, who: str) -> list[list[str]]:
    to = word.recipient
    name = f"{to.professional.title} {to.professional.full_name}".strip()
    return [
        [who, f"{name}, {lower_first(to.job_title)}, {to.institution.name}"],
        [_("Pour quoi"), wording.purpose(word.purpose)],
        [_("Quelles informations"), listed([wording.category(code) for code in word.categories])],
    ]


def _said(form: str, own_words: str) -> str:
    return _("%(form)s : « %(words)s »") % {"form": form, "words": own_words} if own_words else form


def _met(by: Membership) -> str:
    phone = by.institution.phone or by.professional.phone
    return ", ".join(one for one in (by.professional.full_name, by.institution.name, phone) if one)
