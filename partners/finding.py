"""Find a professional of the directory by what one remembers of her: her name, her work, her service."""

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat

from .models import Membership
from .search import Normalised, normalised

QUERY_MOST = 80
WORDS_MOST = 5
SHOWN = 12


def professionals(*, by: Membership, words: str = "") -> QuerySet[Membership]:
    """Memberships in force other than one's own, each of these words found in her name, her work or her service."""
    found = (
        Membership.objects.visible_to(by)
        .exclude(professional=by.professional_id)
        .select_related("professional", "institution")
    )
    wanted = normalised(words[:QUERY_MOST]).split()[:WORDS_MOST]
    if wanted:
        space = Value(" ")
        text = Concat(
            "professional__first_name", space, "professional__last_name", space, "job_title", space,
            "institution__name", space, "institution__city",
        )  # fmt: skip
        found = found.annotate(text=Normalised(text))
        for word in wanted:
            found = found.filter(text__contains=word)
    return found.order_by("institution__name", "professional__last_name", "pk")
