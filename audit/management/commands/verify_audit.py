"""`manage.py verify_audit`: does the trail hold? Exit status 0: yes; 1: no; 2: the verification could not run."""

import json
import sys
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import verification
from audit.faults import Fault


class Command(BaseCommand):
    help = "Check the whole audit trail. Exit status 0: it holds; 1: it does not; 2: the check could not run."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = verification.verify()
        except (ImproperlyConfigured, DatabaseError) as error:
            why = str(error).strip().split("\n", 1)[0]
            raise CommandError(
                _("Le journal n’a pas pu être vérifié : %(why)s") % {"why": why}, returncode=2
            ) from error
        if options["as_json"]:
            self.stdout.write(json.dumps(as_plain(report), ensure_ascii=False))
        else:
            self.tell(report, everything=options["verbosity"] > 1)
        if not report.holds:
            sys.exit(1)

    def tell(self, report: verification.Report, *, everything: bool) -> None:
        """The result in a line, then the first fault, or all that were kept."""
        self.stdout.write(summary(report))
        for fault in report.faults if everything else report.faults[:1]:
            self.stdout.write(fault.sentence)
        if not report.event_guards and everything:
            self.stdout.write(_("Déclencheurs d’événement absents : facultatifs hors du serveur fourni avec Tact."))


def summary(report: verification.Report) -> str:
    """« 12 431 entrées vérifiées, aucune anomalie. »"""
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


def as_plain(report: verification.Report) -> dict[str, Any]:
    """The same for a program: codes beside the sentence."""
    return {
        "holds": report.holds,
        "entries": report.entries,
        "faults": report.fault_count,
        "first": _plain_fault(report.faults[0]) if report.faults else None,
        "kept": [_plain_fault(fault) for fault in report.faults],
        "event_guards": report.event_guards,
        "seconds": round(report.seconds, 3),
    }


def _plain_fault(fault: Fault) -> dict[str, Any]:
    return {
        "entry": fault.entry,
        "uuid": fault.uuid or None,
        "action": fault.action or None,
        "flaws": [{"code": flaw.code, "detail": flaw.detail} for flaw in fault.flaws],
        "sentence": fault.sentence,
    }
