"""Who works in the demonstration territory: thirty invented professionals, and the names of invented persons.

Addresses end in `.example` (RFC 2606), telephone numbers are of the ranges that Arcep keeps for fiction
(05 36 49 and 06 39 98): nothing here can reach anybody. The emergency numbers of `authorities` are those that everybody knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

# One password for every demonstration account; it is printed by `make run` and refused in production.
PASSWORD = "vallieres-demonstration"  # noqa: S105


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A professional at work: who, where (a key of `territory.INSTITUTIONS`), in which role, with which functions."""

    where: str
    role: str
    job: str
    first_name: str
    last_name: str
    title: str = "Mme"
    functions: tuple[str, ...] = ()
    proof: str = ""  # where the rulebook's role names no text
    for_service: bool = False  # receives for the whole service, not in her own name
    caseload: int = 0  # her share of a territory's cases; 0: follows none


# Domains of the named institutions, by key; those of other territories are made from their commune.
DOMAINS = {
    "mds": "vallieres.example",
    "ccas": "ccas-vallieres.example",
    "ecole": "jean-mace.example",
    "sante_scolaire": "sante-scolaire-vallieres.example",
    "cmpp": "cmpp-vallieres.example",
    "departement": "val-de-sauve.example",
    "passerelle": "la-passerelle.example",
    "habitat": "habitat-vallieres.example",
    "caf": "caf-val-de-sauve.example",
    "mission_locale": "mission-locale-vallieres.example",
    "hopital": "hopital-vallieres.example",
    "gue": "le-gue.example",
}


def slug(name: str) -> str:
    """« Éric Le Goff » → `eric-le-goff`, for an address."""
    plain = name.lower().translate(str.maketrans("àâäçéèêëîïôöùûü’' ", "aaaceeeeiioouuu---"))
    return "".join(letter for letter in plain if letter.isalnum() or letter == "-")


def address(post: Post, domains: Mapping[str, str] = DOMAINS) -> str:
    """`helene.lantier@jean-mace.example`."""
    return f"{slug(post.first_name)}.{slug(post.last_name)}@{domains[post.where]}"


# In the order in which the guided way and the tests meet them.
POSTS: tuple[Post, ...] = (
    Post(
        where="mds",
        role="ass_secteur",
        job="assistante sociale",
        first_name="Camille",
        last_name="Roussel",
        caseload=20,
    ),
    Post(
        where="mds",
        role="chef_service",
        job="cheffe de service",
        first_name="Nadia",
        last_name="Benali",
        functions=("team_lead", "reviewer"),
    ),
    Post(
        where="mds",
        role="ass_secteur",
        job="assistant social",
        first_name="Thomas",
        last_name="Vasseur",
        title="M.",
        caseload=6,
    ),
    Post(
        where="mds",
        role="cesf_departement",
        job="conseillère en économie sociale familiale",
        first_name="Inès",
        last_name="Cardoso",
        caseload=3,
    ),
    Post(where="mds", role="puericultrice_pmi", job="puéricultrice de PMI", first_name="Marion", last_name="Delcourt"),
    Post(
        where="ccas",
        role="cesf_ccas",
        job="conseillère en économie sociale familiale",
        first_name="Brigitte",
        last_name="Fontanel",
        caseload=2,
        functions=("directory_admin",),
    ),
    Post(
        where="ccas",
        role="infirmier_ssiad",
        job="infirmier du SSIAD",
        first_name="Éric",
        last_name="Maurel",
        title="M.",
    ),
    Post(
        where="ecole",
        role="directeur_ecole",
        job="directrice",
        first_name="Hélène",
        last_name="Lantier",
        functions=("directory_admin",),
    ),
    Post(
        where="ecole",
        role="enseignant",
        job="enseignant en CM1",
        first_name="Paul",
        last_name="Perrin",
        title="M.",
    ),
    Post(where="ecole", role="ess_membre", job="enseignante référente", first_name="Lucie", last_name="Bonnard"),
    Post(
        where="sante_scolaire",
        role="medecin_scolaire",
        job="médecin scolaire",
        first_name="Louise",
        last_name="Aubin",
        title="Dr",
    ),
    Post(
        where="sante_scolaire",
        role="ass_scolaire",
        job="assistante sociale scolaire",
        first_name="Aurélie",
        last_name="Tessier",
        functions=("directory_admin",),
    ),
    Post(
        where="sante_scolaire",
        role="psyen",
        job="psychologue de l’Éducation nationale",
        first_name="Benoît",
        last_name="Charpentier",
        title="M.",
    ),
    Post(
        where="cmpp", role="psychologue_cmpp", job="psychologue", first_name="Sofia", last_name="Marchetti", caseload=3
    ),
    Post(
        where="cmpp",
        role="secretaire_cmpp",
        job="secrétaire",
        first_name="Delphine",
        last_name="Roche",
        functions=("directory_admin",),
    ),
    Post(
        where="departement",
        role="institution",
        job="auditeur interne",
        first_name="Yann",
        last_name="Le Goff",
        title="M.",
        functions=("auditor",),
        proof="Lettre de mission du directeur général des services",
    ),
    Post(
        where="departement",
        role="responsable_traitement",
        job="déléguée à la protection des données",
        first_name="Claire",
        last_name="Morvan",
        functions=("dpo",),
    ),
    Post(
        where="departement",
        role="crip",
        job="responsable de la CRIP",
        first_name="Sandrine",
        last_name="Oudin",
        functions=("directory_admin",),
        for_service=True,
    ),
    Post(
        where="departement",
        role="referent_ase",
        job="référent ASE",
        first_name="Mathieu",
        last_name="Garrec",
        title="M.",
        caseload=1,
    ),
    Post(
        where="departement",
        role="ccapex_instructeur",
        job="chargée d’instruction de la CCAPEX",
        first_name="Véronique",
        last_name="Salles",
        for_service=True,
    ),
    Post(
        where="passerelle",
        role="educateur_aemo",
        job="éducatrice en AEMO",
        first_name="Élodie",
        last_name="Carrière",
        caseload=3,
        functions=("directory_admin",),
    ),
    Post(
        where="passerelle",
        role="educateur_mecs",
        job="éducateur de MECS",
        first_name="Samir",
        last_name="Belkacem",
        title="M.",
        caseload=1,
    ),
    Post(
        where="habitat",
        role="bailleur",
        job="conseillère sociale du bailleur",
        first_name="Patricia",
        last_name="Noguès",
        functions=("directory_admin",),
    ),
    Post(
        where="caf",
        role="caf_conseiller",
        job="conseiller aux allocataires",
        first_name="Julien",
        last_name="Astier",
        title="M.",
        functions=("directory_admin",),
    ),
    Post(
        where="mission_locale",
        role="conseiller_mission_locale",
        job="conseillère en insertion",
        first_name="Fatou",
        last_name="Diarra",
        functions=("directory_admin",),
    ),
    Post(
        where="hopital",
        role="ass_hopital",
        job="assistante sociale hospitalière",
        first_name="Agnès",
        last_name="Lemoine",
        caseload=2,
    ),
    Post(
        where="hopital",
        role="dac",
        job="coordinatrice du DAC",
        first_name="Sylvie",
        last_name="Pagès",
        functions=("directory_admin",),
    ),
    Post(
        where="gue",
        role="educateur_savs",
        job="éducateur de SAVS",
        first_name="Romain",
        last_name="Jaubert",
        title="M.",
        caseload=2,
    ),
    Post(
        where="gue",
        role="educateur_chrs",
        job="éducatrice de CHRS",
        first_name="Coralie",
        last_name="Mercadier",
        caseload=2,
    ),
    Post(
        where="gue",
        role="siao",
        job="coordinatrice du SIAO",
        first_name="Nathalie",
        last_name="Brunel",
        for_service=True,
        functions=("directory_admin",),
    ),
)

# Mme Lantier also sits in the school's follow-up team, bound there as its member (C. éduc. D351-11).
SECOND_POST = Post(
    where="ecole",
    role="ess_membre",
    job="membre de l’équipe de suivi de la scolarisation",
    first_name="Hélène",
    last_name="Lantier",
)

# Two who sit in the CLSPD's group, held to discretion by its internal rules (CSI L132-5).
CLSPD_POSTS = (
    Post(
        where="habitat",
        role="clspd_groupe",
        job="membre du groupe « tranquillité résidentielle » du CLSPD",
        first_name="Patricia",
        last_name="Noguès",
    ),
    Post(
        where="mission_locale",
        role="clspd_groupe",
        job="membre du groupe « tranquillité résidentielle » du CLSPD",
        first_name="Fatou",
        last_name="Diarra",
    ),
)

WOMEN_BORN_LATE = (
    "Adèle", "Amina", "Anaïs", "Awa", "Capucine", "Célia", "Chloé", "Clara", "Elsa", "Flora", "Hanna", "Inaya", "Jade", "Jeanne",
    "Laura", "Léna", "Lina", "Louane", "Maëlle", "Margot", "Mila", "Nora", "Océane", "Rose", "Salomé", "Soline", "Yasmine",
)  # fmt: skip
WOMEN_BORN_EARLY = (
    "Aline", "Aurore", "Colette", "Danièle", "Émilie", "Farida", "Geneviève", "Gisèle", "Huguette", "Josiane", "Karima", "Lucile",
    "Marthe", "Monique", "Ophélie", "Paulette", "Renée", "Suzanne", "Yvette",
)  # fmt: skip
MEN_BORN_LATE = (
    "Adam", "Adrien", "Amadou", "Arthur", "Bastien", "Bilal", "Dylan", "Eliott", "Enzo", "Gabin", "Hugo", "Ibrahim", "Ismaël",
    "Jonas", "Kevin", "Léo", "Lucas", "Marius", "Mehdi", "Nathan", "Noé", "Oscar", "Quentin", "Raphaël", "Robin", "Sacha", "Théo",
    "Tiago", "Yanis", "Youssef", "Zacharie",
)  # fmt: skip
MEN_BORN_EARLY = (
    "Alain", "Antoine", "Cédric", "Christophe", "Claude", "Denis", "Fabrice", "Gérard", "Guy", "Jacques", "Marcel", "Michel",
    "Olivier", "René", "Robert", "Serge", "Victor",
)  # fmt: skip
WOMEN = (*WOMEN_BORN_LATE, *WOMEN_BORN_EARLY)
MEN = (*MEN_BORN_LATE, *MEN_BORN_EARLY)


def first_names(gender: str, age: int) -> tuple[str, ...]:
    """Those that somebody of this age bears: the young ones until thirty, the others from sixty, all in between."""
    late, early = (WOMEN_BORN_LATE, WOMEN_BORN_EARLY) if gender == "f" else (MEN_BORN_LATE, MEN_BORN_EARLY)
    return late if age < 30 else early if age > 60 else (*late, *early)


FAMILIES = (
    "Abadie", "Ardouin", "Auzanneau", "Baptistin", "Barthélémy", "Belloc", "Bertholon", "Boissard", "Bouchet", "Brugière",
    "Cadiou", "Camara", "Castagnet", "Cazenave", "Chabrol", "Chauvet", "Costa", "Cuvelier", "Daumas", "Delage", "Desforges",
    "Diallo", "Dos Reis", "Duclos", "El Amrani", "Escande", "Faucher", "Ferrand", "Fournel", "Gachet", "Garrigue", "Gomès",
    "Gouzy", "Guérinet", "Hamidi", "Hébrard", "Jaffré", "Jourdan", "Kaddour", "Lacombe", "Lafarge", "Lambolez", "Larrieu",
    "Lebrun", "Lescure", "Malaval", "Marchand", "Mazel", "Meyrignac", "Monnerie", "N’Diaye", "Nivelle", "Oliveira", "Panetier",
    "Pellegrin", "Peyrat", "Pouget", "Quinault", "Rameau", "Ravel", "Rigal", "Rouquette", "Sabatier", "Sadi", "Saintonge",
    "Sarrazin", "Seguin", "Soulier", "Tavernier", "Teyssèdre", "Thibaud", "Touré", "Valadier", "Vasquez", "Verdier", "Vialard",
    "Vidaillac", "Vignal", "Yildiz", "Zanetti",
)  # fmt: skip
