"""The demonstration is written as a social worker writes: the help finds next to nothing to say of it."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from types import ModuleType

from cases.evaluative import judging_words
from sharing.demo import care, children, people, protection, rights
from sharing.demo.story import Story
from sharing.helping.looking import notes
from sharing.helping.seen import Chosen, Seen

MODULES: tuple[ModuleType, ...] = (care, children, people, protection, rights)
TODAY = date(2026, 11, 21)


def stories() -> Iterator[Story]:
    for module in MODULES:
        for value in vars(module).values():
            for one in value if isinstance(value, list | tuple) else [value]:
                if isinstance(one, Story):
                    yield one


def drafts() -> Iterator[Seen]:
    """Each communication of each story, as its author drafts it."""
    for story in stories():
        for passing in story.passings:
            yield Seen(
                today=TODAY,
                purpose=passing.purpose,
                recipient="Mme Lantier",
                benefit=passing.benefit,
                circumstances=frozenset(passing.circumstances),
                items=tuple(
                    Chosen(
                        ref=str(place),
                        label=story.lines[place].label,
                        category=story.lines[place].category,
                        nature=story.lines[place].nature,
                        provenance=story.lines[place].provenance,
                        text=story.lines[place].text,
                        necessity=necessity,
                        observed_on=TODAY,
                    )
                    for place, necessity in passing.items
                ),
                verdict="allow",
                rests_on_agreement=passing.asks == "agreement",
            )


def test_no_word_of_the_demonstration_is_taken_for_a_judgement() -> None:
    written = [f"{line.label}\n{line.text}" for story in stories() for line in story.lines]
    assert len(written) > 100
    assert [text for text in written if judging_words(text)] == []


def test_the_help_says_little_of_the_communications_of_the_demonstration() -> None:
    seen = list(drafts())
    assert len(seen) > 30
    found = Counter(note.code for one in seen for note in notes(one))
    # « sans tout redire »: said of her, it is the weak argument that the law names; the appreciations go without her view.
    assert found.pop("weak_argument", 0) <= 1
    assert found.pop("her_own_view", 0) <= len(seen) // 5
    assert not found, found
