"""The law as it stood: each edition of the rules under which something was decided, kept whole with a number for readers.

An edition is the rulebook's exact files and the names of the core's norms: a jurist's correction makes a new one, and so does a
release that brings a norm. It is written down the first time it is needed, by whoever needs it, and never touched again.
"""

import hashlib
from functools import cache

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from partners.vocabulary import digest_of, vocabulary
from sharing.models import RulebookEdition
from sharing.rules import RULES

# One process at a time gives a number: « edition », as PostgreSQL's advisory locks name things.
NUMBERING = 0x65646974


@cache
def rules() -> tuple[str, ...]:
    """The names of the core's norms, in their order."""
    return tuple(rule.name for rule in RULES)


@cache
def digest() -> str:
    """What the edition in service is known by: sha256, hex, of the rulebook's digest and of the norms' names."""
    return _digest(vocabulary().digest, rules())


def _digest(rulebook: str, names: tuple[str, ...]) -> str:
    return hashlib.sha256("\n".join([rulebook, *sorted(names)]).encode()).hexdigest()


def holds(edition: RulebookEdition) -> bool:
    """Whether what is kept of an edition is still what it was known by."""
    rulebook = digest_of(edition.files)
    return edition.rulebook == rulebook and edition.digest == _digest(rulebook, tuple(edition.rules))


def in_service() -> RulebookEdition | None:
    """The edition by which this process decides; None where nothing was decided under it yet. One statement."""
    return _light().filter(digest=digest()).first()


def current() -> RulebookEdition:
    """The edition by which this process decides, written down the first time. Without its files, which are long."""
    return in_service() or _recorded()


def _light() -> QuerySet[RulebookEdition]:
    return RulebookEdition.objects.defer("files", "rules")


@transaction.atomic
def _recorded() -> RulebookEdition:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING])
    # Looked up again under the lock: another process may have written it down meanwhile.
    found = in_service()
    if found is not None:
        return found
    last = RulebookEdition.objects.aggregate(last=Max("number"))["last"] or 0
    return RulebookEdition.objects.create(
        number=last + 1,
        digest=digest(),
        rulebook=vocabulary().digest,
        files=dict(vocabulary().files),
        rules=list(rules()),
    )
