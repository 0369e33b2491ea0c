"""For whom one acts: looked at again at every request (abuse 32)."""

from django.test import Client
from django.utils import timezone

from audit.models import Access
from partners import clock
from tests import personas, posts
from tests.personas import Territory

PAGE = "/annuaire/"


def test_whoever_has_one_membership_acts_as_it_without_choosing(territory: Territory, client: Client):
    client.force_login(territory.camille.professional)
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert answer.context["acting"] == territory.camille
    assert "Maison des solidarités de Vallières" in answer.content.decode()


def test_abuse_32_a_membership_that_ended_ends_the_session_at_the_next_request_and_says_why(territory: Territory):
    client = personas.signed_in(territory.camille)
    assert client.get(PAGE).status_code == 200
    personas.end_post(territory.camille)
    answer = client.get(PAGE, follow=True)
    assert answer.redirect_chain == [("/connexion/?fin=rattachement", 302)]
    assert "vous n’avez plus de rattachement en vigueur" in answer.content.decode()
    assert client.get(PAGE).headers["Location"].startswith("/connexion/?next=")
    assert Access.objects.filter(action="session.ended", granted=False).count() == 1


def test_abuse_32_a_disabled_account_is_out_at_the_next_request_and_told_so(territory: Territory):
    client = personas.signed_in(territory.camille)
    territory.camille.professional.is_active = False
    territory.camille.professional.save()
    answer = client.get(PAGE, follow=True)
    assert "votre compte a été fermé" in answer.content.decode()
    territory.camille.professional.is_active = True
    territory.camille.professional.save()
    assert client.get(PAGE).status_code == 302


def test_abuse_32_an_institution_that_closes_takes_its_people_out(territory: Territory):
    client = personas.signed_in(territory.lantier)
    territory.school.closed_at = timezone.now()
    territory.school.save()
    assert client.get(PAGE).headers["Location"] == "/connexion/?fin=rattachement"


def test_abuse_32_a_fragment_asked_by_the_page_leads_to_the_sign_in_page_not_into_the_panel(territory: Territory):
    client = personas.signed_in(territory.camille)
    personas.end_post(territory.camille)
    answer = client.get(PAGE, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/connexion/?fin=rattachement")


def test_a_function_that_was_taken_away_closes_its_pages_at_the_next_request(territory: Territory):
    client = personas.signed_in(territory.nadia)
    assert client.get("/equipe/").status_code == 200
    posts.has_functions(territory.nadia, "reviewer")
    assert client.get("/equipe/").status_code == 404


def test_whoever_has_several_memberships_chooses_before_anything_else(territory: Territory, client: Client):
    second = personas.second_post(territory)
    client.force_login(territory.sofia.professional)
    assert client.get(f"{PAGE}?q=ecole").headers["Location"] == "/agir-pour/?next=%2Fannuaire%2F%3Fq%3Decole"
    assert client.get("/agir-pour/").status_code == 200
    answer = client.post("/agir-pour/", {"membership": str(second.pk), "next": PAGE})
    assert answer.headers["Location"] == PAGE
    assert client.get(PAGE).context["acting"] == second


def test_the_membership_acted_as_last_is_the_one_acted_as_next_time(territory: Territory, client: Client):
    second = personas.second_post(territory)
    client.force_login(territory.sofia.professional)
    client.post("/agir-pour/", {"membership": str(second.pk)})
    again = Client()
    again.force_login(territory.sofia.professional)
    assert again.get(PAGE).context["acting"] == second
    personas.end_post(second)
    assert again.get(PAGE).context["acting"] == territory.sofia


def test_nobody_acts_as_somebody_else(territory: Territory):
    client = personas.signed_in(territory.sofia)
    answer = client.post("/agir-pour/", {"membership": str(territory.camille.pk)})
    assert answer.status_code == 422
    assert "Choisissez un service dans la liste" in answer.content.decode()
    session = client.session
    session["membership"] = str(territory.camille.pk)
    session.save()
    assert client.get(PAGE).context["acting"] == territory.sofia


def test_a_membership_that_has_not_begun_is_not_in_force(territory: Territory):
    territory.sofia.starts_at = clock.now() + personas.A_YEAR
    territory.sofia.save()
    assert personas.signed_in(territory.sofia).get(PAGE).headers["Location"] == "/connexion/?fin=rattachement"


def test_choosing_leads_nowhere_else(territory: Territory):
    client = personas.signed_in(territory.sofia)
    answer = client.post("/agir-pour/", {"membership": str(territory.sofia.pk), "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/"


def test_the_menu_shows_the_caseload_only_to_who_follows_cases(territory: Territory):
    def labels(name: str) -> list[str]:
        answer = personas.signed_in(getattr(territory, name)).get(PAGE)
        return [entry.label for entry in answer.context["nav"]]

    assert "Mes situations" in labels("camille")
    assert "Mes situations" in labels("leila")
    assert "Mes situations" not in labels("lantier")
    assert "Annuaire" in labels("lantier")
    assert len(labels("camille")) <= 6
    current = [entry for entry in personas.signed_in(territory.camille).get(PAGE).context["nav"] if entry.current]
    assert [entry.label for entry in current] == ["Annuaire"]
