"""The map of the site: every door that is a page of its own, by what it is for. A test keeps it in step with the URLconf."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from partners.accounts.losing import ANSWERING as ANSWERING_A_LOSS
from partners.accounts.people import SEEING
from partners.models import Function, Membership
from partners.models.narrowings import GOVERNING
from partners.registering import MAY as MAY_ADD
from partners.succeeding import MAY as MAY_CLOSE
from partners.tending import TENDING
from sharing.models.tokens import OVERSEEING

CONTROLLING = (Function.TEAM_LEAD, Function.REVIEWER, Function.DPO)
ANSWERING = (Function.REVIEWER, Function.DPO)
READING_THE_TRAIL = (Function.AUDITOR, Function.DPO)


@dataclass(frozen=True, slots=True)
class Page:
    """A door and its words; `functions`: who alone may open it, where it is not every member."""

    door: str
    label: str
    functions: tuple[Function, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the map; `public`: open without signing in."""

    title: str
    pages: tuple[Page, ...]
    public: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A page as the map shows it."""

    label: str
    url: str


def whole() -> list[Section]:
    """The map as it is written, whoever reads it."""
    return [
        Section(
            _("Chaque jour"),
            (
                Page("home", _("À faire aujourd’hui")),
                Page("sharing:duties", _("Tout ce que vous devez faire")),
                Page("cases:list", _("Mes situations")),
                Page("cases:create", _("Ouvrir une situation")),
                Page("sharing:sent", _("Communications envoyées")),
                Page("sharing:inbox", _("Informations reçues")),
                Page("sharing:requests", _("Demandes")),
                Page("sharing:request_new", _("Demander une information")),
                Page("sharing:consultations", _("Consultations sans le nom")),
            ),
        ),
        Section(
            _("Quand on vous presse de parler"),
            (
                Page("sharing:call", _("La police m’appelle")),
                Page("sharing:pressure", _("Noter une pression")),
                Page("sharing:rules", _("Ce que disent les textes")),
            ),
        ),
        Section(
            _("Partenaires"),
            (
                Page("partners:directory", _("Annuaire")),
                Page("partners:institution_new", _("Inscrire une institution"), MAY_ADD),
                Page("partners:to_validate", _("Fiches à valider"), (*TENDING, Function.DPO)),
                Page("partners:agreement_new", _("Rédiger une convention"), TENDING),
                Page("partners:settings", _("Réglages"), GOVERNING),
                Page("partners:narrowing_new", _("Proposer un réglage"), GOVERNING),
                Page("partners:succession_new", _("Fermer un service, le transmettre"), MAY_CLOSE),
            ),
        ),
        Section(
            _("Encadrer et contrôler"),
            (
                Page("cases:team", _("Mon équipe"), (Function.TEAM_LEAD,)),
                Page("sharing:control", _("Avis demandés"), ANSWERING),
                Page("sharing:examinations", _("Examens après coup"), ANSWERING),
                Page("sharing:dashboard", _("Tableau"), CONTROLLING),
                Page("sharing:incidents", _("Incidents"), CONTROLLING),
                Page("sharing:urgencies", _("Urgences"), CONTROLLING),
                Page("audit:explorer", _("Journal"), READING_THE_TRAIL),
                Page("audit:verification", _("Vérifier le journal"), READING_THE_TRAIL),
                Page("audit:heads", _("Têtes du journal"), READING_THE_TRAIL),
                Page("audit:keys", _("Clés du journal"), READING_THE_TRAIL),
                Page("audit:alarms", _("Alarmes du journal"), READING_THE_TRAIL),
                Page("audit:accesses", _("Accès"), READING_THE_TRAIL),
            ),
        ),
        Section(
            _("Les gens de votre institution"),
            (
                Page("partners:members", _("Membres"), SEEING),
                Page("partners:invite", _("Inviter quelqu’un"), TENDING),
                Page("partners:factor_losses", _("Seconds facteurs perdus"), ANSWERING_A_LOSS),
                Page("sharing:house_tokens", _("Jetons des membres"), OVERSEEING),
            ),
        ),
        Section(
            _("Votre compte"),
            (
                Page("partners:account", _("Mon compte")),
                Page("account_change_password", _("Changer de mot de passe")),
                Page("mfa_index", _("Second facteur")),
                Page("mfa_activate_totp", _("Installer une application")),
                Page("mfa_add_webauthn", _("Ajouter une clé")),
                Page("usersessions_list", _("Mes sessions")),
                Page("sharing:tokens", _("Jetons de l’interface")),
                Page("sharing:token_new", _("Créer un jeton")),
                Page("partners:act_as", _("Agir à un autre titre")),
            ),
        ),
        Section(
            _("Ouvert à tous"),
            (
                Page("help", _("Aide")),
                Page("accessibility", _("Accessibilité")),
                Page("legal", _("Mentions légales")),
                Page("privacy", _("Données personnelles")),
                Page("cookies", _("Cookies")),
                Page("sharing:statistics", _("Statistiques")),
                Page("sitemap", _("Plan du site")),
                Page("partners:sign_in", _("Se connecter")),
                Page("mfa_login_webauthn", _("Se connecter avec une clé")),
                Page("account_reset_password", _("Mot de passe oublié")),
                Page("demo_visit", _("La visite guidée de la démonstration")),
                Page("demo_mail", _("Courrier de la démonstration")),
                Page("demo_components", _("Composants")),
            ),
            public=True,
        ),
    ]


def sections(membership: Membership | None) -> list[tuple[str, bool, list[Link]]]:
    """(title, whether it is open to all, links): what this membership may open; for a visitor, what signing in would."""
    found = []
    for section in whole():
        links = [
            Link(page.label, url)
            for page in section.pages
            if membership is None or not page.functions or membership.has_function(*page.functions)
            if (url := address(page.door))
        ]
        if links:
            found.append((section.title, section.public, links))
    return found


def address(door: str) -> str:
    """Where it is, empty where this installation has no such door (the demonstration's, in a production)."""
    try:
        return reverse(door)
    except NoReverseMatch:
        return ""
