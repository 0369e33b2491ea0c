"""The look keeps its promises: one file of colours, nothing inline, nothing from elsewhere, light to load."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import RequestFactory

from config import demo_components

STATIC = settings.BASE_DIR / "static"
TEMPLATES = settings.BASE_DIR / "templates"
OURS = sorted((STATIC / "css").glob("*.css"))
PAGES = sorted(TEMPLATES.rglob("*.html"))
FIRST_LOAD_BYTES = 150_000
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)


def name(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_nothing_is_inline_that_the_policy_would_refuse(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(
        r"\sstyle=|<style\b|<script(?![^>]*\ssrc=)|\son[a-z]+=\"|javascript:|href=\"data:|src=\"data:", text
    )


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_class_written_in_a_page_is_drawn_by_a_style_sheet(page: Path) -> None:
    sheets = "".join(sheet.read_text(encoding="utf-8") for sheet in [*OURS, *STATIC.rglob("vendor/*/*.css")])
    drawn = set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", sheets)) | {"verdict-word"}
    written = {
        word
        for value in re.findall(r'class="([^"]*)"', TAG.sub("%", page.read_text(encoding="utf-8")))
        for word in value.split()
        if "%" not in word
    }
    assert written <= drawn


def test_colours_stand_in_the_tokens_alone() -> None:
    others = {sheet.name: sheet.read_text(encoding="utf-8") for sheet in OURS if sheet.name != "tokens.css"}
    for sheet, text in others.items():
        if sheet == "print.css":
            continue
        found = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", text)) - {"#fff", "#000"}
        assert not found, (sheet, found)


def test_no_style_sheet_fetches_from_elsewhere() -> None:
    for sheet in OURS:
        for address in re.findall(r"url\(([^)]*)\)", sheet.read_text(encoding="utf-8")):
            target = (sheet.parent / address.strip("\"'")).resolve()
            assert target.is_file(), (sheet.name, address)


def test_every_component_says_what_it_asks() -> None:
    for component in sorted((TEMPLATES / "components").glob("*.html")):
        text = component.read_text(encoding="utf-8")
        assert "{% comment %}" in text, component.name
        assert "ontext" in text.split("{% endcomment %}")[0], component.name


def test_everything_vendored_comes_with_its_licence() -> None:
    for folder in (STATIC / "vendor").iterdir():
        assert (folder / "LICENSE").is_file(), folder.name


def test_a_first_load_stays_under_its_weight() -> None:
    base = (TEMPLATES / "base.html").read_text(encoding="utf-8")
    files = {STATIC / path for path in re.findall(r"\{% static '([^']+)' %\}", base)} | {STATIC / "icons" / "tact.svg"}
    page = demo_components.components(RequestFactory().get("/demo/composants/")).content
    weight = sum(
        file.stat().st_size if file.suffix == ".woff2" else len(gzip.compress(file.read_bytes())) for file in files
    )
    assert weight + len(gzip.compress(page)) < FIRST_LOAD_BYTES
