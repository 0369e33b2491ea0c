"""Intended disclosures for the tests of the core: a lawful one, and only what departs from it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sharing.facts import Facts

LEAVING_HOSPITAL: dict[str, Any] = {
    "sender": "ass_hopital",
    "recipient": "infirmier_ssiad",
    "purpose": "coord_soins",
    "categories": ["sante_fonctionnel"],
    "person": "adult",
    "consent": "none",
    "informed": "done",
    "circumstances": ["same_care", "named_recipient"],
}
"""The hospital's social worker and the named home nurse, the patient told: lawful, without anything to add."""

ON_AGREEMENT = {
    "sender": "ass_secteur",
    "recipient": "caf_conseiller",
    "purpose": "acces_droits",
    "categories": ["situation_admin"],
    "consent": "given",
    "circumstances": [],
}
"""A right opened at the benefits office, the person having agreed."""

CONCERN_REPORT = {
    "sender": "ass_secteur",
    "recipient": "crip",
    "purpose": "pe_ip",
    "categories": ["violences"],
    "person": "minor_8",
    "circumstances": [],
}

CHILD_EVALUATION = {
    "sender": "educateur_aemo",
    "recipient": "ass_scolaire",
    "purpose": "pe_evaluer",
    "categories": ["appreciation_sociale"],
    "person": "minor_8",
    "circumstances": [],
}

RESCUE = {
    "sender": "educateur_chrs",
    "recipient": "police_17",
    "purpose": "secours",
    "categories": ["coordonnees"],
    "informed": "not_applicable",
    "circumstances": ["grave_imminent_peril"],
}

TO_PARENTS = {
    "sender": "ass_scolaire",
    "recipient": "parents",
    "purpose": "demarche_demandee",
    "categories": ["appreciation_sociale"],
    "person": "minor_16",
    "informed": "not_applicable",
    "circumstances": [],
}

REQUISITION = {
    "sender": "institution",
    "recipient": "opj",
    "purpose": "requisition",
    "categories": ["coordonnees"],
    "informed": "not_applicable",
    "circumstances": ["written", "authority_verified", "scope_defined"],
}

PREVENTION_GROUP = {
    "sender": "mediateur_bailleur",
    "recipient": "clspd_groupe",
    "purpose": "prevention_delinquance",
    "categories": ["logement"],
    "informed": "not_done",
    "circumstances": ["nominative", "internal_rules_signed"],
}

TO_MAYOR = {
    "sender": "cesf_departement",
    "recipient": "maire",
    "purpose": "as_competences_maire_pcd",
    "categories": ["ressources_budget"],
    "circumstances": [],
}

SCHOOL_TEAM = {
    "sender": "psychologue_cmpp",
    "recipient": "ess_membre",
    "purpose": "scolarite",
    "categories": ["besoins_scolaires"],
    "person": "minor_9",
    "consent": "given",
    "circumstances": ["forum_ess", "parents_present"],
}


def intended(
    *bases: dict[str, Any],
    also: Iterable[str] = (),
    item: dict[str, Any] | None = None,
    sender_party: dict[str, Any] | None = None,
    recipient_party: dict[str, Any] | None = None,
    facts: dict[str, Any] | None = None,
    **given: Any,
) -> Facts:
    """The lawful disclosure above, changed: by whole stories, by words, by circumstances added, by fields of facts."""
    plain = dict(LEAVING_HOSPITAL)
    for base in bases:
        plain.update(base)
    plain.update(given)
    plain["circumstances"] = [*plain["circumstances"], *also]
    made = Facts.from_plain(plain)
    if item:
        made = replace(made, items=tuple(replace(each, **item) for each in made.items))
    if sender_party:
        made = replace(made, sender=replace(made.sender, **sender_party))
    if recipient_party:
        made = replace(made, recipient=replace(made.recipient, **recipient_party))
    return replace(made, **(facts or {}))
