"""The people of the tests: who they are, where they work, the child they talk about. Built through the real acts.

Plain functions (`build`, `write_down`, `parents_agree` …) work on any database; the fixtures below work on the test's own.
"""

import functools
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import pytest
from django.contrib.auth.hashers import make_password
from django.db import models
from django.test import Client

from cases import access, files
from cases.models import Assignment, Case, Item, Person, Representative
from consent import registry
from consent.models import Consent, Notice, Objection, Refusal
from partners import clock, confirming
from partners.acting import SESSION_KEY
from partners.models import (
    Agreement,
    AgreementParty,
    Forum,
    ForumMember,
    Institution,
    Membership,
    Professional,
)
from tests import posts
from tests.directory.ways import recognise_each

PASSWORD = "une phrase de passe pour les tests"
CHILD_FIRST_NAME, CHILD_LAST_NAME = "Milo", "Bertin-Duval"
CHILD_AGE = 9
A_YEAR = timedelta(days=365)
Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Territory:
    """A small département: enough for one disclosure, its readers, and those who must not see it."""

    house: Institution
    school: Institution
    clinic: Institution
    school_health: Institution
    department: Institution
    camille: Membership
    """Camille Roussel, social worker, referent of the child."""
    nadia: Membership
    """Nadia Benali, head of service: team lead and reviewer, same institution."""
    leila: Membership
    """Leïla Haddad, social and family economics adviser, same institution, follows no case."""
    lantier: Membership
    """Mme Hélène Lantier, head of the école Jean-Macé."""
    perrin: Membership
    """M. Perrin, teacher at the same school, to whom nothing is addressed."""
    aubin: Membership
    """Dr Aubin, school doctor."""
    sofia: Membership
    """Sofia Marchetti, psychologist at the CMPP."""
    yann: Membership
    """Yann Le Goff, who audits the trail at the département."""
    claire: Membership
    """Claire Morvan, data-protection officer of the département."""
    school_agreement: Agreement
    clinic_agreement: Agreement
    health_agreement: Agreement
    child: Person
    mother: Representative
    father: Representative
    case: Case
    absences: Item
    """« Absences du mardi après-midi »: a practical instruction, what a school may receive with the parents' agreement."""
    language: Item
    """« Bilan de langage »: a diagnosis, that no school may receive."""


def written(one: Row) -> Row:
    """The same, in the database."""
    one.save(force_insert=True)
    return one


def institution(name: str, kind: str, **fields: Any) -> Institution:
    """A service, whose sheet was checked a month ago."""
    return written(new_institution(name, kind, **fields))


def new_institution(
    name: str, kind: str, *, city: str = "Vallières", now: datetime | None = None, **fields: Any
) -> Institution:
    """The same, not yet in the database."""
    fields.setdefault("verified_on", clock.day_of(now or clock.now()) - timedelta(days=30))
    fields.setdefault("mission", f"{kind} : accueil, écoute, accompagnement.")
    return Institution(name=name, kind=kind, city=city, territory=f"{city} et communes voisines", **fields)


def professional(first_name: str, last_name: str, *, title: str = "Mme") -> Professional:
    """Somebody who can sign in with `PASSWORD`; her address is made of her name."""
    return written(new_professional(first_name, last_name, title=title))


def new_professional(first_name: str, last_name: str, *, title: str = "Mme") -> Professional:
    """The same, not yet in the database."""
    name = f"{first_name}.{last_name}".lower().replace(" ", "-").replace("é", "e").replace("ï", "i")
    return Professional(
        email=f"{name}@tact.example",
        password=_hashed(),
        title=title,
        first_name=first_name,
        last_name=last_name,
    )


@functools.cache
def _hashed() -> str:
    return make_password(PASSWORD)


def post(
    who: Professional,
    where: Institution,
    role: str,
    job_title: str,
    bound: str,
    proof: str,
    *functions: str,
    **fields: Any,
) -> Membership:
    """Her place in an institution, for a year already, her secrecy status checked unless said otherwise."""
    return written(new_post(who, where, role, job_title, bound, proof, *functions, **fields))


def new_post(
    who: Professional,
    where: Institution,
    role: str,
    job_title: str,
    bound: str,
    proof: str,
    *functions: str,
    now: datetime | None = None,
    **fields: Any,
) -> Membership:
    """The same, not yet in the database."""
    today = now or clock.now()
    fields.setdefault("secrecy_verified_on", clock.day_of(today) - timedelta(days=90))
    fields.setdefault("starts_at", today - A_YEAR)
    return Membership(
        professional=who,
        institution=where,
        role=role,
        job_title=job_title,
        secrecy_status=bound,
        secrecy_proof=proof,
        functions=list(functions),
        **fields,
    )


def agreement(
    number: str,
    one: Institution,
    other: Institution,
    *,
    purposes: Sequence[str],
    categories: Sequence[str],
    signed_by: Sequence[Institution] | None = None,
    starts_in: int = -300,
    ends_in: int = 300,
) -> Agreement:
    """A convention between two institutions, signed by both unless `signed_by` says who did."""
    made, parties = new_agreement(
        number,
        one,
        other,
        purposes=purposes,
        categories=categories,
        signed_by=signed_by,
        starts_in=starts_in,
        ends_in=ends_in,
    )
    made.save(force_insert=True)
    AgreementParty.objects.bulk_create(parties)
    return made


def new_agreement(
    number: str,
    one: Institution,
    other: Institution,
    *,
    purposes: Sequence[str],
    categories: Sequence[str],
    signed_by: Sequence[Institution] | None = None,
    starts_in: int = -300,
    ends_in: int = 300,
    now: datetime | None = None,
) -> tuple[Agreement, list[AgreementParty]]:
    """The same and its parties, not yet in the database."""
    today = clock.day_of(now or clock.now())
    made = Agreement(
        number=number,
        title=f"{one.name} – {other.name}",
        kind=Agreement.Kind.VOLUNTARY,
        purposes=list(purposes),
        categories=list(categories),
        starts_on=today + timedelta(days=starts_in),
        ends_on=today + timedelta(days=ends_in),
    )
    signatories = (one, other) if signed_by is None else signed_by
    return made, [
        AgreementParty(
            agreement=made,
            institution=party,
            signed_on=made.starts_on if party in signatories else None,
            signed_by="Direction" if party in signatories else "",
        )
        for party in (one, other)
    ]


def born_years_ago(years: int) -> date:
    """A birth date that makes somebody exactly this old for a good while yet."""
    today = clock.day_of(clock.now())
    return date(today.year - years, 1, 1) if today.month > 1 else date(today.year - years - 1, 7, 1)


def write_down(
    case: Case,
    by: Membership,
    *,
    label: str = "Absences du mardi après-midi",
    text: str = "Milo est absent le mardi après-midi jusqu’aux vacances de printemps.",
    category: str = "consigne_pratique",
    nature: str = "fait_constate",
    provenance: str = Item.Provenance.FAMILY,
    origin: str = "",
    third_parties: Sequence[str] = (),
    observed_on: date | None = None,
    at: datetime | None = None,
) -> Item:
    """Write an item down through the real act."""
    at = at or clock.now()
    return files.add_item(
        case=case,
        label=label,
        text=text,
        category=category,
        nature=nature,
        provenance=provenance,
        provenance_detail="Dit par sa mère en entretien",
        origin=origin,
        third_parties=third_parties,
        observed_on=observed_on or clock.day_of(at),
        by=by,
        at=at,
    )


def notice() -> Notice:
    """The words read with the person; the same row when asked twice."""
    text = "Qui saura quoi, pour quoi faire, jusqu’à quand, et comment dire non."
    found, _ = Notice.objects.get_or_create(
        code="accord",
        version=1,
        defaults={"text": text, "digest": hashlib.sha256(text.encode()).hexdigest()},
    )
    return found


def parents_agree(
    territory: Territory,
    *,
    recipient: Membership | None = None,
    purpose: str = "scolarite",
    categories: Sequence[str] = ("consigne_pratique",),
    days: int = 90,
    at: datetime | None = None,
) -> Consent:
    """The mother agrees, Camille records it."""
    at = at or clock.now()
    return registry.give(
        scope=registry.Scope(
            case=territory.case, recipient=recipient or territory.lantier, purpose=purpose, categories=categories
        ),
        notice=notice(),
        valid_until=clock.day_of(at) + timedelta(days=days),
        given_by=territory.mother,
        collected_on=clock.day_of(at),
        form="in_person",
        own_words="D’accord pour les mardis, pas plus.",
        conditions="",
        late_reason="",
        by=territory.camille,
        at=at,
    )


def parents_refuse(
    territory: Territory,
    *,
    recipient: Membership | None = None,
    purpose: str = "scolarite",
    categories: Sequence[str] = ("consigne_pratique",),
    at: datetime | None = None,
) -> Refusal:
    """The mother refuses, Camille records it."""
    at = at or clock.now()
    return registry.refuse(
        scope=registry.Scope(
            case=territory.case, recipient=recipient or territory.lantier, purpose=purpose, categories=categories
        ),
        given_by=territory.mother,
        collected_on=clock.day_of(at),
        form="in_person",
        own_words="Je préfère le dire moi-même.",
        late_reason="",
        by=territory.camille,
        at=at,
    )


def parents_object(territory: Territory) -> Objection:
    """The mother opposes, about M. Aubin and school; Camille records it."""
    at = clock.now()
    return registry.object_to(
        scope=registry.Scope(
            case=territory.case, recipient=territory.aubin, purpose="scolarite", categories=("consigne_pratique",)
        ),
        given_by=territory.mother,
        collected_on=clock.day_of(at),
        form="in_person",
        own_words="Je m’y oppose.",
        late_reason="",
        by=territory.camille,
        at=at,
    )


def open_case_for(person: Person, by: Membership, *, domain: str = "protection_enfance") -> Case:
    """Open a case for a new person through the real act; `by` follows it."""
    return files.open_case(person=person, domain=domain, reason="Demande de la famille", by=by, at=clock.now())


def assign(case: Case, membership: Membership, by: Membership, *, kind: str = Assignment.Kind.COLLEAGUE) -> Assignment:
    """Let somebody follow a case too, through the real act."""
    return access.assign(
        case=case, membership=membership, kind=kind, reason="Relais pendant les congés", by=by, at=clock.now()
    )


def build() -> Territory:
    """The whole territory, in the current database: a table at a time, what is written of the child through the acts."""
    now = clock.now()
    place, sits = functools.partial(new_institution, now=now), functools.partial(new_post, now=now)
    agree = functools.partial(new_agreement, now=now)
    house = place("Maison des solidarités de Vallières", "Service social départemental de secteur")
    school = place("École Jean-Macé", "École élémentaire publique")
    clinic = place("CMPP des Tilleuls", "Centre médico-psycho-pédagogique")
    school_health = place("Centre médico-scolaire de Vallières", "Service de santé scolaire")
    department = place("Département du Val-d’Orme", "Conseil départemental")
    camille = sits(
        new_professional("Camille", "Roussel"), house, "ass_secteur", "Assistante sociale", "profession", "CASF L411-3"
    )
    nadia = sits(
        new_professional("Nadia", "Benali"), house, "chef_service", "Cheffe de service", "fonction", "CASF L221-6",
        "team_lead", "reviewer",
    )  # fmt: skip
    leila = sits(
        new_professional("Leïla", "Haddad"), house, "cesf_departement", "Conseillère en économie sociale familiale",
        "mission", "CASF L221-6, L262-44",
    )  # fmt: skip
    lantier = sits(
        new_professional("Hélène", "Lantier"), school, "directeur_ecole", "Directrice", "discretion", "CGFP L121-7"
    )
    perrin = sits(
        new_professional("Julien", "Perrin", title="M."),
        school,
        "enseignant",
        "Enseignant",
        "discretion",
        "CGFP L121-7",
    )
    aubin = sits(
        new_professional("Paul", "Aubin", title="Dr"), school_health, "medecin_scolaire", "Médecin scolaire",
        "profession", "CSP R4127-4",
    )  # fmt: skip
    sofia = sits(
        new_professional("Sofia", "Marchetti"), clinic, "psychologue_cmpp", "Psychologue", "fonction", "CSP L1110-4 I"
    )
    yann = sits(
        new_professional("Yann", "Le Goff", title="M."), department, "institution", "Contrôleur interne",
        "fonction", "Lettre de mission", "auditor",
    )  # fmt: skip
    claire = sits(
        new_professional("Claire", "Morvan"), department, "responsable_traitement",
        "Déléguée à la protection des données", "fonction", "RGPD art. 4", "dpo",
    )  # fmt: skip
    posts = [camille, nadia, leila, lantier, perrin, aubin, sofia, yann, claire]
    Institution.objects.bulk_create([house, school, clinic, school_health, department])
    Professional.objects.bulk_create([one.professional for one in posts])
    Membership.objects.bulk_create(posts)
    child = Person(
        title="M.", first_name=CHILD_FIRST_NAME, last_name=CHILD_LAST_NAME, birth_date=born_years_ago(CHILD_AGE)
    )
    case = open_case_for(child, camille)
    mother, father = Representative.objects.bulk_create(
        Representative(
            person=child,
            kind=kind,
            title=title,
            first_name=first_name,
            last_name=last_name,
            holds_parental_authority=True,
        )
        for kind, title, first_name, last_name in (
            (Representative.Kind.MOTHER, "Mme", "Inès", "Bertin"),
            (Representative.Kind.FATHER, "M.", "Thomas", "Duval"),
        )
    )
    at_the_house = (camille, nadia, leila)
    recognise_each(
        (nadia, lantier, at_the_house, (lantier, perrin)),
        (nadia, sofia, at_the_house, (sofia,)),
        (nadia, aubin, at_the_house, (aubin,)),
    )
    absences = write_down(case, camille)
    language = write_down(
        case,
        camille,
        label="Bilan de langage",
        text="Trouble du langage oral, suivi hebdomadaire.",
        category="sante_diagnostic",
        nature="document",
        provenance=Item.Provenance.DOCUMENT,
    )
    agreements = [
        agree(
            "12",
            house,
            school,
            purposes=["scolarite", "acces_droits"],
            categories=["consigne_pratique", "besoins_scolaires", "coordonnees"],
        ),
        agree(
            "14",
            house,
            clinic,
            purposes=["suivi_medico_social", "pe_evaluer", "scolarite"],
            categories=["besoins_scolaires", "sante_fonctionnel", "consigne_pratique"],
        ),
        agree(
            "15",
            house,
            school_health,
            purposes=["suivi_medico_social", "pe_evaluer", "coord_soins"],
            categories=["sante_fonctionnel", "besoins_scolaires"],
        ),
    ]
    Agreement.objects.bulk_create([one for one, _parties in agreements])
    AgreementParty.objects.bulk_create([party for _one, parties in agreements for party in parties])
    (school_agreement, _), (clinic_agreement, _), (health_agreement, _) = agreements
    return Territory(
        house=house,
        school=school,
        clinic=clinic,
        school_health=school_health,
        department=department,
        camille=camille,
        nadia=nadia,
        leila=leila,
        lantier=lantier,
        perrin=perrin,
        aubin=aubin,
        sofia=sofia,
        yann=yann,
        claire=claire,
        school_agreement=school_agreement,
        clinic_agreement=clinic_agreement,
        health_agreement=health_agreement,
        child=child,
        mother=mother,
        father=father,
        case=case,
        absences=absences,
        language=language,
    )


def second_post(territory: Territory) -> Membership:
    """Sofia also works at the school health service: she then chooses as which she acts."""
    return post(
        territory.sofia.professional, territory.school_health, "psyen", "Psychologue", "fonction", "CGFP L121-6"
    )


def rescue(territory: Territory) -> Membership:
    """M. Karim Delvaux, who answers the 17: no account, a voice."""
    place = institution("Police-secours (17)", "Secours", phone="17")
    return _without_account(professional("Karim", "Delvaux", title="M."), place, "police_17", "Permanencier", "spoken")


def prosecutor(territory: Territory) -> Membership:
    """M. Bertrand Lescot, prosecutor: no account, a sheet is handed over."""
    return _without_account(
        professional("Bertrand", "Lescot", title="M."), _court(), "procureur", "Vice-procureur", "handed_over"
    )


def judge(territory: Territory) -> Membership:
    """Mme Hortense Vial, judge for children: no account, a sheet is handed over."""
    return _without_account(professional("Hortense", "Vial"), _court(), "juge_enfants", "Juge", "handed_over")


def crip(territory: Territory) -> Membership:
    """Mme Anne Sorel, who takes in concerns about children at the département: she has an account."""
    return post(
        professional("Anne", "Sorel"), territory.department, "crip", "Cellule départementale", "mission", "CASF L221-6"
    )


def _court() -> Institution:
    found = Institution.objects.filter(kind="Autorité judiciaire").first()
    return found or institution("Tribunal judiciaire de Vallières", "Autorité judiciaire")


def _without_account(who: Professional, where: Institution, role: str, job_title: str, reached_by: str) -> Membership:
    who.set_unusable_password()
    who.save(update_fields=["password"])
    return post(who, where, role, job_title, "authority", "CPP 11", receives_for_service=True, reached_by=reached_by)


def tends_the_directory(territory: Territory, where: Institution | None = None, *, name: str = "Odette") -> Membership:
    """Somebody who tends the directory of an institution: of the département, where Claire protects data, unless said."""
    return post(
        professional(name, "Vidal"), where or territory.department, "institution", "Gestionnaire", "fonction",
        "Lettre de mission", "directory_admin",
    )  # fmt: skip


def second_dpo_post(territory: Territory) -> Membership:
    """Claire also protects the data of the house, under another membership: one person all the same."""
    return post(
        territory.claire.professional, territory.house, "responsable_traitement", "Déléguée à la protection des données",
        "fonction", "RGPD art. 4", "dpo",
    )  # fmt: skip


def forum(
    territory: Territory,
    *members: Membership,
    kind: str = Forum.Kind.ESS,
    purposes: Sequence[str] = ("scolarite",),
    categories: Sequence[str] = ("consigne_pratique", "besoins_scolaires", "sante_fonctionnel"),
    bound_by: str = "C. éduc. D351-11",
    **fields: Any,
) -> Forum:
    """The school's follow-up team unless said otherwise, its rules signed, where these people sit as its members."""
    fields = {"institution": territory.school, "nominative": True, "rules_signed_on": date(2026, 1, 5), **fields}
    fields.setdefault("opened_on", clock.day_of(clock.now()) - timedelta(days=200))
    made = Forum.objects.create(
        kind=kind, name="Équipe de suivi", purposes=list(purposes), categories=list(categories), **fields
    )
    for one in members:
        ForumMember.objects.create(
            forum=made, membership=one, bound_by=bound_by, starts_at=clock.now() - timedelta(days=150)
        )
    return made


def seat_in_the_ess(territory: Territory) -> Membership:
    """Mme Lantier also sits in her school's follow-up team."""
    return post(
        territory.lantier.professional, territory.school, "ess_membre", "Membre de l’équipe de suivi", "instance",
        "C. éduc. D351-11",
    )  # fmt: skip


def end_post(membership: Membership, at: datetime | None = None) -> None:
    """She leaves the institution."""
    posts.ends(membership, at)


def signed_in(membership: Membership, client: Client | None = None) -> Client:
    """A test client in which this professional just signed in and acts as this membership."""
    client = client or Client()
    client.force_login(membership.professional)
    session = client.session
    session[SESSION_KEY] = str(membership.pk)
    session[confirming.SESSION_KEY] = clock.now().isoformat()
    session.save()
    return client


@pytest.fixture
def territory(db: None) -> Territory:
    return build()


@pytest.fixture
def sign_in(territory: Territory) -> Callable[[str], Client]:
    """`sign_in("camille")` → a client signed in as her, acting for her institution."""

    def enter(name: str) -> Client:
        return signed_in(getattr(territory, name))

    return enter


@pytest.fixture
def camille(territory: Territory) -> Membership:
    return territory.camille


@pytest.fixture
def nadia(territory: Territory) -> Membership:
    return territory.nadia


@pytest.fixture
def leila(territory: Territory) -> Membership:
    return territory.leila


@pytest.fixture
def lantier(territory: Territory) -> Membership:
    return territory.lantier


@pytest.fixture
def perrin(territory: Territory) -> Membership:
    return territory.perrin


@pytest.fixture
def aubin(territory: Territory) -> Membership:
    return territory.aubin


@pytest.fixture
def sofia(territory: Territory) -> Membership:
    return territory.sofia


@pytest.fixture
def yann(territory: Territory) -> Membership:
    return territory.yann


@pytest.fixture
def claire(territory: Territory) -> Membership:
    return territory.claire


@pytest.fixture
def case(territory: Territory) -> Case:
    return territory.case
