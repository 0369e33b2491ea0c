"""The case of the guided way: M. B., nine years old, followed by Camille Roussel; the school has no agreement yet.

He is also followed at the CMPP, by Sofia Marchetti: two cases, two institutions, one person.
"""

from dataclasses import replace

from cases.models import Involvement, Person, Representative
from partners.models import Membership

from .children import CMPP_CHILD
from .courses import Course
from .situations import Situation, Tools, add_item, communicate, live, open_situation, record_involvement
from .story import AGREEMENT, Line, Passing, Story
from .words import Heard

REFERENCE_NUMBER = 143
FIRST_NAME, LAST_NAME, AGE = "Malo", "Berthier", 9
MOTHER = ("Mme", "Claire", "Berthier")
FATHER = ("M.", "Julien", "Berthier")
OPENED_DAYS_AGO = 262
SEEN_DAYS_AGO = (75, 0, 68, 61, 33, 214, 82, 21)  # of each statement; the report has its own date
INFORMED_DAYS_AGO = 7
ABSENCES, LANGUAGE_REPORT = "Absences du mardi après-midi", "Bilan de langage du 3 octobre"

MALO = Story(
    key="malo",
    domain="handicap",
    by=("ass_secteur",),
    ages=(AGE, AGE),
    gender="m",
    reason="Demande des parents, orientés par le médecin scolaire",
    lines=(
        Line(
            label=ABSENCES,
            text=(
                "Malo sera absent le mardi de 13 h 30 à 16 h 30, pour des rendez-vous réguliers, jusqu’aux vacances "
                "de printemps. Sa mère vient le chercher à 13 h 20 ; il ne revient pas en classe ce jour-là."
            ),
            category="consigne_pratique",
            provenance="document",
            detail="Planning de rendez-vous remis par Mme Berthier",
        ),
        Line(
            label=LANGUAGE_REPORT,
            text=(
                "Bilan de langage oral et écrit fait au CMPP, remis par les parents et lu avec eux. Il conclut à un "
                "trouble du langage et propose une séance par semaine pendant un an."
            ),
            category="sante_diagnostic",
            nature="document",
            provenance="document",
            detail="Bilan remis par les parents",
        ),
        Line(
            label="Fatigue du mardi soir",
            text=(
                "M. et Mme Berthier disent : « Le mardi il s’endort avant le repas, et le mercredi il lui faut la "
                "matinée pour s’en remettre. »"
            ),
            category="sante_fonctionnel",
            nature="propos_tiers",
            provenance="family",
            detail="Entretien avec les deux parents",
        ),
        Line(
            label="Ce qui l’aide en classe",
            text=(
                "Une consigne à la fois, dite puis écrite ; pouvoir répondre à l’oral ; ne pas lire à voix haute "
                "sans l’avoir préparé. Ses parents l’ont vu marcher l’an dernier."
            ),
            category="besoins_scolaires",
            provenance="family",
            detail="Entretien avec les deux parents",
        ),
        Line(
            label="Ce qu’il en dit",
            text=(
                "« Je veux bien que le maître sache que je pars le mardi. Mais pas pourquoi, c’est à moi de le dire. »"
            ),
            category="parole_enfant",
            nature="propos_personne",
            provenance="person",
        ),
        Line(
            label="Logement trop petit",
            text=(
                "Trois pièces pour cinq rue du Lavoir ; Malo fait ses devoirs dans la cuisine. Demande de mutation "
                "déposée au printemps."
            ),
            category="logement",
            provenance="observed",
        ),
        Line(
            label="Frais de transport",
            text=(
                "Les trajets du mardi coûtent 64 € par mois ; le remboursement a été demandé, la réponse est attendue."
            ),
            category="ressources_budget",
            nature="document",
            provenance="document",
            detail="Justificatifs remis par les parents",
        ),
        Line(
            label="Hypothèse sur la fatigue",
            text=(
                "Hypothèse : le trajet de quarante minutes pèse autant que la séance. À vérifier avec les parents "
                "pendant les vacances, quand la tante accompagnera Malo en voiture."
            ),
            category="appreciation_sociale",
            nature="hypothese",
        ),
    ),
    passings=(),
)

# What was communicated before the guided way begins: one read, one taken back; nothing to the school.
TO_THE_CCAS = Passing(
    to="cesf_ccas",
    purpose="acces_droits",
    items=((6, "L’aide au transport se calcule sur ces frais."),),
    benefit="Une aide au transport en attendant le remboursement.",
    asks=AGREEMENT,
)
TO_THE_LANDLORD = Passing(
    to="bailleur",
    purpose="demarche_demandee",
    items=((5, "Le bailleur instruit la demande de mutation."),),
    benefit="Un logement plus grand, sans changer d’école.",
    asks=AGREEMENT,
)
READ = Course(key="read", word="given", said=64, lasts=176, form="written", sent=62, opened_after=22, acknowledged=True)
TAKEN_BACK = Course(
    key="withdrawn", word="given", said=176, lasts=180, sent=173, opened_after=45, acknowledged=True, withdrawn=81
)
SCHOOL_DOCTOR_KNOWS_DAYS_AGO = 54


def open_at_the_mds(tools: Tools, *, referent: Membership, reference: str) -> Situation:
    """Camille's case, with the parents told a week ago of what the school would know."""
    born = tools.calendar.years_before(AGE).replace(day=1)
    person = Person(
        first_name=FIRST_NAME,
        last_name=LAST_NAME,
        birth_date=born,
        created_at=tools.calendar.at(OPENED_DAYS_AGO, 9),
    )
    parents = [
        Representative(
            person=person,
            kind=kind,
            title=title,
            first_name=first_name,
            last_name=last_name,
            holds_parental_authority=True,
            phone=phone,
        )
        for kind, (title, first_name, last_name), phone in (
            (Representative.Kind.MOTHER, MOTHER, "06 39 98 14 32"),
            (Representative.Kind.FATHER, FATHER, "06 39 98 02 61"),
        )
    ]
    tools.batch.add(person, *parents)
    malo = open_situation(
        tools,
        story=MALO,
        referent=referent,
        reference=reference,
        days_ago=OPENED_DAYS_AGO,
        index=0,
        person=person,
        parents=parents,
    )
    write_down(tools, malo)
    communicate(tools, malo, TO_THE_LANDLORD, TAKEN_BACK)
    communicate(tools, malo, TO_THE_CCAS, READ)
    record_involvement(
        tools, malo, tools.territory.first("medecin_scolaire"), Involvement.Kind.CARE, SCHOOL_DOCTOR_KNOWS_DAYS_AGO
    )
    tell_parents(
        tools, malo, "medecin_scolaire", "suivi_medico_social", "sante_fonctionnel", SCHOOL_DOCTOR_KNOWS_DAYS_AGO
    )
    tell_parents(tools, malo, "directeur_ecole", "scolarite", "consigne_pratique", INFORMED_DAYS_AGO)
    return malo


def write_down(tools: Tools, malo: Situation) -> None:
    """The eight statements, all written; the report bears the date of its title."""
    for line, days_ago in zip(MALO.lines, SEEN_DAYS_AGO, strict=True):
        if line.label == LANGUAGE_REPORT:
            report_on = tools.calendar.third_of_october()
            since = (tools.calendar.today - report_on).days
            item = add_item(tools, malo, line, days_ago=min(max(since - 2, 1), OPENED_DAYS_AGO - 10))
            item.observed_on = report_on
        else:
            item = add_item(tools, malo, line, days_ago=days_ago)
        malo.items.append(item)


def tell_parents(tools: Tools, malo: Situation, role: str, purpose: str, category: str, days_ago: int) -> None:
    """The parents are told what this recipient would know; they are not asked yet."""
    heard = Heard(
        batch=tools.batch,
        rng=tools.rng,
        notice=tools.notice,
        information=tools.information,
        case=malo.case,
        recipient=tools.territory.first(role),
        purpose=purpose,
        categories=[category],
        speaker=malo.parents[0],
        by=malo.referent,
    )
    heard.is_told(at=tools.calendar.at(days_ago, 17, 10), form="in_person", child_heard=True)


def open_at_the_cmpp(
    tools: Tools, *, malo: Situation, referent: Membership, reference: str, days_ago: int
) -> Situation:
    """Sofia's case for the same child; only the school psychologist was told of it."""
    story = replace(CMPP_CHILD, passings=CMPP_CHILD.passings[:1])
    case = open_situation(
        tools,
        story=story,
        referent=referent,
        reference=reference,
        days_ago=days_ago,
        index=0,
        person=malo.case.person,
        parents=malo.parents,
    )
    live(tools, case, index=0, passings=1)
    return case
