"""What one may want to communicate for: what a text opens to a role, towards those who are around."""

from partners.vocabulary import vocabulary
from sharing import law
from sharing.aims import open_purposes, order
from tests.core.sweeps import over_each


def test_a_role_finds_what_a_text_opens_to_it_towards_those_around() -> None:
    towards_school_and_benefits = open_purposes("ass_secteur", ["directeur_ecole", "caf_conseiller"])
    assert {"acces_droits", "demarche_demandee", "scolarite"} <= towards_school_and_benefits
    assert towards_school_and_benefits.isdisjoint({"pe_ip", "coord_soins", "expulsion_evaluer"})
    assert "pe_ip" in open_purposes("ass_secteur", ["crip"])


@over_each(sorted(vocabulary().roles), named="role")
def test_more_people_around_never_close_a_purpose(role: str) -> None:
    alone = open_purposes(role, ["crip"])
    assert alone <= open_purposes(role, ["crip", "infirmier_ssiad"]) <= open_purposes(role, [])


def test_what_a_text_does_not_open_to_a_role_is_not_usual() -> None:
    assert "signaler_violence_couple" not in open_purposes("ass_secteur", ["procureur"])
    assert "signaler_violence_couple" in open_purposes("infirmier_hopital", ["procureur"])
    assert open_purposes("inconnu", ["crip"]) == frozenset()


def test_reports_to_an_authority_come_after_daily_sharing() -> None:
    assert order("scolarite") < order("signaler_sevices")
    assert sorted(law.BY_PURPOSE, key=order)[-1] in law.BY_PURPOSE
