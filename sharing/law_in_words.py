"""What a text asks, in words: each field of ``rulebook/bases.yaml`` as a line that a jurist checks and a social worker reads.

Nothing here knows a text in particular: two texts that ask the same thing are said with the same words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.vocabulary import Category, vocabulary
from partners.wording import worded
from sharing.duties import INFORM_AFTER_HOURS, REEXAMINE_DAYS
from sharing.law import Basis
from sharing.wording import joined, said, spoken_in


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a text says: its heading, what it says of it, and the small print."""

    label: str
    said: tuple[str, ...]
    detail: str = ""


def lines(text: Basis) -> tuple[Line, ...]:
    """Everything that a text asks of a disclosure, in the order in which one would ask it."""
    return tuple(line for line in _lines(text) if line.said)


def _lines(text: Basis) -> Iterator[Line]:
    theirs = text.kind == "rgpd"
    yield _groups(_who(text), (text.sender,))
    yield _groups(_("À qui"), text.recipients)
    known = vocabulary().purposes
    yield Line(_("Pour quoi"), tuple(worded(p) for p in known.values() if p.code in text.purposes))
    yield Line(_("Au sujet de qui"), _subjects(text.subject) or (_("Toute personne accompagnée."),))
    yield Line(_("À quelles conditions"), tuple(_conditions(text)))
    yield Line(_("Quelles informations"), tuple(_categories(text)))
    if not theirs:
        yield Line(_("Ce qui est dû à la personne"), tuple(_person(text)))
        yield Line(_("Si elle s’oppose ou refuse"), (_objection(text),))
    yield Line(_("Qui donne un avis"), tuple(_supervision(text)))
    yield Line(_("Ce qui reste à faire"), tuple(_duties(text)))
    if not theirs:
        yield Line(_("Jusqu’à quand le destinataire lit"), tuple(_access(text)))


def _who(text: Basis) -> str:
    if text.is_requisition or text.kind == "rgpd":
        return _("Qui répond")
    return _("Qui doit communiquer") if text.is_obligation else _("Qui peut communiquer")


def _groups(label: str, codes: tuple[str, ...]) -> Line:
    """Whom the text names; below, the roles of the directory that belong there, where that says more."""
    words = vocabulary()
    groups = tuple(worded(words.groups[code]) for code in codes)
    roles = [worded(role) for role in words.roles.values() if not role.groups.isdisjoint(codes)]
    more = [role for role in roles if _one_gender(role) not in groups]
    return Line(label, groups, _(" ; ").join(more))


def _one_gender(label: str) -> str:
    """« Préfet·e » as the texts write it: « Préfet »."""
    return re.sub(r"·\w+", "", label)


def _subjects(codes: frozenset[str]) -> tuple[str, ...]:
    words = {
        "mineur": _("Un mineur"),
        "majeur": _("Un majeur"),
        "majeur_vulnerable": _("Un majeur vulnérable ou hors d’état de s’exprimer"),
    }
    return tuple(label for code, label in words.items() if code in codes)


def _circumstances(codes: tuple[str, ...]) -> tuple[str, ...]:
    known = vocabulary().circumstances
    return tuple(worded(known[code]) for code in codes)


def _conditions(text: Basis) -> Iterator[str]:
    yield from (f"{condition}." for condition in _circumstances(text.requires))
    if text.requires:
        yield _what_if_missing(text)
    for condition in _circumstances(text.requires_if_nominative):
        yield _("Pour donner un nom : %(condition)s.") % {"condition": lower(condition)}
    if text.nominative_if_sender_bound:
        yield _("Qui est soumis au secret n’y donne pas de nom.")
    for condition in _circumstances((text.alone_unless,) if text.alone_unless else ()):
        yield _("Là où plusieurs professionnels interviennent : %(condition)s.") % {"condition": lower(condition)}
    if text.one_side:
        yield _("L’un des deux est : %(group)s.") % {"group": lower(worded(vocabulary().groups[text.one_side]))}
    if text.locks:
        yield _("Ce qui vient d’un contrôle ne sert pas à autre chose.")
    if text.voluntary:
        yield _("Une convention en vigueur lie les deux institutions.")
    if text.rescue:
        yield _("Quiconque sait peut appeler ; rien d’autre n’est demandé à qui appelle.")
    elif text.depositary == "institution":
        yield _("L’institution répond, quel que soit celui à qui l’information a été confiée.")
    else:
        yield (
            _("Seul celui à qui l’information a été confiée décide, et il reste libre.")
            if not text.is_obligation
            else _("Celui à qui l’information a été confiée la communique lui-même.")
        )


def _what_if_missing(text: Basis) -> str:
    if text.supervision_if_missing:
        return _("Si une condition manque, un cadre donne son avis.")
    if text.is_requisition:
        return _("Sans écrit, rien ; le service juridique établit le reste.")
    return _("Si une condition manque, rien ne passe.")


def _categories(text: Basis) -> Iterator[str]:
    """What may pass: everything, everything but, or a list; purpose by purpose where they differ."""
    differing = len(set(text.allowed.values())) > 1
    words = vocabulary().purposes
    seen: list[str] = []
    for purpose in sorted(text.allowed, key=list(words).index):
        kinds = _allowed(text.allowed[purpose])
        of_purpose = {"purpose": worded(words[purpose]), "kinds": lower(kinds)}
        seen.append(_("%(purpose)s : %(kinds)s.") % of_purpose if differing else kinds)
    yield from dict.fromkeys(seen)
    blocked = [category for category in vocabulary().categories.values() if category.blocked]
    if text.opens_blocked:
        yield _("Y compris %(kinds)s, que les autres textes ferment.") % {"kinds": _said(blocked)}
    elif any(category.code in allowed for category in blocked for allowed in text.allowed.values()):
        yield _("Jamais %(kinds)s.") % {"kinds": _said(blocked)}
    yield _("Toujours le strict nécessaire, information par information.")


def _allowed(codes: frozenset[str]) -> str:
    known = vocabulary().categories.values()
    left = [category for category in known if category.code not in codes]
    if not left:
        return _("Toute catégorie.")
    if len(left) * 2 < len(known):
        return _("Toute catégorie, sauf %(kinds)s.") % {"kinds": _said(left)}
    kinds = _said([category for category in known if category.code in codes])
    return _("%(kinds)s ; rien d’autre.") % {"kinds": kinds[:1].upper() + kinds[1:]}


def _said(categories: list[Category]) -> str:
    """Kinds of information as one says them: « le logement et le budget »."""
    with spoken_in(_):
        return joined([said(category.say) for category in categories])


def _person(text: Basis) -> Iterator[str]:
    yield {
        "none": _("Ni son accord, ni une information préalable."),
        "info_recommended": _("L’informer avant est recommandé ; son accord n’est pas demandé."),
        "info_prior": _("L’informer avant. C’est une information : son accord n’est pas demandé."),
        "info_prior_or_after": _("Rechercher son accord ; à défaut, l’informer, avant ou après."),
        "non_opposition": _("L’informer avant, et lui dire qu’elle peut s’opposer."),
        "consent_prior": _("Son accord, avant.")
        if "mineur" in text.consent_exempt
        else _("Son accord, avant ; celui de ses parents pour un mineur."),
    }[text.person_rule]
    if text.asks_agreement and text.owes_information:
        yield _("L’informer avant de le lui demander.")
    exempt = _subjects(text.consent_exempt)
    if exempt:
        yield _("Accord non demandé pour : %(who)s.") % {"who": ", ".join(map(lower, exempt))}
    if text.consent_support:
        yield _("Un support écrit lui est remis.")
    if text.consent_until:
        yield _("L’accord vaut jusqu’à la fin de la prise en charge, ou son retrait.")
    if text.info_exception:
        yield _("Exception : l’informer serait contraire à l’intérêt de l’enfant. Cela se motive, et se réexamine.")
    if text.owes_information:
        yield _if_not_informed(text)
    if text.emergency:
        yield _("En urgence, si elle ne peut s’exprimer : l’informer dès que possible, sauf opposition déjà connue.")
    after = {
        "after": _("L’informer après."),
        "after_or_if_possible": _("L’informer avant si c’est possible, sinon après."),
        "deferred": _("L’autorité qui demande peut faire différer son information."),
    }
    if text.info in after:
        yield after[text.info]


def _if_not_informed(text: Basis) -> str:
    if text.supervision_if_not_informed == "ex_ante":
        return _("Si elle n’a pas été informée : un cadre donne son avis avant.")
    if text.supervision_if_not_informed == "ex_post":
        return _("Si elle n’a pas été informée : cela ne retarde pas, mais se motive et est revu après.")
    return _("Si elle n’a pas été informée : rien ne passe.")


def _objection(text: Basis) -> str:
    exempt = _subjects(text.consent_exempt)
    if text.objection == "blocks" and exempt:
        return _("Rien ne passe, sauf pour ceux dont l’accord n’est pas demandé.")
    return {
        "recorded": _("C’est écrit dans le dossier, et n’arrête pas."),
        "review": _("Un cadre donne son avis avant toute communication."),
        "blocks": _("Rien ne passe."),
    }[text.objection]


def _supervision(text: Basis) -> Iterator[str]:
    if text.is_requisition:
        yield _("Le service juridique, avant : l’institution répond, jamais le professionnel seul.")
    elif text.supervision == "ex_ante":
        yield _("Un cadre, avant toute communication.")
    elif text.supervision == "ex_post":
        hours = ngettext("%(n)d heure", "%(n)d heures", text.review_hours) % {"n": text.review_hours}
        yield _("Un cadre, après : cela part sans attendre, et est revu sous %(hours)s.") % {"hours": hours}
    elif text.nominative_if_sender_bound:
        yield _("Un cadre, avant, dès qu’un nom est donné.")
    else:
        yield _("Aucun avis n’est attendu.")
    if text.supervision_if_sensitivity_3:
        yield _("Pour une information très sensible : un cadre, avant.")


def _duties(text: Basis) -> Iterator[str]:
    soon = ngettext("%(n)d heure", "%(n)d heures", INFORM_AFTER_HOURS) % {"n": INFORM_AFTER_HOURS}
    if text.info in ("after", "after_or_if_possible"):
        yield _within(_duty("inform_after"), soon)
    if text.person_rule == "info_prior_or_after":
        yield _within(_duty("inform_victim"), soon)
    for code in text.duties:
        yield f"{_duty(code)}."
    if text.feedback_days:
        yield f"{_duty('feedback_within_3_months')}."
    if text.owes_information and text.supervision_if_not_informed:
        days = ngettext("%(n)d jour", "%(n)d jours", REEXAMINE_DAYS) % {"n": REEXAMINE_DAYS}
        yield _("Si elle n’a pas été informée : %(first)s, puis réexaminer sous %(days)s.") % {
            "first": lower(_duty("justify_information_exception")),
            "days": days,
        }
    if text.obligation_if_unbound:
        yield _("Pour qui n’est pas soumis au secret : %(duty)s.") % {"duty": lower(_duty("must_report"))}
    if text.onward:
        yield f"{_duty('no_onward_sharing')}."


def _duty(code: str) -> str:
    return worded(vocabulary().duties[code])


def _within(duty: str, delay: str) -> str:
    return _("%(duty)s, sous %(delay)s.") % {"duty": duty, "delay": delay}


def _access(text: Basis) -> Iterator[str]:
    if not text.access_months:
        yield _("Sans limite dans Tact : elle rejoint le dossier de celui qui la reçoit.")
        return
    yield ngettext("%(n)d mois au plus.", "%(n)d mois au plus.", text.access_months) % {"n": text.access_months}
    if text.asks_agreement:
        yield _("Jamais au-delà de l’accord ; un retrait ferme aussitôt la lecture.")
    if text.is_agreement:
        yield _("En équipe de suivi de la scolarisation : jusqu’à la fin de l’année scolaire.")


def lower(said: str) -> str:
    """Words inside a sentence: first letter small unless it is an acronym, and no full stop of their own."""
    said = said.removesuffix(".")
    return said if said[1:2].isupper() else said[:1].lower() + said[1:]
