"""What one may want to communicate for: the purposes that a text opens to a role towards those who work around the person.

Pure: roles in, purposes out. Which of them come first is the page's affair.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from partners.vocabulary import vocabulary
from sharing import law
from sharing.matter import possible_groups


def open_purposes(sender: str, partners: Iterable[str]) -> frozenset[str]:
    """Those that a text opens to this role, towards at least one of these roles; towards anybody where none is known."""
    return _open(sender, frozenset(partners))


@lru_cache(maxsize=1024)
def _open(sender: str, partners: frozenset[str]) -> frozenset[str]:
    mine = possible_groups(sender)
    theirs = frozenset(group for role in partners or vocabulary().roles for group in possible_groups(role))
    return frozenset(
        purpose
        for purpose, texts in law.BY_PURPOSE.items()
        if any(text.sender in mine and not theirs.isdisjoint(text.recipients) for text in texts)
    )


def order(purpose: str) -> tuple[bool, int]:
    """Reports to an authority after what is shared day by day; then the order of the rulebook."""
    texts = law.BY_PURPOSE[purpose]
    reports = all(text.kind == "permission_signalement" or text.obligation_if_unbound for text in texts)
    return reports, min(text.order for text in texts)
