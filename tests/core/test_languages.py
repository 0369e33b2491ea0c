"""The language in which a decision is said changes nothing of what it decides."""

from sharing.decision import decide
from sharing.facts import Facts
from sharing.wording import spoken_in

GIVEN = {
    "sender": "ass_secteur",
    "recipient": "directeur_ecole",
    "purpose": "scolarite",
    "categories": ["consigne_pratique", "sante_diagnostic"],
    "person": "minor_9",
    "consent": "none",
    "informed": "done",
    "circumstances": [],
}


def test_another_language_says_it_otherwise_and_decides_the_same() -> None:
    facts = Facts.from_plain(GIVEN)
    french = decide(facts, paths=True)
    with spoken_in(lambda text: text.upper()):
        other = decide(facts, paths=True)
    assert other.say != french.say
    assert other.say == other.say.upper()
    assert (other.verdict, other.basis, other.reasons) == (french.verdict, french.basis, french.reasons)
    assert [way.code for way in other.paths] == [way.code for way in french.paths]
    assert decide(facts, paths=True) == french
