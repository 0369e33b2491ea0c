"""What every template may ask of the house."""

from django.conf import settings
from django.http import HttpRequest

from config.public.accessibility import state


def house(request: HttpRequest) -> dict[str, object]:
    """``tact_env`` for the banner, ``is_demo`` for what only a demonstration shows, ``accessibility`` for the foot."""
    return {"tact_env": settings.TACT_ENV, "is_demo": settings.DEMO, "accessibility": state().footer}
