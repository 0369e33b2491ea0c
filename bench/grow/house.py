"""A house of the bench's own: PostgreSQL, Redis and keys in a folder that goes at the end. Entered before Django's settings are."""

import atexit
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def enter() -> None:
    """From here on, this process and those that it starts are in a new house; nothing of it is left when they end."""
    sys.path.insert(0, str(ROOT))
    for name in ("DATABASE_URL", "DATABASE_STANDBY_URL", "REDIS_URL", "TACT_SUPERVISED"):
        os.environ.pop(name, None)
    os.environ["TACT_VAR"] = tempfile.mkdtemp(prefix="tact-grow-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    atexit.register(leave, os.getpid())
    import django

    django.setup()


def leave(whose: int) -> None:
    """Erase it. A process that was forked inherits this, and not the house."""
    if os.getpid() != whose:
        return
    from config import embedded

    embedded.leave()
    embedded.erase()
