"""Words that a line never cuts."""

from django import template
from django.utils.html import format_html

register = template.Library()


@register.filter
def whole(reference: str) -> str:
    """A reference on one line: a browser would end a line after its hyphen."""
    return format_html('<span class="nowrap">{}</span>', reference)
