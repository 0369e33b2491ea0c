"""`manage.py seal`: give each committed entry its place in the tree, sign the head, and go on (trust.md, point 4)."""

import signal
import sys
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, ProgrammingError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import sealing
from audit.sealer import AT_ONCE, Sealer

EVERY_SECONDS = 0.5


def seconds(text: str) -> float:
    """A delay between a hundredth of a second and a minute."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.01 <= value <= 60:
        raise ArgumentTypeError(_("écrivez un nombre de secondes entre 0.01 et 60"))
    return value


class Command(BaseCommand):
    help = (
        "Seal the trail's committed entries and publish a signed head, for ever or --once. Runs as the sealer's role."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=seconds, default=EVERY_SECONDS, help="seconds between two rounds (0.5)")
        parser.add_argument("--once", action="store_true", help="seal what is there, and end")

    def handle(self, *args: Any, **options: Any) -> None:
        # Of its own: as the first process of a container, it would be deaf to the signal.
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
        try:
            if options["once"]:
                self.seal_once()
            else:
                Sealer(every=options["every"], say=self.say).run()
        except ProgrammingError as error:
            raise CommandError(
                _("Ce rôle ne peut pas sceller : %(why)s. DATABASE_SEALER_URL mène-t-il à tact_sealer ?")
                % {"why": str(error).strip().split("\n", 1)[0]},
                returncode=2,
            ) from error
        except (DatabaseError, sealing.SealBroken) as error:
            raise CommandError(
                _("Rien n’a été scellé : %(why)s") % {"why": str(error).strip().split("\n", 1)[0]},
                returncode=2,
            ) from error
        except KeyboardInterrupt:
            sys.exit(0)

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

    def seal_once(self) -> None:
        sealed = None
        while head := sealing.seal(limit=AT_ONCE):
            sealed = head
        if sealed is None:
            self.say(_("Rien à sceller."))
            return
        size = ngettext("%(count)s entrée", "%(count)s entrées", sealed.size) % {
            "count": number_format(sealed.size, force_grouping=True)
        }
        self.say(_("Le journal est scellé : sa tête couvre %(size)s.") % {"size": size})
