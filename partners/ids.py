"""Identifiers as an address or a form brings them: what is not one is passed over."""

import uuid
from collections.abc import Iterable


def ids_among(values: Iterable[str]) -> list[uuid.UUID]:
    """Those of these texts that are ids, in their order."""
    found = []
    for value in values:
        try:
            found.append(uuid.UUID(value))
        except ValueError:
            continue
    return found
