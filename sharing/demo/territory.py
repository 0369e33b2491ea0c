"""The invented département: its institutions, the people at work in them, and the agreements that link them.

A territory is twelve institutions around one commune. The demonstration has one, Vallières; a larger loading has as many as
its cases need, made on the same plan with other people (`crowd`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from partners.models import Agreement, AgreementParty, Institution, Membership, Professional
from partners.vocabulary import vocabulary

from .calendar import Calendar
from .people import CLSPD_POSTS, DOMAINS, POSTS, SECOND_POST, Post, address, slug

DEPARTEMENT = "Val-de-Sauve"
COMMUNE = "Vallières"


@dataclass(frozen=True, slots=True)
class House:
    """An institution of the plan; `{commune}` stands for the commune of the territory."""

    key: str
    name: str
    kind: str
    mission: str


INSTITUTIONS: tuple[House, ...] = (
    House(
        "mds",
        "Maison des solidarités de {commune}",
        "Service social départemental de secteur",
        "Accueil, accompagnement social de toute personne du secteur, protection maternelle et infantile.",
    ),
    House(
        "ccas",
        "CCAS de {commune}",
        "Centre communal d’action sociale",
        "Aide sociale légale et facultative, domiciliation, soins infirmiers à domicile.",
    ),
    House(
        "ecole",
        "École Jean-Macé",
        "École élémentaire publique",
        "Onze classes du CP au CM2 et une unité localisée pour l’inclusion scolaire.",
    ),
    House(
        "sante_scolaire",
        "Éducation nationale – santé et service social de {commune}",
        "Service de santé scolaire et service social en faveur des élèves",
        "Suivi de santé des élèves, service social, psychologues de l’Éducation nationale.",
    ),
    House(
        "cmpp",
        "CMPP de {commune}",
        "Centre médico-psycho-pédagogique",
        "Consultations et soins ambulatoires pour les enfants et les adolescents, de 3 à 18 ans.",
    ),
    House(
        "departement",
        "Département du Val-de-Sauve",
        "Aide sociale à l’enfance, CRIP, instruction de la CCAPEX",
        "Protection de l’enfance, recueil des informations préoccupantes, prévention des expulsions.",
    ),
    House(
        "passerelle",
        "La Passerelle de {commune}",
        "Association habilitée : AEMO et MECS",
        "Assistance éducative en milieu ouvert et maison d’enfants à caractère social, sur décision du juge ou du "
        "département.",
    ),
    House(
        "habitat",
        "Habitat {commune}",
        "Bailleur social",
        "Location de 2 400 logements sociaux, accompagnement des locataires.",
    ),
    House(
        "caf",
        "CAF du Val-de-Sauve",
        "Caisse d’allocations familiales",
        "Prestations familiales, aides au logement, RSA et prime d’activité.",
    ),
    House(
        "mission_locale",
        "Mission locale de {commune}",
        "Mission locale pour l’insertion des jeunes",
        "Accompagnement vers l’emploi et la formation des jeunes de 16 à 25 ans.",
    ),
    House(
        "hopital",
        "Centre hospitalier de {commune}",
        "Hôpital, et dispositif d’appui à la coordination",
        "Médecine, gériatrie, service social hospitalier ; porte le dispositif d’appui à la coordination (DAC).",
    ),
    House(
        "gue",
        "Le Gué de {commune}",
        "Association : SAVS, CHRS et SIAO",
        "Accompagnement à la vie sociale, hébergement et réinsertion, orientation vers l’hébergement.",
    ),
)

_DAILY_LIFE = ("identite", "coordonnees", "composition_familiale", "situation_admin")
_HOME = ("identite", "coordonnees", "composition_familiale", "logement")
_HELP = (*_DAILY_LIFE, "ressources_budget", "logement", "emploi_insertion", "projet_souhaits", "besoin_coordination")
_CLASSROOM = ("consigne_pratique", "besoins_scolaires", "coordonnees")


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention:
    """An agreement of the plan: parties (keys), and its days counted from today (negative: before)."""

    number: str
    title: str
    parties: tuple[str, ...]
    purposes: tuple[str, ...]
    categories: tuple[str, ...]
    kind: str = Agreement.Kind.VOLUNTARY
    starts_in: int
    ends_in: int
    unsigned: tuple[str, ...] = ()
    suspended_days_ago: int = 0
    everywhere: bool = True  # also in the other territories of a larger loading


_ORDINARY = ("acces_droits", "demarche_demandee")
CONVENTIONS: tuple[Convention, ...] = (
    Convention(
        number="12",
        title="Scolarité et accès aux droits des élèves accompagnés",
        parties=("mds", "ecole"),
        purposes=("scolarite", *_ORDINARY),
        categories=_CLASSROOM,
        starts_in=-447,
        ends_in=283,
    ),
    Convention(
        number="5",
        title="Ouverture et maintien des droits",
        parties=("mds", "caf"),
        purposes=_ORDINARY,
        categories=(*_DAILY_LIFE, "ressources_budget", "logement"),
        starts_in=-320,
        ends_in=410,
    ),
    Convention(
        number="7",
        title="Accompagnement social et aides facultatives",
        parties=("mds", "ccas"),
        purposes=_ORDINARY,
        categories=_HELP,
        starts_in=-510,
        ends_in=220,
    ),
    Convention(
        number="9",
        title="Accès et maintien dans le logement",
        parties=("mds", "habitat"),
        purposes=_ORDINARY,
        categories=_HOME,
        starts_in=-347,
        ends_in=18,  # to be renewed within the month
    ),
    Convention(
        number="10",
        title="Parcours d’insertion des jeunes",
        parties=("mds", "mission_locale"),
        purposes=_ORDINARY,
        categories=("identite", "coordonnees", "emploi_insertion", "projet_souhaits", "logement", "situation_admin"),
        starts_in=-390,
        ends_in=470,
    ),
    Convention(
        number="14",
        title="Accompagnement des enfants suivis au CMPP",
        parties=("mds", "cmpp"),
        purposes=("suivi_medico_social", "pe_evaluer", "scolarite"),
        categories=("sante_fonctionnel", "besoins_scolaires", "consigne_pratique", "composition_familiale"),
        starts_in=-400,
        ends_in=330,
    ),
    Convention(
        number="15",
        title="Santé et vie sociale des élèves",
        parties=("mds", "sante_scolaire"),
        purposes=("suivi_medico_social", "prevention", "pe_evaluer", "pe_actions"),
        categories=(
            "sante_fonctionnel",
            "besoins_scolaires",
            "consigne_pratique",
            "composition_familiale",
            "appreciation_sociale",
        ),
        starts_in=-430,
        ends_in=530,
    ),
    Convention(
        number="16",
        title="Équipes de suivi de la scolarisation de l’école Jean-Macé",
        parties=("ecole", "sante_scolaire", "cmpp", "mds"),
        purposes=("scolarite",),
        categories=("consigne_pratique", "besoins_scolaires", "sante_fonctionnel"),
        kind=Agreement.Kind.FORUM,
        starts_in=-447,
        ends_in=283,
    ),
    Convention(
        number="18",
        title="Hébergement et orientation (SIAO)",
        parties=("mds", "gue"),
        purposes=("hebergement_orientation", *_ORDINARY),
        categories=(*_HELP, "sante_fonctionnel"),
        kind=Agreement.Kind.STATUTORY,
        starts_in=-610,
        ends_in=485,
    ),
    Convention(
        number="21",
        title="Coordination autour des personnes en situation de handicap",
        parties=("gue", "hopital"),
        purposes=("prise_en_charge", "suivi_medico_social", "coord_soins"),
        categories=("sante_fonctionnel", "besoin_coordination", "projet_souhaits", "coordonnees"),
        starts_in=-350,
        ends_in=580,
    ),
    Convention(
        number="22",
        title="Sorties d’hospitalisation",
        parties=("hopital", "ccas"),
        purposes=("coord_soins", "suivi_medico_social", *_ORDINARY),
        categories=("sante_fonctionnel", "coordonnees", "besoin_coordination", "consigne_pratique", "logement"),
        starts_in=-460,
        ends_in=270,
    ),
    Convention(
        number="23",
        title="Aides facultatives et prestations familiales",
        parties=("ccas", "caf"),
        purposes=_ORDINARY,
        categories=(*_DAILY_LIFE, "ressources_budget"),
        starts_in=-545,
        ends_in=185,
    ),
    Convention(
        number="26",
        title="Protection de l’enfance et vie scolaire",
        parties=("passerelle", "departement", "sante_scolaire"),
        purposes=("pe_evaluer", "pe_actions"),
        categories=("mesure_protection_enfance", "besoins_scolaires", "consigne_pratique", "appreciation_sociale"),
        kind=Agreement.Kind.STATUTORY,
        starts_in=-380,
        ends_in=350,
    ),
    Convention(
        number="27",
        title="Observations croisées du CMPP et des psychologues de l’Éducation nationale",
        parties=("cmpp", "sante_scolaire"),
        purposes=("suivi_medico_social", "prevention"),
        categories=("sante_fonctionnel", "besoins_scolaires"),
        starts_in=-330,
        ends_in=400,
    ),
    Convention(
        number="3",
        title="Domiciliation et logement temporaire",
        parties=("ccas", "habitat"),
        purposes=_ORDINARY,
        categories=_HOME,
        starts_in=-770,
        ends_in=-40,  # over, not renewed
        everywhere=False,
    ),
    Convention(
        number="24",
        title="Aménagements de la scolarité des enfants suivis au CMPP",
        parties=("cmpp", "ecole"),
        purposes=("scolarite",),
        categories=("consigne_pratique", "besoins_scolaires"),
        starts_in=-30,
        ends_in=700,
        unsigned=("ecole",),
        everywhere=False,
    ),
    Convention(
        number="11",
        title="Garantie jeunes et prestations",
        parties=("mission_locale", "caf"),
        purposes=("acces_droits",),
        categories=("situation_admin", "ressources_budget", "emploi_insertion"),
        starts_in=-420,
        ends_in=310,
        suspended_days_ago=25,
        everywhere=False,
    ),
)


@dataclass(slots=True)
class Territory:
    """What was made of the plan around one commune."""

    commune: str
    institutions: dict[str, Institution] = field(default_factory=dict)
    professionals: list[Professional] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)  # beside `memberships`, one for one
    agreements: list[tuple[Agreement, list[AgreementParty]]] = field(default_factory=list)

    def first(self, role: str) -> Membership:
        """Whoever holds this role here; raises StopIteration where nobody does, which the plan excludes."""
        return next(one for one in self.memberships if one.role == role)

    def lead_of(self, member: Membership) -> Membership:
        """The head of the same service, who assigns its cases; herself where there is none."""
        heads = (m for m in self.memberships if m.institution_id == member.institution_id and m.role == "chef_service")
        return next(heads, member)

    def referents(self) -> list[tuple[Membership, int]]:
        """Those who follow cases, each with the share that the plan gives her."""
        return [(m, post.caseload) for m, post in zip(self.memberships, self.posts, strict=True) if post.caseload]


def make(
    *,
    commune: str,
    code: str,
    calendar: Calendar,
    password: str,
    people: Iterable[Post] = (*POSTS, SECOND_POST, *CLSPD_POSTS),
    phone: Callable[[], str],
    conventions: Iterable[Convention] = CONVENTIONS,
) -> Territory:
    """Make, without saving, the institutions, people and agreements of one territory.

    `password` is already hashed; `code` ends the numbers of agreements where the territory is not the first.
    """
    made = Territory(commune=commune)
    place = slug(commune)
    domains = DOMAINS if not code else {house.key: f"{slug(house.key)}.{place}.example" for house in INSTITUTIONS}
    for house in INSTITUTIONS:
        made.institutions[house.key] = Institution(
            name=house.name.format(commune=commune)
            + (f" – {commune}" if code and "{commune}" not in house.name else ""),
            kind=house.kind,
            mission=house.mission,
            city=commune,
            territory=f"{DEPARTEMENT}, secteur de {commune}",
            email=f"contact@{domains[house.key]}",
            phone=phone(),
            dpo_contact=f"dpo@{domains[house.key]}",
            verified_on=calendar.day(40),
        )
    known: dict[str, Professional] = {}
    for post in people:
        email = address(post, domains)
        who = known.get(email)
        if who is None:
            who = known[email] = Professional(
                email=email,
                title=post.title,
                first_name=post.first_name,
                last_name=post.last_name,
                phone=phone(),
                password=password,
                joined_at=calendar.at(700, 9),
            )
            made.professionals.append(who)
        made.memberships.append(_membership(post, who, made.institutions[post.where], calendar))
        made.posts.append(post)
    for convention in conventions:
        if not code or convention.everywhere:
            made.agreements.append(_agreement(convention, made, code, calendar))
    return made


def _membership(post: Post, who: Professional, where: Institution, calendar: Calendar) -> Membership:
    role = vocabulary().roles[post.role]
    proof = role.proof or post.proof
    return Membership(
        professional=who,
        institution=where,
        role=role.code,
        job_title=post.job,
        secrecy_status=role.bound,
        secrecy_proof=proof,
        secrecy_verified_on=calendar.day(120) if proof else None,
        functions=list(post.functions),
        receives_for_service=post.for_service,
        starts_at=calendar.at(690, 9),
    )


def _agreement(
    convention: Convention, made: Territory, code: str, calendar: Calendar
) -> tuple[Agreement, list[AgreementParty]]:
    agreement = Agreement(
        number=f"{convention.number}-{code}" if code else convention.number,
        title=convention.title,
        kind=convention.kind,
        purposes=list(convention.purposes),
        categories=list(convention.categories),
        starts_on=calendar.day(-convention.starts_in),
        ends_on=calendar.day(-convention.ends_in),
        suspended_at=calendar.at(convention.suspended_days_ago, 17) if convention.suspended_days_ago else None,
    )
    parties = [
        AgreementParty(
            agreement=agreement,
            institution=made.institutions[key],
            signed_on=None if key in convention.unsigned else agreement.starts_on - timedelta(days=9),
            signed_by="" if key in convention.unsigned else "La direction",
        )
        for key in convention.parties
    ]
    return agreement, parties
