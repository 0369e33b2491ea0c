"""Seal, as the sealer does, in a test that takes `own_database`."""

import contextlib
from collections.abc import Iterator

from audit import sealing
from audit.models import Checkpoint
from config.postgres.account import become


@contextlib.contextmanager
def as_sealer() -> Iterator[None]:
    """The sealer's rights for a while; the application's again afterwards."""
    become("sealer")
    try:
        yield
    finally:
        become("app")


def sealed() -> Checkpoint | None:
    """Seal everything that is committed; the head published, None where there was nothing."""
    with as_sealer():
        return sealing.seal()
