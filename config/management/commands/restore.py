"""`manage.py restore FILE`: put a backup back into an empty database, erase again what was erased, verify the trail.

Exit status 0: it is back and the trail holds; 1: it is back and the trail does not hold; 2: nothing was put back, and why.
"""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import kept_heads, shred_list
from audit.management.commands.verify_audit import sealed, summary, what_to_do
from audit.templatetags.trail import instant_said
from config.backup import BackupError, asking, restoring


class Command(BaseCommand):
    help = "Put a backup back into an empty database, erase again what was erased since, verify the trail."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--identity", type=Path, default=None, metavar="FILE", help="the private key that opens it")
        parser.add_argument(
            "--sha256",
            default="",
            metavar="HEX",
            help="what `backup` said of this file, noted elsewhere: another file is refused",
        )
        parser.add_argument(
            "--shredded",
            type=Path,
            default=None,
            metavar="FILE",
            help="the list of what was erased; default: TACT_SHRED_LIST",
        )
        parser.add_argument(
            "--nothing-was-erased", action="store_true", help="there is no such list: nothing was ever erased here"
        )
        parser.add_argument(
            "--since", type=Path, action="append", default=[], metavar="FILE",
            help="a head, proof or bundle kept outside; may be repeated",
        )  # fmt: skip
        parser.add_argument(
            "--superuser",
            default="",
            metavar="URL",
            help="postgres://… of the server's superuser (not with the bundled one)",
        )
        parser.add_argument(
            "--without-superuser",
            action="store_true",
            help="as the owner of the tables (DATABASE_MIGRATOR_URL), on a server that gives no superuser; without schema guards",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with asking.one_sentence():
            erasures = self.erasures(options["shredded"], nothing=options["nothing_was_erased"])
            try:
                since = [kept_heads.read(path) for path in options["since"]]
            except kept_heads.Unreadable as error:
                raise BackupError(str(error)) from error
            backup = restoring.opened(options["file"], asking.identities(options["identity"]), digest=options["sha256"])
            done = restoring.restore(
                backup=backup,
                erasures=erasures,
                superuser=options["superuser"],
                without_superuser=options["without_superuser"],
                since=since,
            )
        self.tell(done)
        if not done.report.holds:
            sys.exit(1)

    def erasures(self, given: Path | None, *, nothing: bool) -> list[shred_list.Shredded]:
        """What must go again. BackupError where the list is not there and nobody said that there is none."""
        if nothing:
            return []
        path = given or Path(settings.SHRED_LIST or "")
        try:
            return shred_list.read(path)
        except shred_list.UnreadableList as error:
            raise BackupError(
                _(
                    "La ligne %(line)s de %(path)s ne se lit pas : ce qui a été effacé pourrait revenir. Rien n’a été écrit."
                )
                % {"line": error.line, "path": path}
            ) from error
        except OSError as error:
            raise BackupError(
                _("La liste de ce qui a été effacé n’est pas là (%(path)s) : sans elle, ce qui a été effacé reviendrait. Donnez-la "
                  "(--shredded), ou dites que rien ne l’a jamais été (--nothing-was-erased). Rien n’a été écrit.")
                % {"path": path}
            ) from error  # fmt: skip

    def tell(self, done: restoring.Restored) -> None:
        """What is back, what went again, what is lost, whether the trail holds, what comes next."""
        say = self.stdout.write
        say(
            _("Restauré : la base telle qu’elle était le %(at)s.")
            % {"at": instant_said(done.backup.manifest["taken_at"])}
        )
        say(
            ngettext(
                "%(count)s part personnelle effacée depuis a été effacée à nouveau.",
                "%(count)s parts personnelles effacées depuis ont été effacées à nouveau.",
                done.erased_again,
            )
            % {"count": done.erased_again}
            if done.erased_again
            else _("Rien de ce que nomme la liste n’était à effacer à nouveau.")
        )
        if done.erased_unknown:
            say(
                ngettext(
                    "%(count)s entrée de la liste a été écrite après la sauvegarde : elle n’est plus là.",
                    "%(count)s entrées de la liste ont été écrites après la sauvegarde : elles ne sont plus là.",
                    done.erased_unknown,
                )
                % {"count": done.erased_unknown}
            )
        say(
            _("PERDU : tout ce qui a été fait depuis, retraits, refus, oppositions, fins d’attribution et départs compris. "
              "Une alarme suspend les partages ordinaires jusqu’à ce qu’un délégué à la protection des données ait vu.")
        )  # fmt: skip
        for name, entries in done.lost:
            say(
                ngettext(
                    "La tête %(name)s a été signée après la sauvegarde : %(count)s entrée scellée au moins est perdue.",
                    "La tête %(name)s a été signée après la sauvegarde : %(count)s entrées scellées au moins sont perdues.",
                    entries,
                )
                % {"name": name, "count": number_format(entries, force_grouping=True)}
            )
        say(
            _("Les têtes de plus de %(size)s entrées ne sont plus celles de ce journal : dites-le à qui les garde.")
            % {"size": number_format(done.backup.size, force_grouping=True)}
        )
        say(summary(done.report))
        for fault in done.report.faults[:1]:
            say(fault.sentence)
        if not done.report.holds:
            say(what_to_do(done.report, everything=False))
        if done.report.heads:
            say(sealed(done.report))
        if done.unguarded:
            say(
                _(
                    "Les gardes du schéma du journal ne sont pas posées : seul un superutilisateur le peut "
                    "(python -m config.roles --raise-guards). Le reste des gardes est en place."
                )
            )
        say(
            _(
                "Sessions et jetons sont fermés. Ensuite : remettez la clé du scellement, lancez le scellement, puis le reste."
            )
        )
