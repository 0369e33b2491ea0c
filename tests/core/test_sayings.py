"""One sentence that can be said aloud, for every kind of outcome."""

import pytest

from partners.vocabulary import vocabulary
from sharing.decision import decide
from sharing.facts import Facts
from sharing.saying import categories_said, recipient_said
from sharing.wording import Said, joined, to_whom
from tests.core.intended import (
    CHILD_EVALUATION,
    CONCERN_REPORT,
    ON_AGREEMENT,
    PREVENTION_GROUP,
    REQUISITION,
    RESCUE,
    SCHOOL_TEAM,
    TO_MAYOR,
    TO_PARENTS,
    intended,
)

WHOLE_TRUTH = [
    (intended(), "Le SSIAD peut connaître le retentissement des soins."),
    (intended(CONCERN_REPORT), "La cellule départementale doit connaître les violences."),
    (intended(RESCUE), "Les secours peuvent connaître les coordonnées, tout de suite."),
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
        "La direction vérifie et répond par écrit, avec le service juridique\u00a0: rien ne part d’ici.",
    ),
    (
        intended(person="many"),
        "Une liste ne se communique pas\u00a0: chaque communication concerne une seule personne.",
    ),
    (
        intended(RESCUE, also=["by_telephone"]),
        "Rappelez d’abord par le numéro officiel\u00a0: un appel ne prouve pas qui appelle.",
    ),
    (
        intended(recipient="police", purpose="suivi_medico_social", also=["by_telephone"]),
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
    (
        intended(purpose="curiosite"),
        "Vouloir savoir ne suffit pas\u00a0: le SSIAD n’a pas à connaître le retentissement des soins.",
    ),
    (intended(recipient="bailleur"), "Pour cela, le bailleur n’a pas à connaître le retentissement des soins."),
    (
        intended(circumstances=["same_care"]),
        "En l’état, rien ne permet de faire connaître le retentissement des soins au SSIAD.",
    ),
    (
        intended(purpose="flux_automatique"),
        "Rien ne part de façon automatique\u00a0: chaque communication concerne une seule personne.",
    ),
    (
        intended(purpose="curiosite", categories=["fait_du_suivi"]),
        "On ne confirme ni n’infirme qu’une personne est suivie\u00a0: c’est déjà un secret.",
    ),
    (
        intended(REQUISITION, circumstances=[]),
        "Une demande d’autorité se fait par écrit, à la direction\u00a0: à l’oral, on ne confirme ni n’infirme rien.",
    ),
    (
        intended(REQUISITION, sender="educateur_chrs"),
        "On ne répond pas seul à une autorité\u00a0: la direction répond, par écrit, avec le service juridique.",
    ),
    (
        intended(
            REQUISITION,
            recipient="commissaire_justice",
            purpose="execution_titre",
            categories=["ressources_budget"],
            circumstances=["written", "enforceable_title"],
        ),
        "Le commissaire de justice n’a pas à connaître le budget\u00a0: la direction répond, avec le service juridique.",
    ),
    (
        intended(person="minor_8", also=["person_objects"]),
        "Le SSIAD n’a pas à connaître le retentissement des soins\u00a0: une opposition est enregistrée.",
    ),
    (
        intended(ON_AGREEMENT, item={"limited": True}),
        "La CAF n’a pas à connaître la situation administrative\u00a0: le partage en est limité.",
    ),
    (
        intended(SCHOOL_TEAM, consent="refused"),
        "L’équipe de suivi de la scolarisation n’a pas à connaître les besoins scolaires\u00a0: les parents ont refusé.",
    ),
    (
        intended(ON_AGREEMENT, consent="refused"),
        "La CAF n’a pas à connaître la situation administrative\u00a0: la personne a refusé.",
    ),
    (
        intended(
            sender="infirmier_hopital",
            recipient="procureur",
            purpose="signaler_sevices",
            categories=["violences"],
            consent="refused",
        ),
        "En l’état, rien ne permet de faire connaître les violences au procureur\u00a0: la personne a refusé.",
    ),
    (
        intended(item={"depositary": False}),
        "La personne à qui l’information a été confiée décide seule de la communiquer, ou non.",
    ),
    (
        intended(CONCERN_REPORT, also=["hearsay"]),
        "Une rumeur ne se communique pas\u00a0: dites seulement ce que vous avez constaté ou entendu vous-même.",
    ),
    (
        intended(CONCERN_REPORT, also=["argument_for_her_own_good"]),
        "Cet argument ne suffit pas à lui seul\u00a0: dites des faits, ou les mots de la personne.",
    ),
    (
        intended(recipient="resad_groupe", purpose="consultation_deidentifiee", circumstances=["nominative"]),
        "Une consultation se tient sans nom\u00a0: retirez ce qui fait reconnaître la personne.",
    ),
    (
        intended(TO_PARENTS, also=["minor_health_secrecy"]),
        "Les parents n’ont pas à connaître l’appréciation sociale\u00a0: la loi en garde le secret à l’enfant.",
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
        "Pour cela, ce destinataire n’a pas à connaître cette information.",
    ),
    (
        intended(categories=[], purpose="curiosite"),
        "Vouloir savoir ne suffit pas\u00a0: le SSIAD n’a pas à connaître ce qui est demandé.",
    ),
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


REMAINS = [
    (
        intended(circumstances=["same_care"]),
        "Le SSIAD ne peut pas encore connaître le retentissement des soins\u00a0: "
        "il reste à désigner nommément le destinataire.",
    ),
    (
        intended(TO_MAYOR, circumstances=["both_work_with_person"]),
        "Le maire ne peut pas encore connaître le budget\u00a0: "
        "il reste à faire désigner un coordonnateur, puis à demander l’avis d’un cadre.",
    ),
    (
        intended(TO_PARENTS, categories=["logement"], also=["hypothesis_unlabelled"]),
        "Les parents ne peuvent pas encore connaître le logement\u00a0: "
        "il reste à présenter l’hypothèse comme une hypothèse.",
    ),
    (
        intended(informed="not_done", circumstances=["named_recipient"]),
        "Le SSIAD ne peut pas encore connaître le retentissement des soins\u00a0: il reste à informer d’abord la "
        "personne et consigner que ce destinataire participe à la prise en charge.",
    ),
    (
        intended(
            sender="cesf_departement",
            recipient="maire_et_pcd",
            purpose="as_alerte_coordination",
            categories=["ressources_budget"],
            circumstances=["worsening", "several_professionals_needed"],
        ),
        "Le maire et le département peuvent connaître le besoin de coordination. Le budget reste ici.",
    ),
    (
        intended(sender="referent_rsa", recipient="equipe_pluri_rsa", purpose="insertion_rsa", circumstances=[]),
        "L’équipe pluridisciplinaire RSA peut connaître le parcours d’insertion. Le retentissement des soins reste ici.",
    ),
    (
        intended(
            SCHOOL_TEAM, recipient="enseignant", categories=["sante_diagnostic"], consent="none", circumstances=[]
        ),
        "L’école peut connaître les consignes pratiques si les parents sont d’accord. Le diagnostic reste ici.",
    ),
    (
        intended(
            SCHOOL_TEAM,
            recipient="enseignant",
            categories=["sante_diagnostic", "parole_enfant"],
            consent="none",
            circumstances=[],
        ),
        "L’école peut connaître les consignes pratiques si les parents sont d’accord. "
        "Le diagnostic et la parole de l’enfant restent ici.",
    ),
    (
        intended(CONCERN_REPORT, also=["argument_for_her_own_good"]),
        "Cet argument ne suffit pas à lui seul\u00a0: dites des faits, ou les mots de la personne.",
    ),
    (
        intended(CHILD_EVALUATION, recipient="enseignant", purpose="pe_actions", also=["hypothesis_unlabelled"]),
        "Pour cela, l’école n’a pas à connaître l’appréciation sociale.",
    ),
    (
        intended(SCHOOL_TEAM, circumstances=["forum_ess"]),
        "L’équipe de suivi de la scolarisation pourrait connaître les besoins scolaires, après l’avis d’un cadre.",
    ),
]


@pytest.mark.parametrize(("facts", "said"), REMAINS, ids=[said for _facts, said in REMAINS])
def test_what_remains_to_be_done_is_said_in_the_same_breath(facts: Facts, said: str) -> None:
    assert decide(facts, paths=True).say == said


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
