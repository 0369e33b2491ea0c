"""The texts themselves: none changed since it was published, each says all that the law asks, in plain words."""

import re
from itertools import product

import pytest

from consent import notices
from consent.notices import Audience, Language, Style

from .published import PUBLISHED

EVERY = sorted(
    {
        notices.chosen(act=act, audience=audience, style=style, language=language)
        for act in (notices.AGREEMENT, notices.INFORMATION, notices.TELEPHONE)
        for audience, style, language in product(Audience, Style, Language)
    }
)
# What law.md, 3.4, asks of every text, and how it is said, in one language or the other.
OWED = {
    "who": "{author}",
    "where she works": "{institution}",
    "to whom": "{recipient}",
    "why": "{purpose}",
    "what is not said": r"dossier.* reste ici|gardons ici|file stays here|keep here",
    "a human's telephone": "{phone}",
    "the data protection officer": "{dpo}",
    "the authority to complain to": r"www\.cnil\.fr",
    "the trace of readings": r"lecture|qui a lu|reading|who read",
    "the same help": r"même aide|[Uu]n refus ne change rien|Votre réponse ne change rien|de la même façon"
    r"|same help|refusal changes nothing|answer changes nothing|in the same way",
}
GROWN_UP = {
    "somebody with her": r"personne de votre choix|[Aa]nyone you choose|person of your choice",
    "a trusted person": r"personne de confiance|trusted person",
    "correction and limit": r"corriger.*limiter|correct.*limit",
}
OF_A_CHILD = {"heard": r"entendu|dire ce qu’il pense|heard|say what they think"}


def text_of(code: str) -> str:
    return notices.TEXTS[code][-1]


def test_no_version_of_a_notice_was_changed_since_it_was_published() -> None:
    """Change a sentence: add a version, then its digest in `published`."""
    now = {code: [notices.digest_of(text) for text in texts] for code, texts in notices.TEXTS.items()}
    assert now == PUBLISHED


def test_each_act_has_its_text_for_each_audience_style_and_language_and_no_text_is_unused() -> None:
    assert set(EVERY) == set(notices.TEXTS)
    assert notices.chosen(act=notices.AGREEMENT) == "accord"
    assert notices.chosen(act="accord", audience="parents", style="falc", language="en") == "accord-parents-falc-en"
    assert notices.chosen(act="accord", audience="child", style="falc") == "accord-child"
    assert notices.chosen(act=notices.TELEPHONE, style="falc", language="en") == "script-telephone-en"
    for wrong in ({"act": "refus"}, {"act": "accord", "audience": "cat"}, {"act": "accord", "language": "xx"}):
        with pytest.raises(KeyError):
            notices.chosen(**wrong)


@pytest.mark.parametrize("code", EVERY)
def test_a_text_says_all_that_the_law_asks_and_nothing_of_what_it_forbids_to_say(code: str) -> None:
    text = text_of(code)
    owed = dict(OWED)
    if "child" not in code:
        owed |= GROWN_UP
    if "parents" in code:
        owed |= OF_A_CHILD
    if code.startswith("information"):
        owed["a text permits it"] = r"un texte permet|[Ll]a loi (me )?permet|a law allows|[Tt]he law allows"
        owed["the exception"] = r"plus tard|later"
        owed["it is no question"] = r"information|préviens|informed|telling you"
    else:
        owed["the end"] = r"90|six mois|six months"
    missing = [name for name, said in owed.items() if not re.search(said, text)]
    assert not missing, (code, missing)
    assert not re.search(
        r"secret partagé|shared secret|jusqu’à nouvel ordre|tous (nos|les) partenaires", text, re.IGNORECASE
    )
    assert not re.search(r"[·]|\(e\)|\(s\)", text), "a form that cannot be read aloud"
    if notices.language_of(code) == Language.FR:
        assert not re.search(r"[^\u00a0][:;?!»]|«[^\u00a0]|'", text), "French typography"


@pytest.mark.parametrize("code", [code for code in EVERY if "falc" in code])
def test_what_is_easy_to_read_has_one_short_idea_a_line_in_the_second_person(code: str) -> None:
    for section in notices.sections(text_of(code), **dict.fromkeys(WHO, "Nom")):
        for sentence in section.sentences:
            words = re.findall(r"[\w’@.-]+", sentence)
            assert len(words) <= 15, (code, sentence)
            assert sentence.count(",") <= 3, (code, sentence)
            ends = re.sub(r"www\.cnil\.fr\.?$", ".", sentence)
            assert len(re.findall(r"[.?!](\s|$)", ends)) <= 2, (code, sentence)
            assert not re.search(r"\bn(e\b|’)|\bnot\b|don’t|\bjamais\b|\bnever\b", sentence), (code, sentence)
    assert re.search(r"\b[Vv]ous\b|\b[Yy]ou\b", text_of(code))


@pytest.mark.parametrize("code", [code for code in EVERY if "child" in code])
def test_a_child_is_spoken_to_in_short_sentences(code: str) -> None:
    for section in notices.sections(text_of(code), **dict.fromkeys(WHO, "Nom")):
        for line in section.sentences:
            for sentence in re.split(r"(?<=[.?!])\s", line.replace("www.cnil.fr", "cnil")):
                assert len(re.findall(r"[\w’-]+", sentence)) <= 24, (code, sentence)
    if notices.language_of(code) == Language.FR:
        assert not re.search(r"\b[Vv]o(us|tre|s)\b", text_of(code)), "a child is « tu »"


WHO = ("author", "job", "institution", "recipient", "purpose", "phone", "dpo")


def test_a_script_is_one_sentence_a_line() -> None:
    for code in EVERY:
        if code.startswith(notices.TELEPHONE):
            for section in notices.sections(text_of(code), **dict.fromkeys(WHO, "Nom")):
                for line in section.sentences:
                    said = line.replace("www.cnil.fr", "cnil")
                    assert len(re.findall(r"[.?!]", said)) == 1, (code, line)


def test_a_name_in_a_text_is_not_read_as_a_place_to_fill_in() -> None:
    name = "{phone} {0} %s"
    filled = notices.sections("Qui ?\n{author}, {phone}.", author=name, phone="3939")
    assert filled[0].sentences == (f"{name}, 3939.",)
