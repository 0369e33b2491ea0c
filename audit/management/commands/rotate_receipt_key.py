"""`manage.py rotate_receipt_key`: another key signs receipts from now on, vouched for by the former."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from audit import notes, receipt_rotation

MOST_HOURS = 24 * 30


class Command(BaseCommand):
    help = "Replace the key that signs receipts (TACT_RECEIPT_KEY), or finish a rotation that was interrupted."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--lost",
            action="store_true",
            help="the former key is gone: it vouches for nobody, and an alarm says so",
        )
        parser.add_argument(
            "--hours",
            type=int,
            default=24,
            help="for how long the former key's receipts hold for new entries, the time to bring the new file to each machine"
            " (0 to 720; 0 is a minute)",
        )
        parser.add_argument(
            "--former",
            default="",
            metavar="VKEY",
            help="with --lost, where the database does not know the former key: its line in the keys.txt of any bundle",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 <= options["hours"] <= MOST_HOURS:
            raise CommandError(_("De 0 à 720 heures. Rien n’a été changé."), returncode=2)
        if options["former"]:
            try:
                notes.VerifierKey.parse(options["former"])
            except notes.Malformed as error:
                raise CommandError(
                    _("Ce n’est pas une clé publique (nom+numéro+base64). Rien n’a été changé."), returncode=2
                ) from error
        try:
            done = receipt_rotation.rotate(
                lost=options["lost"], overlap=timedelta(hours=options["hours"]), former=options["former"]
            )
        except receipt_rotation.FormerUnknown as error:
            raise CommandError(
                _(
                    "La clé perdue n’est pas connue de la base : donnez sa ligne, prise dans « keys.txt » d’un dossier de preuve "
                    "(--former). Rien n’a été changé."
                ),
                returncode=2,
            ) from error
        except ImproperlyConfigured as error:
            raise CommandError(str(error), returncode=2) from error
        except (DatabaseError, OSError) as error:
            raise CommandError(
                _(
                    "La clé n’a pas pu être remplacée : %(why)s. Relancez cette commande, elle reprendra où elle en était."
                )
                % {"why": str(error).strip().split("\n", 1)[0]},
                returncode=2,
            ) from error
        self.tell(done)

    def tell(self, done: receipt_rotation.Rotated) -> None:
        """The new key, what became of the former, what is left to do."""
        say = self.stdout.write
        say(_("Les reçus sont signés désormais par :"))
        say(done.key.vkey)
        if done.lost:
            say(_("L’ancienne ne l’a pas annoncée : une alarme le dit. Les reçus qu’elle a signés valent toujours."))
        else:
            until = date_format(localtime(done.until), "j F Y, H:i")
            say(
                _(
                    "Les reçus de l’ancienne valent toujours ; elle n’en fait plus de valables après le %(until)s. D’ici là, "
                    "portez le nouveau fichier sur chaque machine où tournent le site et ses travaux : ils le prennent sans "
                    "redémarrer."
                )
                % {"until": until}
            )
            say(_("L’ancien fichier est resté à côté, sous son numéro."))
        say(_("Ensuite : « manage.py backup », puis « manage.py backup_key receipt »."))
