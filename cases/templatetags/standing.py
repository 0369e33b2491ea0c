"""What must be seen before somebody is called or written to, wherever that could happen."""

from django import template

from cases import standing
from cases.models import Person
from partners import clock

register = template.Library()


@register.inclusion_tag("cases/warnings.html")
def warnings(person: Person) -> dict[str, object]:
    """« Ne pas contacter », « Adresse protégée »: chips, nothing where neither stands; two statements."""
    return {"stands": standing.stands(person, clock.now())}
