"""A fault in the explanation takes the explanation, never the verdict: what is shown must be what is decided."""

import pytest

from sharing import decision
from sharing.facts import Facts
from tests.core.test_languages import GIVEN


@pytest.mark.parametrize(("consent", "verdict"), [("given", "allow"), ("none", "deny")])
def test_ways_out_that_cannot_be_found_leave_the_verdict_and_its_reasons(
    consent: str, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = Facts.from_plain(GIVEN | {"consent": consent, "categories": ["consigne_pratique"]})
    plain = decision.decide(facts)
    assert plain.verdict == verdict

    def lost(*_: object) -> None:
        raise LookupError

    monkeypatch.setattr(decision, "with_ways", lost)
    assert decision.decide(facts, paths=True) == plain
