"""`manage.py verify_audit`: does the trail hold? Exit status 0: yes; 1: no; 2: the verification could not run."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import inspection, kept_heads, verification
from audit.report import Report


class Command(BaseCommand):
    help = "Check the whole audit trail. Exit status 0: it holds; 1: it does not; 2: the check could not run."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")
        parser.add_argument(
            "--since",
            type=Path,
            action="append",
            default=[],
            metavar="FILE",
            help="a checkpoint, proof or bundle kept from an earlier day, which today's trail must extend; may be repeated",
        )
        parser.add_argument(
            "--receipts", action="store_true", help="read again the receipts of sealed entries too (35 µs each)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            kept = [kept_heads.read(path) for path in options["since"]]
            report = verification.verify(receipts=options["receipts"], since=kept)
            guards = inspection.guards_in_place()
        except (ImproperlyConfigured, DatabaseError, kept_heads.Unreadable) as error:
            why = str(error).strip().split("\n", 1)[0]
            raise CommandError(
                _("Le journal n’a pas pu être vérifié : %(why)s") % {"why": why}, returncode=2
            ) from error
        if options["as_json"]:
            plain = report.as_plain() | {"guards": [{"guard": one.sentence, "stands": one.stands} for one in guards]}
            self.stdout.write(json.dumps(plain, ensure_ascii=False))
        else:
            self.tell(report, guards, everything=options["verbosity"] > 1)
        if not report.holds:
            sys.exit(1)

    def tell(self, report: Report, guards: list[inspection.Guard], *, everything: bool) -> None:
        """The result in a line, the first fault or all that were kept, what to do; then what was checked, and what was not."""
        self.stdout.write(summary(report))
        for fault in report.faults if everything else report.faults[:1]:
            self.stdout.write(fault.sentence)
        if not report.holds:
            self.stdout.write(what_to_do(report, everything=everything))
        if report.heads:
            self.stdout.write(sealed(report))
        for kept in report.kept if report.holds else ():
            self.stdout.write(_("Le journal prolonge la tête gardée %(kept)s.") % {"kept": kept})
        self.stdout.write(_("Gardes de la base :"))
        for guard in guards:
            mark = (
                _("en place") if guard.stands else _("absente, facultative ici") if guard.optional else _("EN DÉFAUT")
            )
            self.stdout.write(f"  [{mark}] {guard.sentence}")
        for remark in report.remarks:
            self.stdout.write(remark)


def summary(report: Report) -> str:
    """« 12 431 entrées vérifiées, aucune anomalie. »"""
    if report.entries == 0 and report.holds:
        return _("Le journal est vide : rien à vérifier, les gardes sont en place.")
    read = ngettext("%(count)s entrée vérifiée", "%(count)s entrées vérifiées", report.entries) % {
        "count": number_format(report.entries, force_grouping=True)
    }
    if report.holds:
        return _("%(read)s, aucune anomalie.") % {"read": read}
    wrong = ngettext("%(count)s anomalie", "%(count)s anomalies", report.fault_count) % {
        "count": number_format(report.fault_count, force_grouping=True)
    }
    return _("%(read)s, %(wrong)s. La première :") % {"read": read, "wrong": wrong}


def sealed(report: Report) -> str:
    """« Arbre : 12 430 feuilles, 512 têtes signées, chacune recalculée. La dernière : 12 430 entrées, racine 4f2a…, clé … »"""
    leaves = ngettext("%(count)s feuille", "%(count)s feuilles", report.leaves) % {"count": _grouped(report.leaves)}
    heads = ngettext(
        "%(count)s tête signée, recalculée", "%(count)s têtes signées, chacune recalculée", report.heads
    ) % {"count": _grouped(report.heads)}  # fmt: skip
    size = ngettext("%(count)s entrée", "%(count)s entrées", report.size) % {"count": _grouped(report.size)}
    return _("Arbre : %(leaves)s, %(heads)s. La dernière : %(size)s, racine %(root)s, clé %(key)s.") % {
        "leaves": leaves,
        "heads": heads,
        "size": size,
        "root": report.root,
        "key": "+".join(report.keys[-1].split("+")[:2]) if report.keys else "?",
    }


def _grouped(count: int) -> str:
    return str(number_format(count, force_grouping=True))


def what_to_do(report: Report, *, everything: bool) -> str:
    """The next step, for whoever has just learnt it."""
    first = _(
        "Que faire : ne corrigez rien, gardez une copie de la base telle qu’elle est, prévenez le délégué à la protection "
        "des données ; la page « Vérification » du journal dit la suite."
    )
    if everything or report.fault_count < 2:
        return first
    return first + " " + _("Les autres anomalies : relancez avec -v 2.")
