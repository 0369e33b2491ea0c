"""Requests that are refused at once: a list, a feed, a watch, several persons (law.md, P-16). Pure: text in, a word out.

« L’autre n’est pas mon agent de renseignement ». What is looked for is a wording, in a text without accents nor marks: few false
alarms matter more than catching everything, since the decision and a person stand behind.
"""

import re
from dataclasses import dataclass

from partners.search import normalised

LIST, SEVERAL, FEED, WATCHING, COVERT = "list", "several", "feed", "watching", "covert"


@dataclass(frozen=True, slots=True)
class Found:
    """What the text asks for, and the words that ask for it."""

    kind: str
    words: str


# What stands for several words in the patterns below, between braces.
_WORDS = {
    "people": "familles|personnes|enfants|eleves|mineurs|beneficiaires|usagers|allocataires|locataires|habitants|patients|jeunes"
    "|menages|residents|foyers",
    "many": "plusieurs|trois|quatre|cinq|six|dix|ces|les",
    "cases": "familles|personnes|situations|dossiers|menages|foyers",
    "she": "elles?|ils?|madame|monsieur|mme|m|la mere|le pere|les parents|la famille|l enfant|le jeune|la jeune",
    "send": "envoye[rz]|transmett(?:ez|re)|informe[rz]|signale[rz]|prevene[rz]|prevenir|dites|dire|appele[rz]|alerte[rz]"
    "|adresse[rz]|communique[rz]|rend(?:ez|re) compte|averti(?:r|ssez)",
    "each": "chaque (?:semaine|mois|jour|fois|absence|passage|rendez vous|incident|visite|changement)"
    "|tou(?:te)?s les (?:semaines|mois|jours|quinze jours|trimestres)|systematiquement|automatiquement|au fil de l eau"
    "|au jour le jour|regulierement",
    "everything": "de tout|de toute|de tous|de chaque|regulierement|systematiquement|au fil|en permanence",
    # What one checks of a right or of a file is no watch kept on somebody.
    "right": "(?: (?:a|ont|aurait|avait|auront))?(?: (?:bien|encore|toujours|deja))*"
    " (?:(?:des )?droits?|beneficie\\w*|peu(?:t|vent)|pourr(?:a|ait|aient)|rempli\\w*|releve|dispose|(?:est|sont|soit) (?:bien )?"
    "(?:eligible|couvert|affilie|inscrit|assure|domicilie)\\w*|doit beneficier)\\b",
    # What a carer keeps an eye on is a body, a treatment, never somebody's life.
    "care": "(?: (?:sa|son|ses|la|le|les|l|leurs?|de|bonne|reprise))*"
    " (?:tension|glycemie|diabete|poids|temperature|traitement|cicatrisation|sante|croissance|alimentation|medicaments|plaie"
    "|evolution|echeance|date|delais?|courrier)\\b",
    "partner": "quelqu un|un homme|une femme|son (?:ami|compagnon|conjoint|ex)|sa (?:compagne|conjointe)",
}
# The kind, and the wording; the first that is found is told.
_TABLE = (
    (LIST, r"\bliste (?:\w+ )?(?:a jour )?(?:des?|d|de vos|de ces|de tou(?:te)?s les) (?:\w+ )?(?:{people}|noms)\b"),
    (LIST, r"\bliste nominative\b"),
    (LIST, r"\bnoms? (?:et \w+ )?(?:de tou(?:te)?s|de chaque|de chacune?|de vos|de ces|des) (?:les )?(?:{people})\b"),
    (
        LIST,
        r"\b(?:l ensemble des|tou(?:te)?s (?:les|vos|ces)) (?:{people}) (?:que vous|qui|suivie?s|connu\w*|concernee?s)\b",
    ),
    (LIST, r"\bquel(?:le)?s (?:{people}) (?:suivez|accompagnez|recevez|sont|ont)\b"),
    (
        SEVERAL,
        r"\b(?:{many}) (?:{cases}) (?:suivante?s|ci dessous|ci dessus|du quartier|de l immeuble|de la residence)\b",
    ),
    (SEVERAL, r"\bplusieurs (?:familles|menages|foyers|situations|dossiers)\b"),
    (FEED, r"\b(?:tenez|tenir|tienne) (?:(?:nous|moi) )?(?:au courant|informee?s?) (?:{everything})\b"),
    (FEED, r"\b(?:nous|me) (?:{send})\b.{{0,60}}\b(?:{each}|des qu(?:e\b(?! possible)| (?:elle|il|une?)\b))"),
    (FEED, r"\b(?:{send}) (?:nous|moi)\b.{{0,60}}\b(?:{each}|des qu(?:e\b(?! possible)| (?:elle|il|une?)\b))"),
    (FEED, r"\b(?:point|bilan|compte rendu|retour|nouvelles) (?:regulier\w*|mensuel\w*|hebdomadaires?|{each})\b"),
    (WATCHING, r"\bsurveille(?:r|z|nt)?\b(?!{care})"),
    (WATCHING, r"\b(?:garde[rz]|avoir|ayez|jete[rz]) (?:un|l) ?oeil sur\b|\b(?:avoir|tenir|garder) a l oeil\b"),
    (WATCHING, r"\b(?:espionner|epier|pister|enqueter sur|prendre en flagrant delit)\b"),
    (WATCHING, r"\b(?:verifie[rz]?|controle[rz]?) (?:si |que |qu ?|s )(?:{she})\b(?!{right})"),
    (WATCHING, r"\bcontrole[rz] (?:ses|leurs) (?:allees et venues|frequentations|sorties|depenses|horaires)\b"),
    (WATCHING, r"\bs(?:i| )(?:{she}) (?:ment|dit (?:bien )?la verite|fraude|triche|travaille au noir)\b"),
    (COVERT, r"\b(?:a (?:son|leur) insu|en cachette)\b"),
    (COVERT, r"\bsans (?:qu (?:elles?|ils?)|que (?:la|le|les|l) \w+) (?:ne )?(?:le )?sache(?:nt)?\b"),
    (COVERT, r"\bsans (?:(?:le|la) )?(?:lui|leur) (?:en )?(?:dire|parler)\b|\bsans (?:la|le|les) prevenir\b"),
    (COVERT, r"\bavec qui (?:elle|il) (?:vit|habite|sort|dort)\b"),
    (COVERT, r"\bsi (?:{partner}) (?:vit|habite|dort|loge) (?:\w+ )?(?:chez|avec) (?:elle|lui)\b"),
    (COVERT, r"\b(?:elle|il) (?:vit|habite) (?:vraiment|reellement) (?:seule?|en couple)\b"),
)
_PATTERNS = tuple((kind, re.compile(pattern.format(**_WORDS))) for kind, pattern in _TABLE)
# « Je ne demande pas de surveiller »: what one says that one does not ask.
_DENIED = re.compile(r"\b(?:ne|n|pas|jamais|ni|aucune?)\b(?: \w+){0,4} ?$")


def found(*texts: str) -> Found | None:
    """The first thing that these texts ask for and that no partner is asked for; None where they ask for nothing of the kind."""
    for text in texts:
        for sentence in re.split(r"[.;!?\n]+", text):
            said = " ".join(re.sub(r"[^a-z0-9 ]+", " ", normalised(sentence)).split())
            for kind, pattern in _PATTERNS:
                match = pattern.search(said)
                if match is not None and not _DENIED.search(said[: match.start()]):
                    return Found(kind=kind, words=match.group().strip())
    return None
