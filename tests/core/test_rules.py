"""Each norm: a disclosure where it applies, and one, next to it, where it does not."""

from dataclasses import replace
from typing import Any

import pytest

from sharing.decision import decide
from sharing.facts import Facts
from sharing.rules import RULES
from sharing.weighing import weigh
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

COORDINATED = {
    "sender": "cesf_ccas",
    "recipient": "conseiller_mission_locale",
    "purpose": "as_mesures",
    "categories": ["logement"],
    "circumstances": ["both_work_with_person", "coordinator_designated"],
}
RSA_CONTROL: dict[str, Any] = {
    "sender": "caf_conseiller",
    "purpose": "insertion_rsa",
    "categories": ["emploi_insertion"],
    "circumstances": ["item_origin_controle_rsa"],
}
NURSE_REPORT = {
    "sender": "infirmier_hopital",
    "recipient": "procureur",
    "purpose": "signaler_sevices",
    "categories": ["violences"],
    "circumstances": [],
}

CASES: dict[str, tuple[Facts, Facts]] = {
    # what for
    "silence_is_the_rule": (intended(recipient="bailleur"), intended()),
    "some_purposes_are_never_lawful": (intended(purpose="curiosite"), intended()),
    "sharing_is_about_one_person_at_a_time": (intended(person="many"), intended(purpose="curiosite")),
    "a_local_setting_may_close_a_purpose": (
        intended(facts={"closed_purposes": frozenset({"coord_soins"})}),
        intended(CONCERN_REPORT, facts={"closed_purposes": frozenset({"pe_ip"})}),
    ),
    "what_is_unknown_is_refused": (intended(also=["il_pleut"]), intended()),
    "concern_report_serves_child_protection_only": (
        intended(ON_AGREEMENT, item={"origin": "ip"}),
        intended(CHILD_EVALUATION, item={"origin": "ip"}),
    ),
    "rsa_control_goes_to_the_departement_only": (
        intended(RSA_CONTROL, recipient="equipe_pluri_rsa"),
        intended(RSA_CONTROL, recipient="pcd"),
    ),
    "what_was_collected_for_an_unknown_end_stays": (intended(item={"origin": "on_ne_sait"}), intended()),
    # from whom, to whom
    "sender_is_among_those_the_text_names": (intended(sender="enseignant"), intended()),
    "sender_is_still_in_office": (intended(sender_party={"in_force": False}), intended()),
    "recipient_is_among_those_the_text_names": (intended(recipient="maire"), intended()),
    "the_text_is_about_such_a_person": (
        intended(NURSE_REPORT, sender="ass_secteur", person="adult_under_tutelle_personal"),
        intended(NURSE_REPORT, sender="ass_secteur", person="vulnerable_adult"),
    ),
    "recipient_is_still_in_office": (intended(recipient_party={"in_force": False}), intended()),
    "secrets_go_to_those_who_are_bound": (intended(recipient="bailleur"), intended(recipient="cdaph")),
    "nothing_is_said_before_an_unbound_guest": (
        intended(SCHOOL_TEAM, also=["unbound_guest_present"]),
        intended(SCHOOL_TEAM),
    ),
    "voluntary_sharing_supposes_an_agreement_in_force": (
        intended(also=["agreement_expired"]),
        intended(CONCERN_REPORT, also=["agreement_expired"]),
    ),
    "voluntary_sharing_supposes_that_both_know_their_missions": (
        intended(facts={"sheet_missing": True}),
        intended(CONCERN_REPORT, facts={"sheet_missing": True}),
    ),
    "the_mission_sheet_is_read_before_the_first_disclosure": (
        intended(facts={"sheet_unread": True}),
        intended(RESCUE, facts={"sheet_unread": True}),
    ),
    "callers_are_called_back": (
        intended(RESCUE, also=["by_telephone"]),
        intended(RESCUE, also=["by_telephone", "call_back_verified"]),
    ),
    "only_the_depositary_releases": (intended(item={"depositary": False}), intended()),
    "an_order_founds_nothing": (
        intended(also=["hierarchical_order", "not_depositary"]),
        intended(also=["hierarchical_order"]),
    ),
    "an_order_spoils_nothing": (
        intended(also=["hierarchical_order"]),
        intended(also=["hierarchical_order", "not_depositary"]),
    ),
    "what_was_received_is_not_passed_on": (intended(item={"received": True}), intended()),
    "a_protection_measure_opens_no_access": (
        intended(recipient="curateur", person="adult_under_curatelle"),
        intended(recipient="curateur", person="adult_under_curatelle", consent="given"),
    ),
    # the person
    "a_minor_keeps_the_secret_of_her_care": (
        intended(TO_PARENTS, also=["minor_health_secrecy"]),
        intended(TO_PARENTS),
    ),
    "a_minor_who_objects_is_heard": (intended(TO_PARENTS, also=["minor_objects"]), intended(TO_PARENTS)),
    "agreement_comes_before": (
        intended(purpose="prise_en_charge"),
        intended(purpose="prise_en_charge", consent="given"),
    ),
    "a_refusal_is_heard": (
        intended(purpose="prise_en_charge", consent="refused"),
        intended(NURSE_REPORT, person="minor_8", consent="refused"),
    ),
    "without_text_nor_agreement_nothing_passes": (
        intended(recipient="bailleur"),
        intended(RESCUE, recipient="police"),
    ),
    "a_withdrawal_stops_what_follows": (
        intended(consent="withdrawn"),
        intended(CONCERN_REPORT, consent="withdrawn"),
    ),
    "an_objection_stops": (intended(also=["person_objects"]), intended(CONCERN_REPORT, also=["person_objects"])),
    "an_objection_is_weighed": (intended(COORDINATED, consent="refused"), intended(COORDINATED)),
    "one_parent_is_not_enough_when_they_disagree": (
        intended(person="minor_8", also=["parents_known_to_disagree"]),
        intended(CONCERN_REPORT, also=["parents_known_to_disagree"]),
    ),
    "parents_are_present_or_invited": (
        intended(SCHOOL_TEAM, circumstances=["forum_ess"]),
        intended(SCHOOL_TEAM, circumstances=["forum_ess", "presence_proposed"]),
    ),
    "a_weak_argument_founds_nothing": (
        intended(also=["argument_for_her_own_good"]),
        intended(also=["argument_for_her_own_good", "dated_statement_of_person"]),
    ),
    # what she was told
    "information_before_is_a_condition": (
        intended(informed="not_done"),
        intended(informed="not_done", also=["emergency_person_unable"]),
    ),
    "information_before_is_expected": (
        intended(CHILD_EVALUATION, informed="not_done"),
        intended(CHILD_EVALUATION, informed="excepted", also=["exception_child_interest"]),
    ),
    "information_never_delays_where_delay_endangers": (
        intended(CONCERN_REPORT, informed="not_done"),
        intended(CONCERN_REPORT),
    ),
    "no_exception_where_information_is_a_condition": (intended(informed="excepted"), intended(informed="not_done")),
    "professional_comfort_is_no_exception": (
        intended(CHILD_EVALUATION, informed="not_done", also=["exception_professional_comfort"]),
        intended(CHILD_EVALUATION, informed="not_done"),
    ),
    "an_unfounded_exception_is_looked_at_afterwards": (
        intended(CONCERN_REPORT, informed="excepted"),
        intended(CONCERN_REPORT, informed="excepted", also=["exception_child_interest"]),
    ),
    "a_founded_exception_is_reviewed_before": (
        intended(CHILD_EVALUATION, informed="excepted", also=["exception_child_interest"]),
        intended(CHILD_EVALUATION, informed="excepted"),
    ),
    # what is said
    "only_the_categories_of_the_text_pass": (
        intended(SCHOOL_TEAM, categories=["sante_mentale"]),
        intended(SCHOOL_TEAM),
    ),
    "only_known_categories_pass": (intended(categories=["humeur"]), intended()),
    "origin_religion_and_opinion_stay": (
        intended(categories=["origine_religion_opinion"]),
        intended(REQUISITION, categories=["origine_religion_opinion"]),
    ),
    "some_recipients_accept_little_on_agreement": (
        intended(SCHOOL_TEAM, recipient="enseignant", circumstances=[]),
        intended(SCHOOL_TEAM, recipient="enseignant"),
    ),
    "a_school_forum_hears_little": (
        intended(SCHOOL_TEAM, categories=["logement"], purpose="acces_droits"),
        intended(SCHOOL_TEAM, categories=["besoins_scolaires"], purpose="acces_droits"),
    ),
    "an_agreement_may_narrow": (
        intended(facts={"narrowed": frozenset({"sante_fonctionnel"})}),
        intended(CONCERN_REPORT, facts={"narrowed": frozenset({"violences"})}),
    ),
    "an_institution_may_keep": (
        intended(facts={"kept_here": frozenset({"sante_fonctionnel"})}),
        intended(CONCERN_REPORT, facts={"kept_here": frozenset({"violences"})}),
    ),
    "a_local_setting_may_ask_for_an_opinion": (
        intended(facts={"opinion_on": frozenset({"sante_fonctionnel"})}),
        intended(CONCERN_REPORT, facts={"opinion_on": frozenset({"violences"})}),
    ),
    "what_is_limited_is_not_shared": (
        intended(ON_AGREEMENT, item={"limited": True}),
        intended(CONCERN_REPORT, item={"limited": True}),
    ),
    "a_protected_address_stays": (
        intended(ON_AGREEMENT, categories=["coordonnees"], consent="none", also=["address_protected"]),
        intended(ON_AGREEMENT, categories=["coordonnees"], also=["address_protected"]),
    ),
    "nobody_agrees_for_a_third_party": (
        intended(ON_AGREEMENT, item={"third_parties": True}),
        intended(CONCERN_REPORT, item={"third_parties": True}),
    ),
    "hearsay_stays": (intended(item={"nature": "rumeur"}), intended(REQUISITION, item={"nature": "rumeur"})),
    "a_hypothesis_is_presented_as_one": (
        intended(also=["hypothesis_unlabelled"]),
        intended(also=["hypothesis_labelled"]),
    ),
    "an_empty_scope_covers_nothing": (intended(facts={"items": ()}), intended(RESCUE, facts={"items": ()})),
    "each_item_is_necessary": (intended(item={"necessity": " "}), intended(item={"necessity": "Préparer la sortie"})),
    "very_sensitive_items_are_reviewed": (
        intended(ON_AGREEMENT, categories=["sante_mentale"]),
        intended(ON_AGREEMENT),
    ),
    # what the text asks for, and the gates
    "conditions_are_established": (intended(circumstances=["named_recipient"]), intended()),
    "some_conditions_may_be_reviewed": (
        intended(COORDINATED, circumstances=["both_work_with_person"]),
        intended(COORDINATED),
    ),
    "the_authority_is_verified": (
        intended(REQUISITION, circumstances=["written", "scope_defined"]),
        intended(REQUISITION),
    ),
    "where_several_work_the_coordinator_speaks": (
        intended(TO_MAYOR, circumstances=["both_work_with_person"]),
        intended(TO_MAYOR, circumstances=["both_work_with_person", "coordinator_designated"]),
    ),
    "authorities_are_answered_by_the_institution": (intended(REQUISITION), intended()),
    "some_disclosures_await_an_opinion": (intended(TO_MAYOR), intended()),
    "the_bound_give_no_names_to_a_prevention_group": (
        intended(PREVENTION_GROUP, sender="educateur_prevention"),
        intended(PREVENTION_GROUP),
    ),
    "names_need_signed_internal_rules": (
        intended(PREVENTION_GROUP, circumstances=["nominative"]),
        intended(PREVENTION_GROUP),
    ),
    "names_in_a_prevention_group_are_contested": (
        intended(PREVENTION_GROUP),
        intended(PREVENTION_GROUP, sender="educateur_prevention"),
    ),
    "a_recognisable_person_is_not_unnamed": (
        intended(person="nobody", also=["reidentification_risk"]),
        intended(also=["reidentification_risk"]),
    ),
    "a_situation_without_a_name_is_no_secret": (intended(also=["non_nominative"]), intended()),
}


def test_every_norm_has_its_two_cases() -> None:
    assert list(CASES) == [rule.name for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_norm_speaks_where_it_applies(rule: Any) -> None:
    decision = decide(CASES[rule.name][0])
    finding = next(each for each in decision.findings if each.rule == rule.name)
    assert finding.reason == rule.reason
    assert finding.effect == rule.effect
    assert finding.article == (rule.article or decision.basis)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_norm_is_silent_next_to_it(rule: Any) -> None:
    decision = decide(CASES[rule.name][1])
    assert rule.name not in {each.rule for each in decision.findings}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_sentence_of_a_norm_is_french_and_names_no_article(rule: Any) -> None:
    assert rule.message.endswith((".", "?"))
    assert not any(mark in rule.message for mark in (" :", " ;", " ?", " !", "'", "article", "L1110", "226"))


def test_the_fact_of_being_followed_is_secret_in_any_refusal() -> None:
    refused = decide(intended(recipient="bailleur", categories=["fait_du_suivi", "logement"]))
    finding = next(each for each in refused.findings if each.reason == "being_followed_is_secret")
    assert finding.items == ("1",)
    assert finding in refused.items[0].findings
    assert "being_followed_is_secret" not in decide(intended(categories=["fait_du_suivi"])).reasons


def test_an_erring_norm_refuses_and_says_that_it_erred() -> None:
    def errs(_matter: object) -> bool:
        raise ZeroDivisionError

    broken = replace(RULES[0], name="a_norm_that_errs", applies=errs, about_item=False)
    decision = weigh(intended(), rules=(*RULES, broken))
    assert decision.verdict == "deny"
    assert decision.reasons == ("no_basis",)
    assert decision.findings[0].rule == "a_norm_that_errs"


def test_facts_that_cannot_be_read_at_all_are_refused() -> None:
    unreadable = replace(intended(), items=None)  # type: ignore[arg-type]
    decision = decide(unreadable, paths=True)
    assert (decision.verdict, decision.reasons) == ("deny", ("no_basis",))
    assert decision.findings[0].article == "CP-226-13"


READ = ("at", "sender", "recipient", "purpose", "items", "person", "consents", "informed", "circumstances")


@pytest.mark.parametrize(
    "name", [*READ, "basis", "narrowed", "closed_purposes", "opinion_on", "at_most_days", "sheet_missing"]
)
def test_a_fact_made_unreadable_is_a_refusal(name: str) -> None:
    lawful = intended(ON_AGREEMENT)
    assert decide(lawful).verdict == "allow"
    unreadable: dict[str, Any] = {name: object()}
    decision = decide(replace(lawful, **unreadable))
    assert (decision.verdict, "no_basis" in decision.reasons) == ("deny", True)
