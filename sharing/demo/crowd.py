"""More territories on the plan of Vallières, with other communes and other people: as many as the cases need."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from . import people
from .people import POSTS, Post

CASELOAD = 36  # of each referent of a larger loading
CAPACITY = CASELOAD * sum(1 for post in POSTS if post.caseload)  # of a territory
NAMED_MOST = 40  # of the named referents of Vallières, once there are more cases than they follow by default
EVERYWHERE = ("team_lead", "reviewer", "directory_admin")  # who protects data and who audits are at the département
CAMILLE_MOST = 35  # whatever the number of cases: her page is compared at 100 and at 20 000

_ROOTS = (
    "Aubracelle", "Brézonne", "Chantebrune", "Cormelle", "Esparvin", "Fontbrillac", "Granvaux", "Hautecombe", "Luzerac",
    "Malvières", "Montelle", "Nérignac", "Orvanche", "Pierrebrune", "Rocamelle", "Sauveterne", "Tournelac", "Vernajoux",
)  # fmt: skip
_ENDS = ("sur-Sauve", "le-Haut", "les-Bois", "en-Plaine", "la-Tour", "Saint-Aubrac")


def communes() -> Iterator[str]:
    """Invented communes, one for each territory; numbered once every name has served."""
    round_ = 1
    while True:
        for end in _ENDS:
            for root in _ROOTS:
                yield f"{root}-{end}" if round_ == 1 else f"{root}-{end} {round_}"
        round_ += 1


def staff(rng: Random) -> list[Post]:
    """The posts of the plan, held by other people; each referent with the same caseload; nobody audits there."""
    used: set[tuple[str, str]] = set()
    held = []
    for post in POSTS:
        while True:
            names, title = rng.choice(((people.WOMEN, "Mme"), (people.MEN, "M.")))
            who = (rng.choice(names), rng.choice(people.FAMILIES))
            if who not in used:
                break
        used.add(who)
        held.append(
            replace(
                post,
                first_name=who[0],
                last_name=who[1],
                title="Dr" if post.title == "Dr" else title,
                functions=tuple(one for one in post.functions if one in EVERYWHERE),
                caseload=CASELOAD if post.caseload else 0,
            )
        )
    return held


def shares(weights: list[int], cases: int) -> list[int]:
    """How many of so many cases each referent of Vallières follows: the first is Camille; the rest goes elsewhere."""
    first = min(CAMILLE_MOST, max(1, cases * weights[0] // sum(weights)), cases)
    left, others = cases - first, weights[1:]
    found = [min(NAMED_MOST, left * weight // sum(others)) for weight in others]
    for place in range(len(found)):
        if sum(found) == left:
            break
        found[place] += min(NAMED_MOST - found[place], left - sum(found))
    return [first, *found]
