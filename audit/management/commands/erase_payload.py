"""`manage.py erase_payload UUID… --reason … --by …`: remove what is personal in entries. Runs as the erasure role.

Exit status 0: done, or nothing was left to do; 2: nothing was touched, and why.
"""

from typing import Any
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import erasing


class Command(BaseCommand):
    help = "Remove the personal part of entries of the trail; the entries and their proofs stay. Cannot be undone."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("entries", nargs="+", metavar="UUID", help="the entries, by their uuid")
        parser.add_argument("--reason", required=True, help=", ".join(erasing.REASONS))
        parser.add_argument("--by", required=True, metavar="UUID", help="the membership that decided it")

    def handle(self, *args: Any, **options: Any) -> None:
        entries = [as_uuid(text) for text in options["entries"]]
        by = as_uuid(options["by"])
        if options["reason"] not in erasing.REASONS:
            listed = "\n".join(f"  {word} : {meaning}" for word, meaning in erasing.REASONS.items())
            raise refused(
                _("« %(word)s » n’est pas une raison d’effacer. Les raisons admises :\n%(listed)s")
                % {"word": options["reason"], "listed": listed}
            )
        self.stdout.write(self.done(entries, options["reason"], by))

    def done(self, entries: list[UUID], reason: str, by: UUID) -> str:
        """Erase, and say what was done in a sentence. Raises CommandError where nothing was touched."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT clock_timestamp()")
                at = cursor.fetchone()[0]
            count = erasing.erase(entries=entries, reason=reason, by=by, at=at)
        except erasing.UnknownEntries as error:
            raise refused(
                ngettext(
                    "Aucune entrée du journal n’a cet identifiant : %(which)s. Rien n’a été effacé.",
                    "Aucune entrée du journal n’a ces identifiants : %(which)s. Rien n’a été effacé.",
                    len(error.entries),
                )
                % {"which": error}
            ) from error
        except erasing.VanishedPayloads as error:
            raise refused(
                _(
                    "La part personnelle de %(which)s a disparu sans qu’aucun effacement le dise : vérifiez le journal "
                    "(manage.py verify_audit). Rien n’a été effacé."
                )
                % {"which": error}
            ) from error
        except (ImproperlyConfigured, DatabaseError) as error:
            why = str(error).strip().split("\n", 1)[0]
            raise refused(_("Rien n’a été effacé : %(why)s") % {"why": why}) from error
        already = len(set(entries)) - count
        if not count:
            return _("0 part personnelle effacée : elles l’étaient déjà. Rien n’a été noté.")
        said = ngettext(
            "%(count)s part personnelle effacée ; l’entrée et sa preuve restent.",
            "%(count)s parts personnelles effacées ; les entrées et leurs preuves restent.",
            count,
        ) % {"count": count}
        if already:
            said += " " + ngettext(
                "%(count)s l’était déjà.", "%(count)s l’étaient déjà.", already
            ) % {"count": already}  # fmt: skip
        return said


def as_uuid(text: str) -> UUID:
    """What was typed. Raises CommandError where it is not a uuid."""
    try:
        return UUID(text)
    except ValueError:
        raise refused(
            _("« %(text)s » n’est pas un identifiant (uuid). Rien n’a été effacé.") % {"text": text}
        ) from None


def refused(sentence: str) -> CommandError:
    """Nothing was touched."""
    return CommandError(sentence, returncode=2)
