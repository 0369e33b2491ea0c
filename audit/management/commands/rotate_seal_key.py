"""`manage.py rotate_seal_key`: another key signs the trail's heads from now on, introduced by the former."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from audit import keys


class Command(BaseCommand):
    help = "Replace the key that signs the trail's heads, or finish a rotation that was interrupted. Runs as the sealer's role."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--lost",
            action="store_true",
            help="the former key is gone: nobody introduces the new one, and an alarm says so",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            row = keys.rotate(lost=options["lost"])
        except keys.NothingToRotate as error:
            raise CommandError(
                _("Aucune clé ne scelle encore ce journal : lancez d’abord « manage.py seal »."), returncode=2
            ) from error
        except (DatabaseError, OSError) as error:
            raise CommandError(
                _(
                    "La clé n’a pas pu être remplacée : %(why)s. Relancez cette commande, elle reprendra où elle en était."
                )
                % {"why": str(error).strip().split("\n", 1)[0]},
                returncode=2,
            ) from error
        self.stdout.write(_("À partir de la taille %(size)s, les têtes sont signées par :") % {"size": row.from_size})
        self.stdout.write(row.vkey)
        if row.statement is None and row.from_size:
            self.stdout.write(
                _(
                    "L’ancienne clé ne l’a pas introduite : une alarme le dit. Faites connaître la nouvelle de vive voix."
                )
            )
        self.stdout.write(
            _("Gardez-en une copie hors de cette machine. L’ancienne est restée à côté, sous son numéro.")
        )
