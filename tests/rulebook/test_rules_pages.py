"""The pages of the rulebook, as any signed-in professional reads them; and the document on paper, in step with them."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from partners import clock
from sharing import law, panel, rules_document
from sharing import reading_the_law as reading
from sharing.outcome import Finding
from sharing.rules import RULES
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

KINDS = ("camille", "leila", "nadia", "lantier", "perrin", "sofia", "yann", "claire")
"""A referent, a colleague who follows no case, a reviewer, two of a school, a psychologist, an auditor, a DPO."""


@pytest.fixture
def reader(territory: Territory) -> Client:
    return personas.signed_in(territory.camille)


def read(client: Client, where: str, **query: str) -> str:
    answer = client.get(where, query)
    assert answer.status_code == 200, where
    return answer.content.decode()


@pytest.mark.parametrize("persona", KINDS)
def test_whoever_is_signed_in_reads_the_texts(territory: Territory, persona: str) -> None:
    client = personas.signed_in(getattr(territory, persona))
    assert law.ARTICLES["CASF-L226-2-1"].title in read(client, "/regles/")
    assert law.ARTICLES["CP-226-13"].says in read(client, "/regles/CP-226-13/")


def test_nobody_reads_them_without_signing_in(db: None) -> None:
    for address in ("/regles/", "/regles/CP-226-13/"):
        assert Client().get(address).headers["Location"].startswith("/connexion/")


def test_every_text_has_its_page_and_is_listed(reader: Client) -> None:
    listed = read(reader, reverse("sharing:rules"))
    for code, article in law.ARTICLES.items():
        address = reverse("sharing:rule", args=[code])
        assert f'href="{address}"' in listed, code
        page = read(reader, address)
        assert article.says in page, code
        assert reading.confidences()[article.confidence][1:] in page, code
        assert article.disputed in page, code
        assert all(version.version[1:] in page for version in article.earlier), code


def test_an_unknown_text_is_like_any_page_that_does_not_exist(reader: Client) -> None:
    for code in ("CASF-L999-9", "cp-226-13", "CP-226-13%20", "..", "é"):
        answer = reader.get(f"/regles/{code}/")
        assert answer.status_code == 404
        assert "Ce que vaut cette lecture" not in answer.content.decode()


def test_every_rule_is_read_somewhere_with_its_sentence(reader: Client) -> None:
    listed = read(reader, "/regles/")
    for rule in RULES:
        page = read(reader, reverse("sharing:rule", args=[rule.article])) if rule.article else listed
        assert rule.message in page, rule.name


def test_the_search_is_a_plain_get_and_says_what_was_searched(reader: Client) -> None:
    page = read(reader, "/regles/", q="SUJETION")
    assert law.ARTICLES["CP-226-14-2bis"].title in page
    assert law.ARTICLES["RGPD-5"].title not in page
    assert 'value="SUJETION"' in page
    assert "Aucun texte ne répond" in read(reader, "/regles/", q="<script>zzz")
    assert "<script>zzz" not in read(reader, "/regles/", q="<script>zzz")


def test_a_role_or_a_theme_narrows_the_list_and_an_unknown_one_does_not(reader: Client) -> None:
    page = read(reader, "/regles/", role="a_demander")
    assert law.ARTICLES["CPP-40"].title in page
    assert law.ARTICLES["CP-226-13"].title not in page
    assert law.ARTICLES["CP-226-13"].title in read(reader, "/regles/", role="zzz", theme="zzz")
    page = read(reader, "/regles/", theme="logement")
    assert law.ARTICLES["L90-449-7-2"].title in page
    assert law.ARTICLES["CP-226-13"].title not in page


def test_a_review_that_is_due_stands_on_top_of_the_page(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for address in ("/regles/", "/regles/CP-226-13/"):
        assert "Relecture en retard" not in read(reader, address)
    monkeypatch.setattr(clock, "day_of", lambda _at: datetime(2031, 1, 1, tzinfo=UTC).date())
    assert f"{len(law.ARTICLES)} textes auraient déjà dû être relus" in read(reader, "/regles/")
    page = read(reader, "/regles/CP-226-13/")
    assert "Relecture en retard" in page
    assert "devait être relu avant le 21 novembre 2027" in page


def test_a_reason_leads_to_the_page_of_its_text() -> None:
    for rule in RULES:
        finding = Finding(rule.name, rule.reason, rule.effect, rule.article or "ACCORD", rule.message)
        (shown,) = panel.findings((finding,), {})
        html = render_to_string("components/findings.html", {"findings": [shown]})
        assert f'href="{reverse("sharing:rule", args=[finding.article])}"' in html
        assert law.ARTICLES[finding.article].title in html


def test_a_communication_leads_to_the_page_of_its_text(territory: Territory) -> None:
    personas.parents_agree(territory)
    sent = send(draft_of(territory), territory.camille).disclosure
    assert sent is not None
    page = read(personas.signed_in(territory.camille), reverse("sharing:sent_one", args=[sent.pk]))
    assert f'href="{reverse("sharing:rule", args=[sent.basis])}"' in page


def test_the_foot_of_every_page_leads_to_the_texts(reader: Client) -> None:
    assert 'href="/regles/"' in read(reader, "/")


def test_a_page_of_the_rulebook_reads_no_row_of_a_person(reader: Client, django_assert_max_num_queries: object) -> None:
    with CaptureQueriesContext(connection) as asked:
        read(reader, "/regles/")
    # The menu asks whether she follows cases; the page itself asks for the time and nothing else.
    assert not [one["sql"] for one in asked if "cases_person" in one["sql"] or "cases_item" in one["sql"]]


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "rules.md"
    monkeypatch.setattr(rules_document, "RULES_DOCUMENT", path)
    return path


def test_the_document_is_that_of_the_rulebook() -> None:
    call_command("write_rules", check=True)


def test_a_document_that_is_missing_or_out_of_step_is_said(elsewhere: Path) -> None:
    with pytest.raises(CommandError, match="write_rules"):
        call_command("write_rules", check=True)
    call_command("write_rules", stdout=StringIO())
    call_command("write_rules", check=True)
    elsewhere.write_text(elsewhere.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(CommandError, match="write_rules"):
        call_command("write_rules", check=True)


def test_two_writings_give_the_same_bytes_whatever_the_language() -> None:
    first = rules_document.document()
    with translation.override("en"):
        assert rules_document.document() == first
    assert first.endswith("\n")
    assert not first.endswith("\n\n")


def test_the_document_has_every_text_and_every_rule() -> None:
    text = rules_document.document()
    assert all(f"`{code}`" in text for code in law.ARTICLES)
    assert all(f"`{rule.name}`" in text and rule.message in text for rule in RULES)
