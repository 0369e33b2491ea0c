"""Successions as pages list them."""

from .models import Function, Membership, Succession, SuccessionAnswer


def to_answer(by: Membership) -> list[Succession]:
    """Those that await her institution's answer, the oldest first; nothing for who does not tend its directory."""
    if not by.has_function(Function.DIRECTORY_ADMIN):
        return []
    answered = SuccessionAnswer.objects.values("succession")
    found = Succession.objects.visible_to(by).filter(successor=by.institution_id).exclude(pk__in=answered)
    return list(found.select_related("closing", "successor").order_by("proposed_at"))
