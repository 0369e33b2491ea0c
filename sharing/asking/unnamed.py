"""Whether a text « sans le nom » is without it: compared with the identity of the person and of those who answer for her."""

from collections.abc import Sequence

from cases.models import Person, Representative
from sharing.consulting import recognisable


def marks(*, text: str, people: Sequence[Person]) -> tuple[str, ...]:
    """The words by which she would be recognised, as they are written, each once; none where the text names nobody.

    Whoever answers was told of whom one speaks: her text is compared with that name, as each of the two institutions wrote it
    down. One statement.
    """
    names = {name for one in people for name in (one.first_name, one.last_name)}
    for one in Representative.objects.filter(person__in=[one.pk for one in people]):
        names |= {one.first_name, one.last_name}
    found = recognisable.certain(recognisable.marks(text, names=names))
    return tuple(dict.fromkeys(mark.text for mark in found))
