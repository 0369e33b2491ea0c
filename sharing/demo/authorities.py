"""Who has no account and is reached by voice or by hand: the 17, the SAMU, the 119, a prosecutor, a judge.

Real kinds, invented names.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models

from partners.models import Institution, Membership, Professional, Reached
from partners.vocabulary import vocabulary

from .calendar import Calendar
from .people import slug
from .territory import COMMUNE, DEPARTEMENT

# No password opens such an account: Django holds what begins so for unusable.
NO_PASSWORD = "!"  # noqa: S105


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Somebody of an institution that is called, or handed a sheet."""

    role: str
    job: str
    title: str
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An institution without accounts, the number to call, and how it is reached."""

    name: str
    kind: str
    mission: str
    domain: str
    phone: str
    reached_by: str
    people: tuple[Authority, ...]


OFFICES: tuple[Office, ...] = (
    Office(
        name="Police-secours (17)",
        kind="Secours",
        mission="Répondre jour et nuit à qui est en danger.",
        domain="police-secours.example",
        phone="17",
        reached_by=Reached.SPOKEN,
        people=(Authority(role="police_17", job="permanencier", title="M.", first_name="Karim", last_name="Delvaux"),),
    ),
    Office(
        name="SAMU du Val-de-Sauve (15)",
        kind="Secours",
        mission="Répondre jour et nuit aux urgences médicales.",
        domain="samu-val-de-sauve.example",
        phone="15",
        reached_by=Reached.SPOKEN,
        people=(
            Authority(role="police_17", job="médecin régulateur", title="Dr", first_name="Odile", last_name="Fabre"),
        ),
    ),
    Office(
        name="Allô Enfance en danger (119)",
        kind="Secours",
        mission="Écouter et orienter, jour et nuit, quand un enfant est en danger ou risque de l’être.",
        domain="enfance-en-danger.example",
        phone="119",
        reached_by=Reached.SPOKEN,
        people=(Authority(role="police_17", job="écoutante", title="Mme", first_name="Maud", last_name="Serin"),),
    ),
    Office(
        name=f"Tribunal judiciaire de {COMMUNE}",
        kind="Autorité judiciaire",
        mission="Parquet, et tribunal pour enfants.",
        domain=f"tj-{slug(COMMUNE)}.example",
        phone="05 36 49 71 00",
        reached_by=Reached.HANDED_OVER,
        people=(
            Authority(
                role="procureur",
                job="vice-procureur chargé des mineurs",
                title="M.",
                first_name="Bertrand",
                last_name="Lescot",
            ),
            Authority(
                role="juge_enfants", job="juge des enfants", title="Mme", first_name="Hortense", last_name="Vial"
            ),
        ),
    ),
)


def make(calendar: Calendar) -> Iterator[models.Model]:
    """The rows of these offices, unsaved: an institution, then who answers there, for the whole service."""
    for office in OFFICES:
        place = Institution(
            name=office.name,
            kind=office.kind,
            mission=office.mission,
            city=COMMUNE,
            territory=f"{DEPARTEMENT}, secteur de {COMMUNE}",
            email=f"contact@{office.domain}",
            phone=office.phone,
            verified_on=calendar.day(40),
        )
        yield place
        for one in office.people:
            who = Professional(
                email=f"{slug(one.first_name)}.{slug(one.last_name)}@{office.domain}",
                title=one.title,
                first_name=one.first_name,
                last_name=one.last_name,
                password=NO_PASSWORD,
                joined_at=calendar.at(700, 9),
            )
            role = vocabulary().roles[one.role]
            yield who
            yield Membership(
                professional=who,
                institution=place,
                role=role.code,
                job_title=one.job,
                secrecy_status=role.bound,
                secrecy_proof=role.proof,
                secrecy_verified_on=calendar.day(120),
                receives_for_service=True,
                reached_by=office.reached_by,
                starts_at=calendar.at(690, 9),
            )


def counts() -> tuple[int, int]:
    """How many institutions, and how many people, they are."""
    return len(OFFICES), sum(len(office.people) for office in OFFICES)
