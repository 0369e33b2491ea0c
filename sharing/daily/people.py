"""What waits for whoever tends her institution: proofs to see, functions to agree to, what a colleague who left leaves."""

from django.urls import reverse
from django.utils.translation import gettext as _

from partners import registering, registration_words
from partners.accounts import changing
from partners.accounts.people import SEEING, changes_for, to_check
from partners.dates import last_day
from partners.tending import TENDING
from sharing.daily.desk import Desk
from sharing.daily.lines import Line, Section, section
from sharing.leaving.left import leaving


def people(desk: Desk) -> Section | None:
    """Hers to do and nobody's else first; no statement where she tends nothing."""
    by = desk.by
    if not by.has_function(*SEEING):
        return None
    lines = [
        Line(
            text=_("Vérifier ce qui engage au secret : %(name)s") % {"name": one.professional.full_name},
            url=reverse("partners:member_secrecy", args=[one.pk]),
            soft=_("Aucune situation ne lui est ouverte avant."),
        )
        for one in to_check(by)
    ]
    lines += [
        Line(
            text=_("Répondre : fonctions de %(name)s") % {"name": one.membership.professional.full_name},
            url=reverse("partners:function_change", args=[one.pk]),
            soft=one.proposed_by.professional.full_name,
        )
        for one in changes_for(by)
        if changing.second_persons(one).filter(pk=by.pk).exists()
    ]
    lines += [
        Line(
            text=_("Répondre : annuaire"),
            url=reverse("partners:institution_change", args=[one.pk]),
            soft=registration_words.asked(one),
        )
        for one in (registering.for_her(by) if by.has_function(*registering.SECONDS) else [])
    ]
    if by.has_function(*TENDING):
        lines += [
            Line(
                text=_("Préparer le relais : %(name)s") % {"name": one.professional.full_name},
                url=reverse("sharing:relay", args=[one.pk]),
                soft=_("Dernier jour le %(day)s") % {"day": last_day(one.ends_at)} if one.ends_at else "",
            )
            for one in leaving(by)
            if one.professional_id != by.professional_id
        ]
    return section("people", _("Les membres de votre institution"), lines, all_url=reverse("partners:members"))
