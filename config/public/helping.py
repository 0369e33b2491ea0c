"""The topics of the help: what one wants to do, and who would. Their text stands in templates/public/help, one file each."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Topic:
    """A page of help: `slug` is its address and its template; `next`: what one reads after it."""

    slug: str
    title: str
    lead: str
    next: tuple[str, ...] = ()

    def others(self) -> list["Topic"]:
        """What one reads after it."""
        every = topics()
        return [every[slug] for slug in self.next]


@dataclass(frozen=True, slots=True)
class Audience:
    """Those who come for the same thing, and the pages for them, the most needed first."""

    code: str
    title: str
    topics: tuple[Topic, ...]


def topics() -> dict[str, Topic]:
    """Every topic, by its address."""
    written = (
        Topic(
            "communiquer",
            _("Communiquer une information"),
            _("Du besoin à l’envoi, en quatre gestes. Rien ne part avant que vous ayez relu."),
            ("reponse", "accord", "retrait"),
        ),
        Topic(
            "reponse",
            _("Ce que veut dire la réponse de Tact"),
            _("Autorisé, avis attendu, pas en l’état : ce que chaque mot engage, et ce qui reste à vous."),
            ("communiquer", "accord", "avis"),
        ),
        Topic(
            "accord",
            _("Recueillir la parole de la personne"),
            _("Accord, refus, opposition, information : quatre choses différentes, jamais une case cochée d’avance."),
            ("retrait", "communiquer", "personne"),
        ),
        Topic(
            "retrait",
            _("Quand la personne change d’avis"),
            _("Un retrait s’enregistre en un geste et s’applique aussitôt. Ce qui a été lu reste su, et se dit."),
            ("qui-sait-quoi", "accord", "preuves"),
        ),
        Topic(
            "demander",
            _("Demander une information, y répondre"),
            _("Demander n’oblige personne. Répondre, c’est communiquer."),
            ("sans-nommer", "recevoir", "reponse"),
        ),
        Topic(
            "recevoir",
            _("Lire ce que l’on vous a adressé"),
            _("Ouvrir, accuser réception, demander une précision, ou dire que ce n’est pas pour vous."),
            ("demander", "se-connecter", "retrait"),
        ),
        Topic(
            "sans-nommer",
            _("Demander conseil sans nommer la personne"),
            _("Souvent, c’est d’un avis que l’on a besoin, et non d’un nom."),
            ("demander", "avis", "reponse"),
        ),
        Topic(
            "urgence",
            _("En cas de danger"),
            _("Appeler d’abord. Tact ne retarde jamais une alerte : elle part, elle est examinée ensuite."),
            ("reponse", "preuves", "personne"),
        ),
        Topic(
            "avis",
            _("Donner un avis, encadrer"),
            _("Un avis éclaire ou arrête. Il n’ordonne pas, et n’envoie rien."),
            ("reponse", "urgence", "preuves"),
        ),
        Topic(
            "qui-sait-quoi",
            _("Qui sait quoi"),
            _("Ce que chaque partenaire a reçu, s’il l’a lu, et qui a ouvert le dossier."),
            ("preuves", "retrait", "personne"),
        ),
        Topic(
            "preuves",
            _("Prouver ce qui a été fait"),
            _("Chaque décision, refus compris, est inscrite et scellée. La preuve se vérifie sans Tact."),
            ("qui-sait-quoi", "controle", "retrait"),
        ),
        Topic(
            "controle",
            _("Contrôler le journal, suivre un incident"),
            _("Pour qui protège les données ou contrôle : ce que vous voyez, ce que vous ne voyez pas."),
            ("preuves", "avis", "personne"),
        ),
        Topic(
            "se-connecter",
            _("Se connecter, le second facteur"),
            _("Votre compte, votre mot de passe, ce qui le double, et que faire si vous l’avez perdu."),
            ("recevoir", "communiquer", "demander"),
        ),
        Topic(
            "personne",
            _("Vous êtes la personne dont on parle"),
            _("Ce que vous pouvez demander, à qui, et ce qui ne dépend que de vous."),
            ("accord", "retrait", "qui-sait-quoi"),
        ),
    )
    return {one.slug: one for one in written}


def topic(slug: str) -> Topic | None:
    """The topic at this address, None where nobody wrote it."""
    return topics().get(slug)


def audiences() -> list[Audience]:
    """Who comes for what. A topic stands under each of those who need it."""
    every = topics()
    listed = (
        (
            "share",
            _("Vous accompagnez quelqu’un"),
            ("communiquer", "reponse", "accord", "retrait", "demander", "sans-nommer", "urgence", "qui-sait-quoi"),
        ),
        ("read", _("Vous êtes partenaire"), ("recevoir", "demander", "retrait", "se-connecter")),
        ("lead", _("Vous encadrez"), ("avis", "reponse", "urgence", "qui-sait-quoi")),
        ("protect", _("Vous protégez les données, ou vous contrôlez"), ("controle", "preuves", "qui-sait-quoi")),
        ("herself", _("Il est question de vous, ou de votre enfant"), ("personne", "accord", "retrait", "preuves")),
        ("account", _("Votre compte"), ("se-connecter",)),
    )
    return [Audience(code, title, tuple(every[slug] for slug in slugs)) for code, title, slugs in listed]
