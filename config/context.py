"""What every template may ask of the house."""

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, object]:
    """``tact_env`` for the banner of the environment, ``is_demo`` for what only a demonstration shows."""
    return {"tact_env": settings.TACT_ENV, "is_demo": settings.DEMO}
