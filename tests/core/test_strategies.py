"""The theorems are worth what they are tried on: enough of what is drawn is allowed by a text, reviewed, refused."""

from collections import Counter

from hypothesis import HealthCheck, given, settings

from sharing.decision import decide
from sharing.facts import Facts
from sharing.matter import Matter
from tests.core.strategies import disclosures

DRAWN = 400
AT_LEAST = {"allow by a text": 0.2, "review": 0.06, "deny": 0.3}


def test_a_good_share_of_what_is_drawn_is_allowed_reviewed_and_refused() -> None:
    found: Counter[str] = Counter()

    @settings(
        max_examples=DRAWN, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(disclosures)
    def draw(facts: Facts) -> None:
        verdict = decide(facts).verdict
        found["allow by a text" if verdict == "allow" and not Matter(facts).gate else verdict] += 1

    draw()
    shares = {verdict: found[verdict] / found.total() for verdict in AT_LEAST}
    assert all(shares[verdict] >= least for verdict, least in AT_LEAST.items()), shares
