"""What the trail's own codes are called: alarms."""

from django import template

from audit.alarms import KINDS

register = template.Library()


@register.filter
def alarm_title(code: object) -> str:
    """« Le journal n’est plus scellé »; a code without words is shown as it is: the trail outlives its words."""
    kind = KINDS.get(str(code))
    return str(kind.title) if kind else str(code)
