"""The 44 cases to withstand, and where each of them is tried. A path names every test of its file that begins with `abuse_NN`.

`path::name` names one test. tests/abuse/test_cases.py checks that all of them are there, and docs/security.md leads here.
"""

LATER = {
    14: "There is no export by a link that works alone: what is taken away is asked for in a session, at that instant.",
    15: "Nothing is given as a table for spreadsheets: bundles are JSON and PDF.",
    41: "Erasure by the destruction of a key, and the end of retention, come with the next issue.",
}
"""Cases that wait, and what stands meanwhile."""

CASES: dict[int, tuple[str, tuple[str, ...]]] = {
    1: (
        "A partner opens another's disclosure by its id",
        (
            "doors/test_matrix.py",
            "api/test_doors.py::test_a_door_answers_each_persona_as_the_table_says",
            "api/test_doors.py::test_abuse_3_what_tact_alone_writes_is_refused_by_its_name",
            "cases/test_doors.py",
            "receiving/test_answering.py",
        ),
    ),
    2: ("A colleague who is not named as recipient", ("doors/test_matrix.py",)),
    3: (
        "Mass assignment",
        (
            "api/test_doors.py",
            "api/test_strict.py",
            "api/test_acts.py",
        ),
    ),
    4: (
        "A program writes rows without the act",
        (
            "abuse/test_04_no_disclosure_without_its_entry.py",
            "abuse/test_04_programs_only_call_acts.py",
        ),
    ),
    5: (
        "The same proof of an agreement, for another",
        (
            "abuse/test_05_the_same_proof_twice.py",
            "consent/test_signed_papers.py",
        ),
    ),
    6: (
        "An agreement dated back",
        (
            "abuse/test_06_dated_back.py",
            "stopping/test_at_an_instant.py",
        ),
    ),
    7: (
        "Withdrawn during composition",
        (
            "abuse/test_07_withdrawn_meanwhile.py",
            "sharing/test_compose_pages.py",
            "sharing/test_share.py",
            "api/test_acts.py",
            "rights/test_pages.py",
            "rights/test_sharing_limited.py",
        ),
    ),
    8: (
        "Withdrawn between the check and the commit",
        (
            "sharing/test_two_at_once.py",
            "stopping/test_two_at_once.py",
        ),
    ),
    9: ("Two opinions at once", ("abuse/test_09_two_opinions_at_once.py",)),
    10: (
        "An opinion on one's own disclosure",
        (
            "abuse/test_10_nobody_reviews_her_own.py",
            "directory/test_agreements.py",
            "directory/test_sheets.py",
            "narrowing/test_acts.py",
        ),
    ),
    11: ("Edited after the opinion", ("abuse/test_11_edited_after_the_opinion.py",)),
    12: (
        "An agreement that ends at midnight",
        (
            "abuse/test_12_agreement_at_midnight.py",
            "directory/test_agreements.py",
        ),
    ),
    13: (
        "Closed while the opinion waits",
        (
            "abuse/test_13_closed_while_the_opinion_waits.py",
            "directory/test_two_at_once.py",
        ),
    ),
    16: (
        "Markup that runs",
        (
            "abuse/test_16_markup.py",
            "papers/test_notice.py",
        ),
    ),
    17: (
        "Characters that hide",
        (
            "abuse/test_17_characters.py",
            "cases/test_items.py",
            "cases/test_opening.py",
        ),
    ),
    18: (
        "The trail edited by the application",
        (
            "audit/test_application_rights.py",
            "audit/test_guards.py",
            "audit/test_access_log.py",
        ),
    ),
    19: (
        "The trail edited or cut by a superuser",
        (
            "abuse/test_19_the_trail_is_altered.py",
            "audit/test_guards.py",
            "audit/test_verification.py",
        ),
    ),
    20: ("An entry that cannot be written", ("audit/test_ledger.py",)),
    21: ("A clock that is wrong, or set back", ("abuse/test_21_clocks.py",)),
    22: ("The queue delivers twice", ("abuse/test_22_delivered_twice.py",)),
    23: ("A worker killed in the middle", ("abuse/test_23_killed_in_the_middle.py",)),
    24: ("Redis is away", ("sharing/test_redis_down.py",)),
    25: (
        "The database goes away",
        (
            "abuse/test_25_the_database_goes_away.py",
            "faults/test_database.py",
        ),
    ),
    26: (
        "A double click, two tabs, a retry",
        (
            "abuse/test_26_twice.py",
            "api/test_acts.py",
            "cases/test_opening.py",
        ),
    ),
    27: (
        "A letter with personal data",
        (
            "receiving/test_sent_and_withdrawal.py",
            "architecture/test_pages.py::test_letters_are_plain_text_made_of_a_reference_and_a_link",
            "abuse/test_28_canaries.py::test_abuse_28_no_name_and_no_word_reaches_a_log_an_address_a_title_a_letter_a_queue_a_cache_or_a_session",
        ),
    ),
    28: ("Personal data in logs, addresses, titles, queues, caches", ("abuse/test_28_canaries.py",)),
    29: (
        "Existence, by time or by answer",
        (
            "abuse/test_29_nothing_tells_who_is_known.py",
            "abuse/test_29_nobody_learns_who_has_an_account.py",
            "linking/test_abuse_37_same_person.py",
            "deciding/test_pages.py",
        ),
    ),
    30: ("A search used to browse", ("abuse/test_30_browsing.py",)),
    31: ("A session planted, stolen, or that outlives its end", ("abuse/test_31_a_stolen_session.py",)),
    32: (
        "Whoever left, with a session open",
        (
            "abuse/test_32_leaving.py",
            "accounts/test_leaving.py",
            "partners/test_acting.py",
        ),
    ),
    33: (
        "Identities from elsewhere",
        (
            "abuse/test_33_identities_from_elsewhere.py::test_whoever_has_her_address_at_the_provider_does_not_become_her",
            "abuse/test_33_identities_from_elsewhere.py::test_another_establishment_waits_and_an_unreadable_one_is_none",
            "abuse/test_33_identities_from_elsewhere.py::test_an_answer_serves_once",
            "abuse/test_33_identities_from_elsewhere.py::test_the_token_of_an_earlier_entry_is_recognised_by_its_nonce",
        ),
    ),
    34: ("The glass broken out of curiosity", ("abuse/test_34_breaking_the_glass.py",)),
    35: ("The glass broken for the wrong ears", ("abuse/test_35_the_wrong_ears.py",)),
    36: ("A partner that closed or merged", ("abuse/test_36_succession.py",)),
    37: ("Two sheets of one person, and of two", ("linking/test_abuse_37_same_person.py",)),
    38: (
        "Sent to the wrong recipient",
        (
            "receiving/test_returned.py::test_it_closes_at_once_and_a_stub_stays",
            "receiving/test_returned.py::test_an_incident_opens_with_its_clock_of_72_hours",
            "receiving/test_recalled.py::test_a_recall_for_the_wrong_recipient_opens_an_incident",
            "receiving/test_recalled.py::test_the_author_sees_what_had_been_opened_and_when",
        ),
    ),
    39: ("A malicious file", ("consent/test_signed_papers.py",)),
    40: ("Whoever holds the machine", ("abuse/test_40_whoever_holds_the_machine.py",)),
    42: (
        "The rules change after the fact",
        (
            "replay/test_replay.py::test_what_was_just_decided_comes_out_the_same",
            "replay/test_another_edition.py::test_a_text_that_loses_a_recipient_changes_exactly_what_rested_on_it_and_is_only_tried",
            "replay/test_editions.py::test_not_even_the_owner_rewrites_an_edition",
        ),
    ),
    43: (
        "A token leaks",
        (
            "abuse/test_43_a_token_leaks.py",
            "incidents/test_volume.py",
        ),
    ),
    44: (
        "Forged requests, frames, redirects, hosts",
        (
            "abuse/test_44_requests_from_elsewhere.py",
            "doors/test_headers.py::test_no_view_lets_another_site_read_it",
            "accounts/test_sign_in.py",
        ),
    ),
}
