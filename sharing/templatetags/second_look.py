"""What a line of drafts says of a second look."""

from django import template

from partners import clock
from sharing import second_look
from sharing.models import Draft

register = template.Library()


@register.filter
def look_again(draft: Draft) -> str:
    """« à relire depuis le 23 novembre 2026, 9:00 »: `{{ draft|look_again }}`; empty where nobody asked for it."""
    return second_look.line(draft, at=clock.now())
