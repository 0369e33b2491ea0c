"""Every page as each persona sees it: axe, no sideways scroll at 320 px and at 200 %, keyboard, title, in French and in English.

A page is a line of PAGES: who, which door, where. « >> » follows the first link whose address matches, as a person would. A door
that answers a GET and has no line fails the tests, unless EXCEPT says why. A page that several personas see has a line for each of
them. What is asked of a page, when, and the full grid of `make a11y`: `walking.py`.
"""

from collections import Counter
from typing import Any

import pytest

from tests.browser import walking
from tests.browser.walking import FRENCH, GRID, PERSONAS, WIDTHS, Visit
from tests.doors.table import DOORS
from tests.site import Site

pytestmark = pytest.mark.browser

PAGES = r"""
anonymous partners:sign_in     /connexion/
anonymous account_reset_password /mot-de-passe/oublie/
anonymous account_reset_password_done /mot-de-passe/oublie/demande/
camille   partners:account     /compte/
camille   account_change_password /compte/ >> /compte/mot-de-passe/$
camille   usersessions_list    /compte/ >> /compte/sessions/$
camille   mfa_index            /compte/second-facteur/
camille   mfa_activate_totp    /compte/second-facteur/ >> /application/$
camille   mfa_add_webauthn     /compte/second-facteur/cles/nouvelle/
nadia     partners:factor_losses /annuaire/seconds-facteurs/
claire    partners:factor_losses /annuaire/seconds-facteurs/
anonymous demo_components      /demo/composants/
anonymous demo_mail            /demo/courrier/
anonymous demo_visit           /demo/visite/
anonymous accessibility        /accessibilite/
anonymous legal                /mentions-legales/
anonymous privacy              /donnees-personnelles/
anonymous cookies              /cookies/
anonymous sitemap              /plan-du-site/
anonymous sharing:statistics   /statistiques/
anonymous help                 /aide/
anonymous help_topic           /aide/communiquer/
anonymous help_topic           /aide/personne/
camille   help                 /aide/
camille   help_topic           /aide/urgence/
lantier   help_topic           /aide/recevoir/
nadia     sitemap              /plan-du-site/
camille   home                 /
camille   cases:list           /situations/
camille   cases:list           /situations/?q=personne
camille   cases:create         /situations/nouvelle/
camille   sharing:case         /situations/ >> -0143/$
camille   sharing:chronology   /situations/ >> -0143/$ >> /chronologie/
camille   sharing:opened       /situations/ >> -0143/$ >> /ouvertures/$
camille   sharing:proofs       /situations/ >> -0143/$ >> -0143/preuves/$
camille   cases:items          /situations/ >> -0143/$ >> /elements/$
camille   cases:item_new       /situations/ >> -0143/$ >> /elements/nouveau$
camille   cases:item           /situations/ >> -0143/$ >> /elements/[0-9a-f-]{36}/$
camille   cases:dissent        /situations/ >> -0143/$ >> /elements/[0-9a-f-]{36}/$ >> /divergence/$
camille   sharing:rectify      /situations/ >> -0143/$ >> /elements/[0-9a-f-]{36}/$ >> /rectification/$
camille   sharing:limit_item   /situations/ >> -0143/$ >> /elements/[0-9a-f-]{36}/$ >> /elements/[0-9a-f-]{36}/limitation/$
camille   sharing:limit_case   /situations/ >> -0143/$ >> -0143/limitation/$
camille   sharing:rectification / >> /rectifications/[0-9a-f-]{36}/$
camille   sharing:limitation   /situations/ >> -0143/$ >> /limitations/[0-9a-f-]{36}/$
camille   cases:identity       /situations/ >> -0143/$ >> /identite$
camille   cases:assignments    /situations/ >> -0143/$ >> /suivi$
camille   consent:who_decides  /situations/ >> -0143/$ >> /qui-decide/$
camille   cases:same_person    /situations/ >> -0143/$ >> /meme-personne/$
camille   cases:record_status  /situations/ >> -0143/$ >> /qui-decide/$ >> /qui-decide/etat/$
camille   cases:record_status  /situations/ >> -0143/$ >> /qui-decide/$ >> /qui-decide/etat/$ >> \?quoi=discernment$
camille   cases:record_status  /situations/ >> -0143/$ >> /qui-decide/$ >> /qui-decide/etat/$ >> \?quoi=tutelle$
camille   cases:end_status     /situations/ >> -0145/$ >> /qui-decide/$ >> /fin/$
camille   cases:add_representative /situations/ >> -0143/$ >> /qui-decide/$ >> /qui-decide/representant/$
camille   cases:change_representative /situations/ >> -0143/$ >> /qui-decide/$ >> /qui-decide/representant/[0-9a-f-]{36}/$
camille   cases:involvements   /situations/ >> -0143/$ >> /professionnels/$
camille   sharing:urgency      /situations/ >> -0143/$ >> /urgence/$
camille   sharing:aloud        /situations/ >> -0143/$ >> /dit/$
camille   sharing:withhold     /situations/ >> -0143/$ >> /ne-pas-communiquer/$
camille   sharing:call         /appel/
camille   sharing:pressure     /situations/ >> -0143/$ >> /pression/\?situation=
camille   sharing:tokens       /compte/jetons/
camille   sharing:token_new    /compte/jetons/ >> /compte/jetons/nouveau/
camille   consent:list         /situations/ >> -0143/$ >> /accords/$
camille   consent:new          /situations/ >> -0143/$ >> /accords/nouveau/$
camille   consent:grid         /situations/ >> -0143/$ >> /accords/$ >> /accords/grille/$
camille   consent:paper        /situations/ >> -0143/$ >> /accords/$ >> /accords/papier/
camille   consent:receipt      /situations/ >> -0143/$ >> /accords/$ >> /recepisse/$
camille   sharing:withdraw     /situations/ >> -0143/$ >> /accords/$ >> /retrait/$
camille   sharing:withdraw_all /situations/ >> -0143/$ >> /accords/$ >> /tout-retirer/$
camille   sharing:recorded_in_error /situations/ >> -0143/$ >> /accords/$ >> /erreur/$
camille   sharing:object       /situations/ >> -0143/$ >> /communications/[0-9a-f-]{36}/$ >> /opposition/[0-9a-f-]{36}/[a-z_]+/$
camille   sharing:compose      / >> /communiquer/[0-9a-f-]{36}/$
camille   sharing:sent         /communications/
camille   sharing:sent         /communications/?etat=zzz
camille   sharing:sent_one     /communications/ >> /communications/[0-9a-f-]{36}/$
camille   sharing:sent         /communications/?miennes
camille   sharing:recall       /communications/ >> /communications/[0-9a-f-]{36}/$ >> /rappeler/$
camille   sharing:duties       /a-faire/
camille   sharing:duty         /a-faire/ >> /a-faire/[0-9a-f-]{36}/$
camille   sharing:inbox        /recu/
camille   sharing:requests     /demandes/
camille   sharing:requests     /demandes/?etat=en-attente
camille   sharing:request_new  /demandes/nouvelle/
camille   sharing:request_new  /situations/ >> -0143/$ >> /demandes/nouvelle/\?situation=
camille   sharing:request      /demandes/?etat=en-attente >> /demandes/[0-9a-f-]{36}/$
camille   sharing:request      /demandes/?etat=arretees >> /demandes/[0-9a-f-]{36}/$
camille   sharing:request      /demandes/?etat=reponses >> /demandes/[0-9a-f-]{36}/$
camille   sharing:request      /demandes/?etat=a-repondre >> /demandes/[0-9a-f-]{36}/$
camille   sharing:consultations /consultations/
camille   sharing:consultation_new /situations/ >> -0143/$ >> /consultations/nouvelle/
camille   sharing:consultation /consultations/ >> /consultations/[0-9a-f-]{36}/$
camille   sharing:usefulness   / >> /a-t-il-servi/[0-9a-f-]{36}/$
camille   partners:directory   /annuaire/
camille   partners:directory   /annuaire/?q=zzz
camille   partners:institution /annuaire/ >> /annuaire/[0-9a-f-]{36}/$
camille   partners:agreement   /annuaire/?q=jean-mace >> /annuaire/[0-9a-f-]{36}/$ >> /annuaire/conventions/[0-9a-f-]{36}/$
camille   partners:forum       /annuaire/?q=jean-mace >> /annuaire/[0-9a-f-]{36}/$ >> /annuaire/instances/[0-9a-f-]{36}/$
camille   partners:act_as      /agir-pour/
camille   sharing:rules        /regles/
camille   sharing:rules        /regles/?q=zzz
camille   sharing:rule         /regles/ACCORD/
camille   sharing:rule         /regles/ >> /regles/CASF-L411-3-1/$
nadia     home                 /
nadia     sharing:duties       /a-faire/
nadia     sharing:duty         /a-faire/ >> /a-faire/[0-9a-f-]{36}/$
nadia     sharing:control      /controle/
nadia     sharing:control      /controle/?motif=information_missing&age=30
nadia     sharing:review       /controle/ >> /controle/avis/[0-9a-f-]{36}/$
nadia     sharing:examinations /controle/apres/
nadia     sharing:examination  /controle/apres/ >> /controle/apres/[0-9a-f-]{36}/$
nadia     sharing:dashboard    /controle/tableau/
nadia     cases:list           /situations/
nadia     cases:team           /equipe/
nadia     sharing:sent         /communications/?equipe
nadia     sharing:recall       /communications/?equipe&etat=terminees >> /rappeler/$
nadia     sharing:incidents    /controle/incidents/
nadia     sharing:incident     /controle/incidents/ >> /controle/incidents/[0-9a-f-]{36}/$
nadia     cases:assignments    /equipe/ >> /suivi$
nadia     sharing:opened       /equipe/ >> /suivi$ >> /ouvertures/$
nadia     cases:link           /equipe/ >> /equipe/meme-personne/[0-9a-f-]{36}/$
nadia     partners:to_validate /annuaire/a-valider/
nadia     partners:members     /annuaire/membres/
nadia     partners:members     /annuaire/membres/?etat=partis
nadia     partners:invite      /annuaire/membres/ >> /annuaire/membres/inviter/$
nadia     partners:member      /annuaire/membres/?q=roussel >> /annuaire/membres/[0-9a-f-]{36}/$
nadia     partners:member_secrecy /annuaire/membres/?q=roussel >> /annuaire/membres/[0-9a-f-]{36}/$ >> /secret/$
nadia     partners:member_functions /annuaire/membres/?q=roussel >> /annuaire/membres/[0-9a-f-]{36}/$ >> /fonctions/$
nadia     partners:member_end  /annuaire/membres/?q=roussel >> /annuaire/membres/[0-9a-f-]{36}/$ >> /fin/$
nadia     partners:sheet       /annuaire/a-valider/ >> /annuaire/fiches/[0-9a-f-]{36}/$
nadia     partners:sheet_write /annuaire/?q=jean-mace >> /annuaire/[0-9a-f-]{36}/$ >> /annuaire/[0-9a-f-]{36}/fiche/$
nadia     partners:agreement_new /annuaire/conventions/nouvelle/
nadia     partners:agreement_revise /annuaire/?q=jean-mace >> /annuaire/[0-9a-f-]{36}/$ >> /conventions/[0-9a-f-]+/$ >> /reviser/$
nadia     partners:agreement_act /annuaire/?q=jean-mace >> /annuaire/[0-9a-f-]{36}/$ >> /conventions/[0-9a-f-]+/$ >> /suspendre/$
lantier   home                 /
lantier   partners:succession_new /annuaire/successions/nouvelle/
lantier   partners:institution_new /annuaire/institutions/nouvelle/
lantier   partners:institution_correct /annuaire/?q=jean-mace >> /annuaire/[0-9a-f-]{36}/$ >> /corriger/$
lantier   partners:act_as      /agir-pour/
lantier   sharing:inbox        /recu/
lantier   sharing:inbox        /recu/?etat=termine
lantier   sharing:received     /recu/?etat=lu >> /recu/[0-9a-f-]{36}/$
lantier   sharing:received     /recu/?etat=termine >> /recu/[0-9a-f-]{36}/$
lantier   sharing:send_back    /recu/?etat=lu >> /recu/[0-9a-f-]{36}/$ >> /pas-pour-moi/$
lantier   sharing:ask_precision /recu/?etat=termine >> /recu/[0-9a-f-]{36}/$ >> /precision/$
perrin    home                 /
perrin    sharing:duties       /a-faire/
perrin    sharing:inbox        /recu/
yann      home                 /
yann      audit:explorer       /audit/
yann      audit:explorer       /audit/?case=zzz
yann      audit:verification   /audit/verification/
yann      audit:verified       /audit/verification/ >> /audit/verification/[0-9a-f-]{36}/$
yann      audit:heads          /audit/tetes/
yann      audit:head           /audit/tetes/ >> /audit/tetes/\d+/$
yann      audit:keys           /audit/cles/
yann      audit:alarms         /audit/alarmes/
yann      audit:alarm          /audit/alarmes/ >> /audit/alarmes/[0-9a-f-]{36}/$
claire    audit:alarm          /audit/alarmes/ >> /audit/alarmes/[0-9a-f-]{36}/$
yann      audit:accesses       /audit/acces/
yann      audit:entry          /audit/ >> /audit/[0-9a-f-]{36}/$
claire    home                 /
claire    sharing:urgencies    /controle/urgences/
claire    sharing:call         /appel/
claire    audit:explorer       /audit/
claire    sharing:incidents    /controle/incidents/
claire    partners:institution /annuaire/?q=crip >> /annuaire/[0-9a-f-]{36}/$
claire    sharing:house_tokens /annuaire/membres/jetons/
claire    partners:settings    /annuaire/reglages/
claire    partners:narrowing_new /annuaire/reglages/nouveau/
claire    partners:narrowing   /annuaire/reglages/ >> /annuaire/reglages/[0-9a-f-]{36}/$
claire    partners:narrowing_lift /annuaire/?q=crip >> /annuaire/[0-9a-f-]{36}/$ >> /annuaire/reglages/[0-9a-f-]{36}/$ >> /lever/$
"""
LINES = walking.read(PAGES)
EXCEPT = {
    "account_reset_password_from_key": "by the link of a letter: walked in tests/accounts/test_passwords.py",
    "mfa_authenticate": "after a password, for who has a second factor: walked in tests/accounts/test_keys_in_the_browser.py",
    "mfa_login_webauthn": "what a key must sign, for a script: walked in tests/accounts/test_keys_in_the_browser.py",
    "confirm_by_key": "the same, inside a page",
    "account_reauthenticate": "after five minutes: walked in tests/accounts/test_keys_in_the_browser.py",
    "mfa_edit_webauthn": "of a key: walked in tests/accounts/test_keys_in_the_browser.py",
    "remove_factor": "of a factor that one has: walked in tests/accounts/test_keys_in_the_browser.py",
    "mfa_generate_recovery_codes": "for who has a factor: walked in tests/accounts/test_keys_in_the_browser.py",
    "partners:factor_loss": "of a loss that somebody reported: tests/accounts/test_losing_a_factor.py",
    "partners:institution_change": "nobody adds in the demonstration: read in tests/directory/test_registering.py",
    "sharing:house_token_revoke": "nobody there has a token in the demonstration: read in tests/api/test_house_tokens.py",
    "partners:invitation": "by the link of a letter: walked in tests/accounts/test_people_in_the_browser.py",
    "partners:invitation_sent": "nobody is invited in the demonstration: tests/accounts/test_people_in_the_browser.py",
    "partners:function_change": "nobody changes in the demonstration: tests/accounts/test_people_in_the_browser.py",
    "sharing:relay": "nobody leaves in the demonstration: walked in tests/accounts/test_people_in_the_browser.py",
    "account_login": "the same page as partners:sign_in, under the name that allauth calls it by",
    "consent:notice": "a file to save, no page",
    "sharing:api_description": "a file to save, no page",
    "consent:scan": "a file to save, no page",
    "consent:receipt_paper": "a file to save, no page",
    "consent:objection_paper": "a file to save, no page",
    "sharing:objected": "read in tests/stopping: nobody objects in the demonstration's guided case",
    "sharing:done_paper": "a file to save, no page",
    "sharing:sent_proof": "a file to save, no page",
    "sharing:received_proof": "a file to save, no page",
    "sharing:proofs_file": "a file to save, no page",
    "audit:entry_proof": "a file to save, no page",
    "sharing:opened_paper": "a file to save, no page",
    "robots_txt": "a word for a robot, no page",
    "security_txt": "a word for a researcher, no page",
    "healthz": "a word for a monitor, no page",
    "metrics": "figures for a supervisor, no page",
    "readyz": "a word for a monitor, no page",
    "partners:succession": "nobody closes in the demonstration: read in tests/directory/test_pages.py",
    "cases:end_link": "from a situation that has a link, one field: read in tests/linking/test_pages.py",
    "sharing:urgency_done": "walked in test_urgency.py",
    "sharing:handover": "walked in test_urgency.py",
    "sharing:aloud_done": "walked in test_urgency.py",
    "sharing:call_noted": "walked in test_urgency.py",
    "sharing:start": "walked in test_every_page_pressed",
    "sharing:check": "walked in test_every_page_pressed",
    "sharing:done": "walked in test_every_page_pressed",
    "sharing:whether_left": "walked in test_every_page_errors",
}
ROUNDS = walking.rounds(walking.whole_grid(LINES) if GRID else walking.in_rotation(LINES))


def test_every_page_that_opens_on_a_get_is_in_the_list() -> None:
    doors = {door for (door, method), answers in DOORS.items() if method == "GET" and 200 in answers.values()}
    walked = {line.door for line in LINES}
    assert not doors - walked - set(EXCEPT), "pages that nobody looks at"
    assert not set(EXCEPT) & walked, "excepted, and walked"


def test_a_line_is_a_persona_a_door_and_a_way_written_once() -> None:
    assert {line.persona for line in LINES} <= set(PERSONAS)
    assert len(LINES) == len(set(LINES))


def test_everything_is_asked_of_each_page_once_and_each_line_is_read_in_french() -> None:
    visits = walking.in_rotation(LINES)
    whole = Counter((visit.door, visit.where) for visit in visits if visit.axe_at)
    assert whole == dict.fromkeys(((line.door, line.where) for line in LINES), 1)
    assert {(visit.persona, visit.door, visit.where) for visit in visits if visit.language == FRENCH} == set(LINES)


def test_personas_languages_and_widths_take_turns() -> None:
    whole = [visit for visit in walking.in_rotation(LINES) if visit.axe_at]
    languages, widths = Counter(visit.language for visit in whole), Counter(visit.axe_at for visit in whole)
    assert len(languages) == 2
    assert set(widths) == {(width,) for width in WIDTHS}
    assert min(languages.values()) > len(whole) / 4
    assert min(widths.values()) > len(whole) / 6
    lines = Counter((line.door, line.where) for line in LINES)
    assert len({visit.persona for visit in whole if lines[visit.door, visit.where] > 1}) > 2


def test_the_grid_is_every_page_for_every_persona_in_both_languages_at_every_width() -> None:
    grid = walking.whole_grid(LINES)
    asked = {(visit.persona, visit.door, visit.where, visit.language) for visit in grid if visit.axe_at == WIDTHS}
    pages = {(line.door, line.where) for line in LINES}
    both = [page for page in pages if page[0] not in walking.FRENCH_ONLY]
    assert len(asked) == len(grid) == len(PERSONAS) * (len(pages) + len(both))
    assert {(visit.persona, visit.door, visit.where) for visit in grid if visit.owed} == set(LINES)


@pytest.mark.parametrize("visits", ROUNDS.values(), ids=ROUNDS.keys())
def test_every_page_of_a_persona_is_well_made(
    visits: list[Visit], browser: Any, live_site: Site, names: list[str]
) -> None:
    flaws = walking.walk(browser, live_site, visits, names)
    assert not flaws, walking.told(flaws)


@pytest.mark.parametrize(("persona", "where"), [("anonymous", "/connexion/"), ("camille", "/agir-pour/")])
def test_english_is_a_press_away_and_stays(persona: str, where: str, browser: Any, live_site: Site) -> None:
    with walking.signed_in(browser, live_site, persona) as page:
        page.goto(where)
        page.get_by_role("button", name="English").click()
        page.wait_for_load_state()
        page.goto(where)
        assert page.locator("html").get_attribute("lang") == "en"
