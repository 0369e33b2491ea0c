"""What no page may hold: style or script of its own, markup taken on trust, a form that anybody could post (design.md, part 6)."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.urls import get_resolver

from sharing.models import Outbox
from tests.architecture import source

FOUND_BY_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html"}
"""Templates that Django or `config.errors` looks for by a name made of the status."""
NAMED_BY_CODE = re.compile(
    r"public/help/[a-z-]+\.html|(sharing|partners)/mail/[a-z_]+(\.subject)?\.txt|audit/sentences/[a-z_.]+\.(html|txt)"
)
"""Templates whose name is made of a code; each has its own test that every code has its template."""

COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)
TAG = re.compile(r"<([a-z][a-z0-9-]*)\b((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE | re.DOTALL)


def text_of(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def yaml_texts() -> str:
    return "\n".join(path.read_text() for path in (source.ROOT / "templates").rglob("*.yaml"))


def name_of(path: Path) -> str:
    return str(path.relative_to(source.ROOT / "templates"))


HTML = source.templates(".html")


@pytest.mark.parametrize("path", source.templates(), ids=name_of)
def test_a_template_compiles(path: Path) -> None:
    get_template(name_of(path))


def test_no_style_stands_in_a_page() -> None:
    found = [name_of(path) for path in HTML if re.search(r"<style\b|\sstyle\s*=", text_of(path), re.IGNORECASE)]
    assert not found, found


def test_no_script_stands_in_a_page() -> None:
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)[^>]*>|\son[a-z]+\s*=\s*[\"'{]|javascript:|\shx-on\b|\shx-vals=[\"']js:", re.IGNORECASE
    )
    found = [f"{name_of(path)}: {match.group()}" for path in HTML for match in inline.finditer(text_of(path))]
    assert not found, found


def test_no_page_asks_anything_of_another_site() -> None:
    """Links may lead elsewhere; what a browser fetches by itself may not."""
    fetched = re.compile(
        r"<(?:script|img|link|iframe|source|video|audio|form|use)\b[^>]*(?:src|href|action)=[\"'](?:https?:)?//",
        re.IGNORECASE,
    )
    found = [f"{name_of(path)}: {match.group()}" for path in HTML for match in fetched.finditer(text_of(path))]
    css = [
        source.named(path)
        for path in (source.ROOT / "static" / "css").glob("*.css")
        if re.search(r"url\(\s*[\"']?(https?:)?//", path.read_text())
    ]
    assert not found + css, found + css


def test_a_form_that_posts_carries_its_token() -> None:
    missing = []
    for path in HTML:
        for form in re.findall(r"<form\b.*?</form>", text_of(path), re.DOTALL | re.IGNORECASE):
            if re.search(r"method=[\"']post", form, re.IGNORECASE) and "{% csrf_token %}" not in form:
                missing.append(name_of(path))
    assert not missing, missing


def test_no_text_is_taken_for_markup() -> None:
    trusting = re.compile(r"\|\s*safe\b|\|\s*safeseq\b|\{%\s*autoescape\s+off|\{%\s*filter\s+safe")
    found = [name_of(path) for path in HTML if trusting.search(text_of(path))]
    marked = re.compile(r"\bmark_safe\b|\bSafeString\b|\bSafeText\b|autoescape\s*=\s*False|is_safe\s*=\s*True")
    found += [source.named(path) for path in source.app_files() if marked.search(path.read_text())]
    assert not found, found


def test_letters_are_plain_text_made_of_a_reference_and_a_link() -> None:
    """Abuse 27: what a mail may say is a list of two names; the digests, numbers and a link, or the trail's signed note."""
    own = {"digest": {"n", "url"}, "trail_head": {"n", "size", "note", "url"}}
    for path in (source.ROOT / "templates" / "sharing" / "mail").iterdir():
        used = set(re.findall(r"\{\{\s*([a-z_.]+)", path.read_text()))
        assert path.suffix == ".txt", path
        allowed = own.get(path.name.partition(".")[0], {"reference", "url"})
        assert used <= allowed, (path.name, used)


def test_every_letter_has_its_subject_and_its_text() -> None:
    for kind in Outbox.Kind.values:
        get_template(f"sharing/mail/{kind}.subject.txt")
        get_template(f"sharing/mail/{kind}.txt")


def test_no_template_is_unused() -> None:
    everything = "\n".join(path.read_text() for path in [*source.app_files(), *source.templates()]) + yaml_texts()
    unused = [
        name
        for path in source.templates()
        if (name := name_of(path)) not in FOUND_BY_DJANGO
        and not NAMED_BY_CODE.fullmatch(name)
        and not re.search(rf"[\"'/]{re.escape(name)}[\"']", everything.replace(f"'{name}'", f'"{name}"'))
    ]
    assert not unused, unused


def test_no_title_of_a_page_names_a_person() -> None:
    """A title stays in the history of the browser and on a shared screen (practice.md, part 2)."""
    naming = re.compile(r"(full_name|short_name|last_name|first_name|formal_name|person|label|recipient_label)\b")
    found = []
    for path in HTML:
        for block in re.findall(r"\{% block title %\}(.*?)\{% endblock", text_of(path), re.DOTALL):
            found += [f"{name_of(path)}: {used}" for used in re.findall(r"\{\{(.*?)\}\}", block) if naming.search(used)]
    assert not found, found


def test_there_is_no_back_office() -> None:
    """Django's admin would show rows without `visible_to` and write them without an act (abuse 40)."""
    from django.conf import settings

    assert not [app for app in settings.INSTALLED_APPS if "admin" in app or app == "drf_spectacular_sidecar"]
    assert not [source.named(path) for path in source.app_files() if path.stem == "admin"]
    routes = [str(pattern.pattern) for pattern in get_resolver().url_patterns]
    assert not [route for route in routes if "admin" in route]


def test_no_view_fetches_a_row_past_its_door() -> None:
    """`visible_to` is the only way to a row (law 7): a view never asks a manager for one row by its key."""
    past = re.compile(
        r"get_object_or_404\(\s*(Case|Item|Person|Draft|Disclosure|DecisionRecord|Consent|Refusal|Objection|PriorInformation)\s*[,.](?!objects\.(visible_to|received_by|sent_from))"
        r"|\b(Case|Item|Person|Draft|Disclosure|DecisionRecord|Consent)\.objects\.(all|get)\("
    )
    views = [
        path
        for path in source.app_files("sharing", "consent", "cases", "partners")
        if "HttpRequest" in path.read_text()
    ]
    found = [f"{source.named(path)}: {match.group()}" for path in views for match in past.finditer(path.read_text())]
    assert not found, found
