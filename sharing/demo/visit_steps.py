"""What the guided visit says at each of its six steps: who one is, what is to be seen and why, the next gesture, and where."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.translation import gettext as _

from .visit import CAMILLE, LANTIER, NADIA, YANN, Visit

# Where on a page: its main part, the verdict, the end of the draft, the boxes of the agreement, the ways of saying so.
PAGE, PANEL, DRAFT_END, BOXES, SAID = "contenu", "verdict", "person-word", "id_categories", "id_form_0"


@dataclass(frozen=True, slots=True)
class Spot:
    """A page of a step, and what one does there. `anchor` is the id, on that page, of the place."""

    address: str
    do: str
    where: str
    anchor: str = PAGE

    def is_at(self, path: str) -> bool:
        """Whether this address is the spot: the query counts only where the spot has one."""
        return path == self.address if "?" in self.address else urlsplit(path).path == self.address


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of the six. The first spot is where one lands."""

    email: str
    title: str
    who: str
    sees: str
    spots: tuple[Spot, ...] = ()

    def spot_at(self, path: str) -> Spot | None:
        """The spot at which one stands; None anywhere else."""
        return next((spot for spot in self.spots if spot.is_at(path)), None)


def steps(visit: Visit | None = None) -> list[Step]:
    """The six steps in the reader's language; with their pages where a visit is under way."""
    return [_refusal(visit), _agreement(visit), _sending(visit), _reading(visit), _withdrawal(visit), _proof(visit)]


def _pages(visit: Visit | None) -> tuple[str, str, str]:
    """The draft, its check page, the page of the parents' word; "" where there is none yet."""
    if visit is None or visit.draft is None:
        return "", "", ""
    ref, pk = visit.case.reference, visit.draft.pk
    return (
        reverse("sharing:compose", args=[ref, pk]),
        reverse("sharing:check", args=[ref, pk]),
        reverse("consent:new", args=[ref]),
    )


def _existing(*spots: Spot) -> tuple[Spot, ...]:
    return tuple(spot for spot in spots if spot.address)


def _refusal(visit: Visit | None) -> Step:
    draft, check, _word = _pages(visit)
    return Step(
        email=CAMILLE,
        title=_("Refus"),
        who=_("Vous êtes Camille Roussel, assistante sociale."),
        sees=_("Vous voulez prévenir l’école ; Tact répond non, dit pourquoi, et ce qui le rendrait possible."),
        spots=_existing(
            Spot(
                draft,
                _("Lisez « Pas en l’état », puis appuyez sur « Vérifier et relire »."),
                _("Sous le formulaire"),
                DRAFT_END,
            ),
            Spot(
                check,
                _("Appuyez sur « Demander quand même une décision » : un refus s’enregistre aussi."),
                _("Sous les raisons"),
                PANEL,
            ),
        ),
    )


def _agreement(visit: Visit | None) -> Step:
    draft, check, word = _pages(visit)
    gesture = _("Ouvrez « Recueillir l’accord des parents ».")
    where = _("Dans l’encadré « Pas en l’état »")
    return Step(
        email=CAMILLE,
        title=_("Accord"),
        who=_("Vous êtes toujours Camille Roussel."),
        sees=_("La mère accepte que l’école sache les absences, rien d’autre : sa parole est notée telle quelle."),
        spots=_existing(
            Spot(draft, gesture, where, PANEL),
            Spot(check, gesture, where, PANEL),
            Spot(
                word,
                _("Cochez l’information, une durée, la mère, « en présence », puis « Enregistrer l’accord »."),
                _("Dans le formulaire"),
                BOXES,
            ),
        ),
    )


def _sending(visit: Visit | None) -> Step:
    draft, check, _word = _pages(visit)
    if visit is not None and visit.report_aboard:
        composing = Spot(draft, _("Appuyez sur « Laisser “Bilan de langage” de côté »."), _("Dans l’encadré"), PANEL)
    else:
        composing = Spot(draft, _("Appuyez sur « Vérifier et relire »."), _("Sous le formulaire"), DRAFT_END)
    return Step(
        email=CAMILLE,
        title=_("Envoi"),
        who=_("Vous êtes toujours Camille Roussel."),
        sees=_("Le bilan reste ici : seul le nécessaire part, et vous relisez exactement ce que l’école lira."),
        spots=_existing(
            composing,
            Spot(check, _("Relisez, puis appuyez sur « Communiquer à Mme Lantier »."), _("Sous le verdict"), PANEL),
        ),
    )


def _reading(visit: Visit | None) -> Step:
    sent = visit.disclosure if visit else None
    page = reverse("sharing:received", args=[sent.pk]) if sent else ""
    opened = sent is not None and sent.opened_at is not None
    return Step(
        email=LANTIER,
        title=_("Lecture"),
        who=_("Vous êtes Mme Lantier, directrice de l’école."),
        sees=_("Vous lisez ce qui vous est adressé, rien d’autre du dossier ; chaque ouverture laisse une trace."),
        spots=_existing(
            Spot(page, _("Lisez, puis appuyez sur « Accuser réception »."), _("À côté du texte"))
            if opened
            else Spot(page, _("Appuyez sur « Afficher »."), _("Sous l’enveloppe"))
        ),
    )


def _withdrawal(visit: Visit | None) -> Step:
    given = visit.consent if visit else None
    return Step(
        email=NADIA,
        title=_("Retrait"),
        who=_("Vous êtes Nadia Benali, cheffe de service ; vous relayez Camille."),
        sees=_("La mère rappelle, elle a changé d’avis : le retrait vaut tout de suite, sans raison à donner."),
        spots=_existing(
            Spot(
                reverse("sharing:withdraw", args=[given.case.reference, given.pk]) if given else "",
                _("Choisissez « par téléphone », puis « Retirer cet accord »."),
                _("À droite ; en bas sur un téléphone"),
                SAID,
            )
        ),
    )


def _proof(visit: Visit | None) -> Step:
    return Step(
        email=YANN,
        title=_("Preuve"),
        who=_("Vous êtes Yann Le Goff, auditeur interne."),
        sees=_("Voici chaque acte de votre visite, sans nom ni contenu : vous contrôlez sans connaître la famille."),
        spots=_existing(
            Spot(
                f"{reverse('audit:explorer')}?case={visit.case.pk}" if visit else "",
                _("Parcourez les actes, puis demandez « Vérifier tout le journal »."),
                _("En haut de la page"),
            )
        ),
    )
