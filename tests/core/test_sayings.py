"""One sentence that can be said aloud, for every kind of outcome."""

import pytest

from partners.vocabulary import vocabulary
from sharing.decision import decide
from sharing.facts import Facts
from sharing.saying import categories_said, recipient_said
from sharing.wording import Said, joined, to_whom
from tests.core.intended import (
    CONCERN_REPORT,
    ON_AGREEMENT,
    PREVENTION_GROUP,
    REQUISITION,
    RESCUE,
    SCHOOL_TEAM,
    TO_PARENTS,
    intended,
)

WHOLE_TRUTH = [
    (intended(), "Le SSIAD peut connaître le retentissement des soins."),
    (intended(CONCERN_REPORT), "La cellule départementale doit connaître les violences."),
    (intended(RESCUE), "Les secours peuvent connaître ses coordonnées, tout de suite."),
    (intended(ON_AGREEMENT), "La CAF peut connaître la situation administrative, puisque la personne est d’accord."),
    (
        intended(SCHOOL_TEAM),
        "L’équipe de suivi de la scolarisation peut connaître les besoins scolaires, "
        "puisque les parents sont d’accord.",
    ),
    (
        intended(
            sender="cesf_departement",
            recipient="maire_et_pcd",
            purpose="as_alerte_coordination",
            categories=["besoin_coordination"],
            circumstances=["worsening", "several_professionals_needed"],
        ),
        "Le maire et le département doivent connaître le besoin de coordination.",
    ),
    (intended(PREVENTION_GROUP), "Le groupe pourrait connaître le logement, après l’avis d’un cadre."),
    (
        intended(TO_PARENTS, also=["minor_objects"]),
        "Les parents pourraient connaître l’appréciation sociale, après l’avis d’un cadre.",
    ),
    (
        intended(REQUISITION),
        "L’officier de police judiciaire pourrait connaître ses coordonnées, après l’avis du service juridique.",
    ),
    (
        intended(person="many"),
        "Une liste ne se communique pas\u00a0: chaque communication concerne une seule personne.",
    ),
    (
        intended(RESCUE, also=["by_telephone"]),
        "On ne confirme ni n’infirme rien\u00a0: une demande s’adresse par écrit à la direction.",
    ),
    (
        intended(ON_AGREEMENT, consent="withdrawn"),
        "La CAF n’a pas à connaître la situation administrative\u00a0: l’accord a été retiré.",
    ),
    (
        intended(also=["person_objects"]),
        "Le SSIAD n’a pas à connaître le retentissement des soins\u00a0: la personne s’y oppose.",
    ),
    (intended(purpose="curiosite"), "Le SSIAD n’a pas à connaître le retentissement des soins pour cela."),
    (
        intended(TO_PARENTS, also=["minor_health_secrecy"]),
        "Les parents n’ont pas à connaître l’appréciation sociale pour cela.",
    ),
    (
        intended(person="nobody"),
        "Vous pouvez parler de cette situation, sans que la personne soit reconnaissable.",
    ),
    (
        intended(person="nobody", also=["reidentification_risk"]),
        "Quelqu’un pourrait reconnaître la personne\u00a0: retirez ce qui l’identifie avant d’en parler.",
    ),
    (
        intended(recipient="voisin", categories=["humeur"]),
        "Ce destinataire n’a pas à connaître cette information pour cela.",
    ),
    (intended(categories=[], purpose="curiosite"), "Le SSIAD n’a pas à connaître ce qui est demandé pour cela."),
]


@pytest.mark.parametrize(("facts", "said"), WHOLE_TRUTH, ids=[said for _facts, said in WHOLE_TRUTH])
def test_the_decision_is_said_in_a_sentence(facts: Facts, said: str) -> None:
    assert decide(facts).say == said


def test_what_several_recipients_may_know_is_said_in_the_plural() -> None:
    parents = intended(TO_PARENTS, categories=["logement", "besoins_scolaires"])
    first, second = parents.items
    rumour = parents.but(items=(first, type(second)("besoins_scolaires", ref="2", nature="rumeur")))
    assert decide(rumour).say == "Les parents peuvent connaître le logement. Les besoins scolaires restent ici."


def test_an_untold_family_is_told_in_the_plural_too() -> None:
    facts = intended(informed="not_done", person="minor_8")
    assert decide(facts, paths=True).say.endswith("une fois les parents informés.")


def test_every_role_and_category_can_be_said() -> None:
    facts = intended()
    for code in vocabulary().roles:
        said = recipient_said(intended(recipient=code))
        assert said.startswith(("le ", "la ", "les ", "l’"))
        assert to_whom(said).startswith(("au ", "à la ", "aux ", "à l’"))
    assert recipient_said(facts.but(recipient=type(facts.recipient)("voisin"))) == "ce destinataire"
    assert categories_said(["logement", "logement", "sante_diagnostic"]) == "le logement et le diagnostic"
    assert categories_said([]) == "ce qui est demandé"
    assert joined([Said(one, plural=False) for one in "abc"]) == "a, b et c"
