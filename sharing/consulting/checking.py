"""Whether a text may be shown to those who must not recognise the person: what is compared with it, by who writes it."""

from cases.models import Case, Representative
from partners.models import Institution
from sharing.consulting.recognisable import Mark, marks


def marks_of_author(text: str, case: Case) -> tuple[Mark, ...]:
    """The marks of a text by whoever follows the case: her own identity, those around her, the places of the directory."""
    person = case.person
    names = {person.first_name, person.last_name}
    for one in Representative.objects.filter(person=person):
        names |= {one.first_name, one.last_name}
    return marks(text, names=names, places=_places())


def marks_of_reader(text: str) -> tuple[Mark, ...]:
    """The marks of a text by whoever does not know of whom one speaks: it is compared with nobody, or it would tell her."""
    return marks(text, places=_places())


def _places() -> set[str]:
    """Towns, territories and houses of the directory; one statement."""
    found: set[str] = set()
    for city, name in Institution.objects.values_list("city", "name"):
        found |= {city, name}
    return {one for one in found if one}
