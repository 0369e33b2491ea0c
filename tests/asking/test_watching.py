"""What is asked of no partner: lists, feeds, watching, several persons. The wordings that are stopped, and those that are not."""

import pytest

from sharing.asking import watching
from sharing.asking.watching import COVERT, FEED, LIST, SEVERAL, WATCHING

STOPPED = (
    ("Pouvez-vous m’envoyer la liste des familles du quartier que vous suivez ?", LIST),
    ("Il me faudrait une liste nominative.", LIST),
    ("La liste complète de vos bénéficiaires du RSA.", LIST),
    ("Les noms des élèves absents ce trimestre", LIST),
    ("Quels enfants suivez-vous dans cette école ?", LIST),
    ("toutes les familles suivies par votre service", LIST),
    ("J’ai besoin d’un avis sur les familles suivantes : A, B et C.", SEVERAL),
    ("Je prépare plusieurs dossiers pour la commission", SEVERAL),
    ("Tenez-moi au courant de tout.", FEED),
    ("Merci de nous tenir informés régulièrement", FEED),
    ("Pouvez-vous me prévenir à chaque absence ?", FEED),
    ("Merci de m’informer, ou de nous prévenir dès qu’elle revient", FEED),
    ("Envoyez-nous votre calendrier toutes les semaines", FEED),
    ("Je souhaite un point hebdomadaire", FEED),
    ("Pouvez-vous surveiller la mère pendant les visites ?", WATCHING),
    ("Il faudrait garder un œil sur le père", WATCHING),
    ("Vérifiez si elle vient vraiment", WATCHING),
    ("Pouvez-vous vérifier que le père ne revient pas à la maison ?", WATCHING),
    ("Je voudrais savoir s’il travaille au noir", WATCHING),
    ("contrôler ses allées et venues", WATCHING),
    ("À son insu, pouvez-vous regarder son frigo ?", COVERT),
    ("sans lui en parler", COVERT),
    ("Dites-moi si son compagnon vit chez elle", COVERT),
    ("avec qui elle vit en ce moment", COVERT),
)
LEFT_ALONE = (
    "La commission d’attribution décide le 12 du mois : sans les horaires, la demande est rejetée.",
    "Vérifier si elle a droit à l’allocation de logement.",
    "Je dois vérifier qu’elle remplit les conditions du FSL.",
    "vérifier si le dossier est complet",
    "vérifier s’ils peuvent bénéficier de l’aide au transport",
    "Liste des pièces manquantes au dossier",
    "Il est sur liste d’attente depuis mars.",
    "L’infirmière doit surveiller sa glycémie : à quelle heure passe-t-elle ?",
    "surveiller la date d’échéance du bail",
    "Je ne demande pas de surveiller la famille.",
    "Il ne s’agit pas d’une liste des familles.",
    "Elle vient chaque semaine à la permanence ; je dois fixer l’heure du prochain rendez-vous.",
    "Les deux parents demandent que l’école adapte les horaires.",
    "Le bilan de la séance servira au plan de compensation.",
    "Sans cela, l’école ne peut pas organiser le rattrapage.",
    "Je suis sa référente et je prépare son admission.",
    "Dites-moi si une place est libre dès que possible",
    "La famille vit en couple depuis deux ans.",
    "Son compagnon vit avec elle, elle me l’a dit.",
    "Elle a décidé sans prévenir l’école.",
    "Merci de me dire le jour de son rendez-vous.",
    "À l’école de l’aider à rattraper chaque mardi manqué",
    "",
)


@pytest.mark.parametrize(("text", "kind"), STOPPED)
def test_what_is_asked_of_no_partner_is_found(text: str, kind: str) -> None:
    found = watching.found(text)
    assert found is not None
    assert found.kind == kind
    assert found.words


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_a_professional_needs_is_left_alone(text: str) -> None:
    assert watching.found(text) is None


def test_it_is_found_whatever_the_spelling_and_in_whichever_text() -> None:
    for spelt in (
        "SURVEILLEZ la mère",
        "surveillez la mere",
        "Surveillez\nla mère",
        "Je l’accompagne. Surveillez-la !",
    ):
        assert watching.found("Une décision est à prendre.", spelt) is not None
