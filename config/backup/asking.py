"""What the commands of backup share: where files are, whose keys they are for, and an error that is one sentence."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from . import BackupError, age


@contextlib.contextmanager
def one_sentence() -> Iterator[None]:
    """What stops a command is a sentence and status 2."""
    try:
        yield
    except (BackupError, ImproperlyConfigured, DatabaseError, OSError) as error:
        raise CommandError(str(error).strip().split("\n", 1)[0], returncode=2) from error


def recipients(given: Path | None, setting: str) -> tuple[list[Any], str]:
    """The public keys of the file that was given, or of the setting; and a remark for whoever asked, or nothing.

    Outside production, where none was chosen, a pair is made in ``var/`` once, so that saving can be tried. BackupError.
    """
    named = given or (Path(setting) if setting else None)
    if named:
        return age.recipients(named), ""
    if settings.PRODUCTION:
        raise BackupError(
            _(
                "Dites pour qui chiffrer : --recipients FICHIER ou TACT_BACKUP_RECIPIENTS (manage.py make_backup_identity)."
            )
        )
    private, public = own_identity(), own_identity().with_name("recipients.txt")
    if not public.exists():
        public.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        public.write_text(age.make_identity(private) + "\n")
    remark = _("Chiffré pour %(path)s, faite ici pour essayer : pour de bon, gardez cette clé hors de la machine.")
    return age.recipients(public), remark % {"path": private}


def own_identity() -> Path:
    """The private key that is made here to try, outside production."""
    return Path(settings.VAR) / "backup-keys" / "identity.txt"


def identities(given: Path | None) -> list[Any]:
    """The private keys of the file that was given, or of the one that was made here to try. BackupError."""
    if given is None and not own_identity().exists():
        raise BackupError(_("Dites avec quelle clé privée ouvrir : --identity FICHIER."))
    return age.identities(given or own_identity())
