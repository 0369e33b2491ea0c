"""The ways out: each decided again, the least intrusive first, and none that chases a person who refused."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from sharing.decision import Way, decide
from sharing.facts import Facts, Information, Item
from sharing.outcome import SEVERITY, Path
from sharing.unsaid import SILENT
from sharing.ways import ways_out
from tests.core.intended import (
    CHILD_EVALUATION,
    CONCERN_REPORT,
    ON_AGREEMENT,
    PREVENTION_GROUP,
    REQUISITION,
    RESCUE,
    SCHOOL_TEAM,
    TO_MAYOR,
    TO_PARENTS,
    intended,
)
from tests.core.strategies import disclosures

TO_SCHOOL: dict[str, Any] = {
    "recipient": "directeur_ecole",
    "purpose": "scolarite",
    "categories": ["consigne_pratique", "sante_diagnostic"],
    "person": "minor_9",
    "circumstances": [],
}
"""The drawn page: Tuesday's absences and a language assessment, to the head of the school, no agreement recorded."""


def ways(facts: Facts) -> dict[str, Way]:
    found: dict[str, Way] = {}
    for way in decide(facts, paths=True).paths:
        found.setdefault(way.code, way)
    return found


@pytest.mark.parametrize("sender", ["ass_secteur", "psychologue_cmpp"])
def test_the_drawn_page_is_decided_as_drawn(sender: str) -> None:
    decision = decide(intended(TO_SCHOOL, sender=sender), paths=True)
    assert decision.verdict == "deny"
    assert decision.nearly == ("ACCORD",)
    assert decision.say == (
        "L’école peut connaître les consignes pratiques si les parents sont d’accord. Le diagnostic reste ici."
    )
    assert [way.label for way in decision.paths] == [
        "Recueillir l’accord des parents",
        "Proposer aux parents de le dire eux-mêmes",
        "Laisser «\u00a0Santé\u00a0: diagnostic\u00a0» de côté",
        "L’adresser plutôt au médecin scolaire",
        "L’adresser plutôt au psychologue de l’Éducation nationale",
        "Demander conseil sans nommer la personne",
        "Attendre, si rien ne presse",
    ]
    agreement, herself, leave_out, other, *_rest = decision.paths
    assert agreement.detail == "pour les consignes pratiques, six mois, renouvelable"
    assert (agreement.items, agreement.categories, agreement.together) == (
        ("1",),
        ("consigne_pratique",),
        ("leave_out",),
    )
    assert herself.detail == "ils sont libres de le faire, ou non"
    assert (leave_out.items, leave_out.together) == (("2",), ("collect_agreement",))
    assert leave_out.detail == "l’école peut s’en passer pour cela"
    assert (other.role, other.purpose, other.items) == ("medecin_scolaire", "suivi_medico_social", ("2",))
    assert other.detail == (
        "pour «\u00a0Assurer le suivi médico-social et social\u00a0», s’il participe à l’accompagnement"
    )
    assert agreement.also == ("Laisser «\u00a0Santé\u00a0: diagnostic\u00a0» de côté",)


@settings(max_examples=40, deadline=None)
@given(disclosures)
def test_every_way_that_communicates_leads_to_a_milder_verdict_when_followed(facts: Facts) -> None:
    decision = decide(facts)
    for way, changed in ways_out(facts, decision):
        if way.code in SILENT:
            continue
        followed = decide(changed)
        assert SEVERITY[followed.verdict] < SEVERITY[decision.verdict]
        assert followed.verdict == way.verdict


@settings(max_examples=40, deadline=None)
@given(disclosures)
def test_the_least_intrusive_way_comes_first_and_a_refusal_always_shows_one(facts: Facts) -> None:
    decision = decide(facts, paths=True)
    order = [path.value for path in Path]
    places = [order.index(way.code) for way in decision.paths]
    assert places == sorted(places)
    assert (decision.verdict == "allow") != bool(decision.paths)
    offered = {way.code for way in decision.paths}
    assert all(set(way.together) <= offered for way in decision.paths)


@settings(max_examples=40, deadline=None)
@given(disclosures)
def test_nobody_who_refused_is_asked_again(facts: Facts) -> None:
    refused = facts.but(circumstances=facts.circumstances | {"person_objects"})
    for way in decide(refused, paths=True).paths:
        assert way.code != Path.COLLECT_AGREEMENT


@pytest.mark.parametrize("word", ["refused", "withdrawn"])
def test_a_refusal_leaves_the_person_free_to_speak_and_the_professional_to_wait(word: str) -> None:
    found = ways(intended(ON_AGREEMENT, consent=word))
    assert set(found) == {"say_it_herself", "consult_without_name", "wait"}
    assert found["say_it_herself"].label == "Laisser la personne libre de le dire"
    parents = ways(intended(SCHOOL_TEAM, consent=word))
    assert parents["say_it_herself"].label == "Laisser les parents libres de le dire"


def test_the_agreement_of_an_adult_is_her_own() -> None:
    way = ways(intended(ON_AGREEMENT, consent="none"))["collect_agreement"]
    assert way.label == "Recueillir l’accord de la personne"


def test_parents_who_disagree_are_both_asked() -> None:
    facts = intended(SCHOOL_TEAM, also=["parents_known_to_disagree"])
    assert ways(facts)["collect_agreement"].label == "Recueillir l’accord des deux parents"
    assert decide(facts, paths=True).say.endswith("si les deux parents sont d’accord.")


def test_informing_first_is_offered_where_it_was_not_done() -> None:
    decision = decide(intended(informed="not_done"), paths=True)
    assert decision.paths[0].label == "Informer d’abord la personne"
    assert decision.say == "Le SSIAD peut connaître le retentissement des soins une fois la personne informée."
    child = decide(intended(CHILD_EVALUATION, informed="not_done"), paths=True)
    assert child.paths[0].label == "Informer d’abord les parents, et l’enfant"
    assert child.say.endswith("une fois les parents informés.")


def test_informing_is_not_offered_where_it_would_endanger_the_child() -> None:
    found = ways(intended(CHILD_EVALUATION, informed="excepted", also=["exception_child_interest"]))
    assert "inform_first" not in found
    assert found["await_opinion"].label == "Demander l’avis d’un cadre"


def test_those_who_were_told_of_part_are_told_of_the_rest() -> None:
    told = Information("done", categories=frozenset({"logement"}))
    assert "inform_first" in ways(intended(facts={"informed": told}))


@pytest.mark.parametrize(
    ("facts", "code", "label"),
    [
        (
            intended(also=["argument_for_her_own_good"]),
            "note_her_words",
            "Lui demander, et noter ses mots avec la date",
        ),
        (intended(SCHOOL_TEAM, circumstances=["forum_ess"]), "invite_parents", "Inviter les parents"),
        (
            intended(item={"necessity": ""}),
            "say_why_necessary",
            "Dire pourquoi chaque information est nécessaire",
        ),
        (
            intended(also=["hypothesis_unlabelled"]),
            "label_hypothesis",
            "Présenter l’hypothèse comme une hypothèse",
        ),
        (
            intended(ON_AGREEMENT, item={"third_parties": True}),
            "leave_out_third_parties",
            "Retirer ce qui parle de quelqu’un d’autre",
        ),
        (intended(circumstances=["same_care"]), "establish", "Désigner nommément le destinataire"),
        (
            intended(RESCUE, also=["by_telephone"]),
            "verify_call",
            "Rappeler par le numéro officiel",
        ),
        (
            intended(SCHOOL_TEAM, also=["unbound_guest_present"]),
            "send_guest_away",
            "En parler sans l’invité qui n’est pas soumis au secret",
        ),
        (
            intended(facts={"sheet_missing": True}),
            "validate_sheet",
            "Faire valider la fiche de mission de cette institution",
        ),
        (
            intended(facts={"sheet_unread": True}),
            "read_sheet",
            "Lire d’abord la fiche de mission de cette institution",
        ),
        (
            intended(also=["agreement_expired"]),
            "renew_agreement",
            "Faire renouveler la convention entre les deux institutions",
        ),
        (
            intended(item={"received": True}),
            "ask_depositary",
            "Laisser décider la personne à qui l’information a été confiée",
        ),
        (
            intended(person="nobody", also=["reidentification_risk"]),
            "consult_without_name",
            "Retirer le nom, et ce qui permet de reconnaître la personne",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and "_" in value else None,
)
def test_what_is_missing_can_be_done_first(facts: Facts, code: str, label: str) -> None:
    assert ways(facts)[code].label == label


def test_only_unanswered_items_are_said_to_be_necessary() -> None:
    facts = intended(categories=["logement", "sante_fonctionnel"])
    first, second = facts.items
    facts = facts.but(items=(replace(first, necessity=""), second))
    assert "say_why_necessary" in ways(facts)


def test_two_things_to_do_go_together() -> None:
    found = ways(intended(informed="not_done", circumstances=["named_recipient"]))
    assert found["inform_first"].together == ("establish",)
    assert found["establish"].together == ("inform_first",)
    assert found["establish"].label == "Consigner que ce destinataire participe à la prise en charge"


def test_the_conditions_of_a_team_or_of_a_coordination_can_be_established() -> None:
    among_carers = intended(sender="ass_hopital", recipient="infirmier_hopital", circumstances=[])
    labels = [way.label for way in decide(among_carers, paths=True).paths]
    assert "Consigner que vous êtes de la même équipe de soins" in labels
    coordinated = {"sender": "cesf_ccas", "recipient": "conseiller_mission_locale", "purpose": "as_mesures"}
    labels = [way.label for way in decide(intended(coordinated, circumstances=[]), paths=True).paths]
    assert "Consigner que vous intervenez tous deux auprès de la personne" in labels


def test_help_comes_first_where_life_is_at_stake() -> None:
    facts = intended(
        sender="ass_secteur",
        recipient="procureur",
        purpose="signaler_violence_couple",
        categories=["violences"],
        consent="refused",
        circumstances=["life_in_immediate_danger"],
    )
    first = decide(facts, paths=True).paths[0]
    assert (first.code, first.role, first.purpose) == ("call_for_help", "police_17", "secours")
    blocked = facts.but(items=(Item("origine_religion_opinion", ref="1"),))
    found = {way.code: changed for way, changed in ways_out(blocked, decide(blocked))}
    assert [item.category for item in found["call_for_help"].items] == ["coordonnees"]
    several = facts.but(person=replace(facts.person, many=True))
    assert decide(several, paths=True).paths[0].code == "call_for_help"
    held = facts.but(circumstances=facts.circumstances | {"dossier inconnu"})
    assert "call_for_help" not in ways(held)


def test_another_recipient_is_told_or_agreed_first_where_need_be() -> None:
    untold = ways(intended(TO_SCHOOL, categories=["sante_diagnostic"], informed="not_done"))
    assert untold["address_someone_else"].detail.endswith("participe à l’accompagnement, une fois les parents informés")
    adult = {"sender": "ass_secteur", "recipient": "caf_controleur", "purpose": "acces_droits"}
    agreed = ways(intended(adult, categories=["situation_admin"], circumstances=[], consent="none"))
    way = agreed["address_someone_else"]
    assert (way.role, way.detail, way.categories) == (
        "caf_conseiller",
        "avec l’accord de la personne",
        ("situation_admin",),
    )


def test_the_school_team_is_suggested_with_the_parents_agreement() -> None:
    facts = intended(TO_SCHOOL, categories=["besoins_scolaires"], sender="cesf_ccas")
    way = ways(facts)["address_someone_else"]
    assert (way.role, way.label) == ("ess_membre", "L’adresser plutôt à l’équipe de suivi de la scolarisation")
    assert way.detail == "avec l’accord des parents"


def test_another_adult_is_told_first_where_need_be() -> None:
    report = {"sender": "cesf_departement", "recipient": "police_municipale", "purpose": "as_competences_maire_pcd"}
    facts = intended(report, categories=["besoin_coordination"], circumstances=[])
    assert [way.role for way in decide(facts, paths=True).paths if way.role] == ["maire", "pcd"]


def test_the_text_s_own_recipients_are_suggested_where_they_are_few() -> None:
    facts = intended(sender="ass_secteur", recipient="bailleur", purpose="expulsion_evaluer", categories=["logement"])
    assert ways(facts)["address_someone_else"].role == "ccapex_instructeur"


def test_an_item_better_told_can_go_to_someone_else() -> None:
    facts = intended(
        CHILD_EVALUATION, recipient="enseignant", purpose="pe_actions", circumstances=["hypothesis_unlabelled"]
    )
    found = ways(facts)
    assert found["address_someone_else"].together == ("label_hypothesis",)
    assert found["label_hypothesis"].together == ("address_someone_else",)


def test_a_child_is_helped_to_speak_to_her_parents() -> None:
    found = ways(intended(TO_PARENTS, also=["minor_objects"]))
    assert found["say_it_herself"].label == "Proposer à l’enfant d’en parler avec ses parents"


def test_an_authority_without_paper_is_answered_with_a_sentence() -> None:
    facts = intended(recipient="police", purpose="renseignement_police", circumstances=["by_telephone"])
    assert "réquisition écrite" in ways(facts)["say_nothing"].detail


def test_curiosity_is_answered_with_a_question() -> None:
    found = ways(intended(purpose="curiosite"))
    assert list(found) == ["say_nothing", "ask_the_purpose"]
    assert found["say_nothing"].detail.startswith("«\u00a0Je n’ai rien à confirmer ni à infirmer.")


def test_a_requisition_goes_to_the_legal_service() -> None:
    assert ways(intended(REQUISITION))["await_opinion"].label == (
        "Remettre la demande à la direction ou au service juridique"
    )


def test_a_refusal_with_no_way_out_names_who_can_help() -> None:
    facts = intended(CONCERN_REPORT, categories=["origine_religion_opinion"])
    found = ways(facts)
    assert list(found) == ["ask_for_advice"]
    assert "service juridique" in found["ask_for_advice"].detail


def test_names_left_out_a_prevention_group_can_speak_of_situations() -> None:
    found = ways(intended(PREVENTION_GROUP, sender="educateur_prevention"))
    assert found["consult_without_name"].purpose == "consultation_deidentifiee"
    assert "say_it_herself" not in found


def test_what_is_urgent_is_not_told_to_wait() -> None:
    assert "wait" in ways(intended(informed="not_done"))
    assert "wait" not in ways(intended(TO_MAYOR))
    assert "wait" not in ways(intended(informed="not_done", also=["grave_imminent_peril"]))


# --- the questions -------------------------------------------------------------------------------------------------------


def asked(facts: Facts) -> list[str]:
    return [question.circumstance for question in decide(facts, paths=True).questions]


def test_the_question_that_changes_the_answer_is_asked() -> None:
    facts = intended(sender="educateur_mecs", recipient="procureur", purpose="pe_signalement", person="minor_9")
    decision = decide(facts.but(circumstances=frozenset()), paths=True)
    assert [question.circumstance for question in decision.questions] == ["gravity"]
    assert decision.questions[0].text.endswith("\u00a0?")


def test_two_questions_that_only_matter_together_are_both_asked() -> None:
    facts = intended(sender="ass_secteur", recipient="prefet", purpose="signaler_arme", categories=["violences"])
    assert asked(facts) == ["dangerousness", "weapon_or_intent"]


def test_questions_that_only_matter_together_are_not_asked_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sharing.questions.MOST_QUESTIONS", 1)
    facts = intended(sender="ass_secteur", recipient="prefet", purpose="signaler_arme", categories=["violences"])
    assert asked(facts) == []


def test_at_most_three_questions_are_asked_and_none_that_changes_nothing() -> None:
    assert asked(intended()) == []
    assert asked(intended(purpose="curiosite")) == []
    assert len(asked(intended(informed="not_done"))) <= 3


def test_a_protection_is_asked_about_even_where_all_is_well() -> None:
    assert asked(intended(TO_PARENTS)) == ["minor_health_secrecy"]
    assert "by_telephone" in asked(intended(RESCUE))


def test_an_answer_already_given_can_be_undone() -> None:
    assert asked(intended(RESCUE))[0] == "grave_imminent_peril"
    assert asked(intended(also=["argument_for_her_own_good"])) == ["argument_for_her_own_good"]
