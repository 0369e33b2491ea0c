"""What can be wrong with the trail, in words: raised by the monitor, a verification or the sealer; lifted by a DPO, with a reason.

An alarm is never removed. As long as one that `suspends` stands, ordinary sharing is suspended (abuse 19); the emergency path stays
open, and what leaves by it is marked.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import ledger
from .models import Alarm, Entry

RAISED, LIFTED = "alarm.raised", "alarm.lifted"
WRITTEN_WITHIN = timedelta(days=30)


class NotStanding(Exception):
    """This alarm was lifted meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One thing that can be wrong: what it means, and what to do, step by step.

    `suspends`: ordinary sharing waits until it is lifted. `settled`: once lifted, the same findings do not raise it again: a trail
    that was altered stays so, and the nightly verification finds it each night.
    """

    title: str | Promise
    meaning: str | Promise
    steps: tuple[str | Promise, ...]
    suspends: bool = False
    settled: bool = False


_KEEP = _("Ne corrigez rien, n’effacez rien : ce qui est faux aujourd’hui est une preuve.")
_COPY = _("Faites garder une copie de la base telle qu’elle est, et des journaux du serveur, par qui l’administre.")
_COMPARE = _(
    "Comparez avec une tête gardée hors de la maison (e-mail du matin, feuille imprimée) : page « Têtes signées », « Comparer »."
)
_SINCE_WHEN = _("Cherchez depuis quand : la dernière vérification qui tenait donne la borne.")
_INCIDENT = _("Voyez s’il faut ouvrir un incident : si des données ont pu être modifiées, le délai de 72 heures court.")
_LIFT = _("Quand la cause est connue et que les partages peuvent reprendre, levez l’alarme en disant pourquoi.")

KINDS: dict[str, Kind] = {
    "trail_altered": Kind(
        title=_("Une entrée du journal a été modifiée ou a disparu"),
        meaning=_(
            "Une vérification a trouvé au moins une entrée qui n’est plus celle qui a été enregistrée. "
            "L’application ne peut pas le faire : seule une personne qui tient la base, ou une panne du disque, le peut."
        ),
        steps=(_KEEP, _COPY, _SINCE_WHEN, _COMPARE, _INCIDENT, _LIFT),
        suspends=True,
        settled=True,
    ),
    "heads_inconsistent": Kind(
        title=_("Le journal d’aujourd’hui ne prolonge pas celui d’hier"),
        meaning=_(
            "Une tête signée ne se retrouve pas dans le journal tel qu’il est : il a été réécrit, coupé, "
            "ou remplacé par une sauvegarde plus ancienne."
        ),
        steps=(_KEEP, _COPY, _COMPARE, _SINCE_WHEN, _INCIDENT, _LIFT),
        suspends=True,
        settled=True,
    ),
    "entry_altered_before_seal": Kind(
        title=_("Une entrée a changé avant d’être scellée"),
        meaning=_(
            "En scellant, Tact a relu une entrée dont les octets ne sont plus ceux qui ont été enregistrés. Sa place dans l’arbre "
            "porte l’empreinte prise à l’écriture : ce qu’elle dit aujourd’hui ne peut pas être prouvé, ce qu’elle disait le peut."
        ),
        steps=(_KEEP, _COPY, _INCIDENT, _LIFT),
        suspends=True,
        settled=True,
    ),
    "entry_sealed_late": Kind(
        title=_("Des entrées ont été scellées en retard"),
        meaning=_(
            "La recherche de la nuit a trouvé des entrées que le scellement avait passées : elles ont été écrites autrement que "
            "par l’application (copie d’une autre base, restauration partielle). Elles sont scellées maintenant."
        ),
        steps=(
            _("Demandez à qui administre la base ce qui a été restauré ou copié, et pourquoi."),
            _("Lancez « Vérifier tout le journal » : leurs reçus disent si elles viennent de Tact."),
            _LIFT,
        ),
    ),
    "act_without_entry": Kind(
        title=_("Un acte n’a pas son entrée, ou une entrée n’a plus son acte"),
        meaning=_(
            "Chaque acte s’écrit avec son entrée, ensemble ou pas du tout. L’un des deux manque : il a été supprimé."
        ),
        steps=(_KEEP, _COPY, _SINCE_WHEN, _INCIDENT, _LIFT),
        suspends=True,
        settled=True,
    ),
    "guards_missing": Kind(
        title=_("Une garde de la base a disparu"),
        meaning=_(
            "La base ne refuse plus tout ce qu’elle devrait refuser : un déclencheur, une contrainte ou un droit n’est plus "
            "celui qui a été installé. Rien ne dit encore qu’une entrée ait changé."
        ),
        steps=(
            _("Demandez à qui administre la base ce qui a été fait, et pourquoi."),
            _("Faites remettre les gardes comme elles étaient ; « manage.py verify_audit » dit lesquelles manquent."),
            _("Lancez « Vérifier tout le journal »."),
            _LIFT,
        ),
    ),
    "key_introduced_without_the_former": Kind(
        title=_("Une clé de signature est apparue sans que la précédente l’annonce"),
        meaning=_(
            "Quand la clé change, l’ancienne signe la nouvelle. Ce n’est pas le cas : l’ancienne a été perdue, ou quelqu’un "
            "d’autre signe à la place de la maison."
        ),
        steps=(
            _("Demandez à qui administre Tact si la clé a été perdue, et comment."),
            _("Si personne ne l’a changée, tenez les têtes signées depuis pour douteuses."),
            _COMPARE,
            _("Donnez la nouvelle clé publique, de la main à la main, à qui garde vos têtes."),
            _LIFT,
        ),
    ),
    "former_receipt_key_used": Kind(
        title=_("Une machine signe encore avec l’ancienne clé des reçus"),
        meaning=_(
            "La clé qui signe les reçus a été remplacée, et des entrées récentes portent un reçu de l’ancienne. Elles "
            "valent encore ; passé le délai annoncé, elles ne vaudront plus, et une vérification les dira fausses."
        ),
        steps=(
            _("Demandez à qui administre Tact sur quelles machines tournent le site et ses travaux."),
            _("Faites porter sur chacune le nouveau fichier de la clé ; rien n’est à redémarrer."),
            _("Si toutes l’ont déjà, quelqu’un d’autre signe avec l’ancienne : prévenez votre sécurité informatique."),
            _LIFT,
        ),
    ),
    "sealer_silent": Kind(
        title=_("Le journal n’est plus scellé"),
        meaning=_(
            "Des entrées attendent depuis plus d’une minute d’être scellées. Elles sont enregistrées et leurs reçus valent ; "
            "il leur manque leur place dans l’arbre et une tête signée."
        ),
        steps=(
            _("Demandez à qui administre Tact de voir si le processus « seal » tourne, et s’il peut lire sa clé."),
            _("Si une opération longue est en cours dans la base, elle retarde le scellement : il reprendra seul."),
            _LIFT,
        ),
    ),
    "clock_set_back": Kind(
        title=_("L’heure de la base est revenue en arrière"),
        meaning=_(
            "La dernière entrée du journal porte une heure qui n’est pas encore passée. Des accords et des conventions peuvent "
            "sembler en vigueur alors qu’ils sont terminés, et des échéances ne pas courir."
        ),
        steps=(
            _("Demandez à qui administre la base de remettre son horloge à l’heure (NTP), et ce qui a été fait."),
            _("Regardez, dans le journal, ce qui a été enregistré depuis."),
            _(
                "Si l’horloge avait été avancée puis remise, les entrées d’alors gardent leur heure : dites-le en levant l’alarme."
            ),
            _LIFT,
        ),
    ),
    "clocks_apart": Kind(
        title=_("Deux horloges de la maison ne disent pas la même heure"),
        meaning=_(
            "L’horloge de la machine de l’application et celle de la base s’écartent de plus de deux secondes. Seule l’heure de la "
            "base est enregistrée : rien n’est mal daté. Les codes à usage unique et la fin des sessions peuvent s’en ressentir."
        ),
        steps=(
            _("Demandez à qui administre Tact de remettre les horloges à l’heure (NTP)."),
            _LIFT,
        ),
    ),
    "trail_restored": Kind(
        title=_("La base a été restaurée d’une sauvegarde"),
        meaning=_(
            "Tout ce qui a été fait entre la sauvegarde et la restauration est perdu : communications, mais aussi accords retirés, "
            "refus, oppositions, fins d’attribution, départs. Ce que le journal ne sait plus, Tact ne peut pas le respecter."
        ),
        steps=(
            _(
                "Demandez à qui administre Tact l’instant de la sauvegarde, et la dernière tête signée gardée hors de la maison."
            ),
            _(
                "Faites refaire ce qui a été retiré, refusé ou terminé depuis : papiers remis et e-mails en gardent la trace."
            ),
            _("Dites à qui garde vos têtes que celles signées après la sauvegarde ne sont plus celles de ce journal."),
            _INCIDENT,
            _LIFT,
        ),
        suspends=True,
    ),
    "verification_overdue": Kind(
        title=_("La vérification de la nuit n’a pas été faite"),
        meaning=_("Une vérification de tout le journal a été demandée et n’est pas terminée trois heures après."),
        steps=(
            _("Demandez à qui administre Tact de voir si la file d’attente et son processus tournent."),
            _("Lancez « Vérifier tout le journal », ou demandez « manage.py verify_audit »."),
            _LIFT,
        ),
    ),
}
SUSPENDING = frozenset(code for code, kind in KINDS.items() if kind.suspends)


def titled(kind: str) -> str | Promise:
    """What an alarm is called; a kind that has no words any more is shown as it is."""
    return KINDS[kind].title if kind in KINDS else kind


def raise_alarm(*, kind: str, found: Mapping[str, Any], at: datetime) -> None:
    """Say that something is wrong; one alarm of a kind stands at a time, and what was settled does not ring again.

    Written with the rights of the application or of the sealer. Raises KeyError on a kind that has no words.
    """
    settled = KINDS[kind].settled
    if settled and Alarm.objects.filter(kind=kind, lifted_at__isnull=False, found=dict(found)).exists():
        return
    Alarm.objects.bulk_create([Alarm(kind=kind, raised_at=at, found=dict(found))], ignore_conflicts=True)


def standing() -> list[Alarm]:
    """The alarms that nobody has lifted, those that suspend sharing first, then the latest."""
    return sorted(
        Alarm.objects.filter(lifted_at=None), key=lambda one: (one.kind not in SUSPENDING, -one.raised_at.timestamp())
    )


def suspending() -> Exists:
    """Whether ordinary sharing is suspended, as a part of another statement."""
    return Exists(Alarm.objects.filter(kind__in=sorted(SUSPENDING), lifted_at=None))


def sharing_suspended() -> bool:
    """Whether an alarm that suspends ordinary sharing stands. One statement, on an index that holds standing alarms only."""
    return Alarm.objects.filter(kind__in=sorted(SUSPENDING), lifted_at=None).exists()


@transaction.atomic
def write_down(*, at: datetime) -> int:
    """Record in the trail the alarms of late that are not there yet; returns how many.

    Apart from `raise_alarm`: the sealer may raise one, and may not write to the trail. Nobody acted: their entry has no actor.
    """
    rows = list(Alarm.objects.filter(raised_at__gt=at - WRITTEN_WITHIN).order_by("raised_at"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('audit.alarms.write_down'))")
    entries = Entry.objects.filter(action=RAISED, at__in=[one.raised_at for one in rows])
    known = {json.loads(bytes(one.body))["refs"]["alarm"] for one in entries}
    fresh = [one for one in rows if str(one.pk) not in known]
    for one in fresh:
        ledger.record(
            action=RAISED,
            at=one.raised_at,
            actor=None,
            refs={"alarm": one.pk},
            codes={"alarm": one.kind, "found": one.found},
        )
    return len(fresh)


@transaction.atomic
def lift(*, alarm: Alarm, by: UUID, why: str, at: datetime) -> None:
    """Lift an alarm, for a reason that stays; what it found stays with it. Raises NotStanding where somebody did before.

    `by` is the membership that acts; whether it protects data is asked at the door.
    """
    lifted = Alarm.objects.filter(pk=alarm.pk, lifted_at=None).update(lifted_at=at, lifted_by=by, lifted_why=why)
    if not lifted:
        raise NotStanding
    ledger.record(
        action=LIFTED,
        at=at,
        actor=by,
        refs={"alarm": alarm.pk},
        codes={"alarm": alarm.kind},
        personal={"why": why},
    )
