"""The first start, with an empty database: the first institution, who tends its directory, who protects its data.

Both are invited as anybody is: nobody, the operator included, chooses their password. It happens once.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from audit import ledger
from partners import clock
from partners.models import Function, Institution, Invitation, Membership
from partners.siret import check_siret
from partners.tending import DirectoryError, said

from .inviting import post_of, recorded
from .posts import Post

LOCK = 0x7AC7_F1A5
CODE_BYTES = 10
WHY_LEAST = 20
# An account is somebody's: who acted could not be told behind a mailbox that several read.
SHARED_MAILBOXES = frozenset(
    """
    accueil admin administrateur administration administrator bonjour compta contact cpd direction directeur directrice dpd dpo
    equipe info informatique infos it mairie no-reply noreply ne-pas-repondre postmaster root secretariat service support test
    user webmaster
    """.split()  # noqa: SIM905
)
# RFC 2606: no letter ever arrives there.
RESERVED = (".example", ".test", ".invalid", ".localhost", "example.com", "example.net", "example.org")


class AlreadyFounded(Exception):
    """An institution exists: the first start is over for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The first institution."""

    name: str
    kind: str
    city: str = ""
    siret: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Founded:
    """What was made: the institution, and each invitation with the secret of its link."""

    institution: Institution
    invitations: tuple[tuple[Invitation, str], ...]


def is_founded() -> bool:
    """Whether an institution exists."""
    return Institution.objects.exists()


@transaction.atomic
def found(
    *,
    house: House,
    administrator: Post,
    dpo: Post | None,
    why_same: str = "",
    by: str,
    at: datetime | None = None,
) -> Founded:
    """Make the first institution and invite the two who open it; `dpo` is None where one person is both, and `why_same` says why.

    `by` is how it is done ("command", "page"): nobody has an account yet. Raises AlreadyFounded, DirectoryError on a weak choice.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if is_founded():
        raise AlreadyFounded
    at = at or clock.now()
    house = _checked(house)
    posts, why = first_posts(administrator, dpo, why_same)
    institution = Institution(
        name=house.name, kind=house.kind, city=house.city, siret=house.siret, verified_on=clock.day_of(at)
    )
    protects = posts[-1]
    institution.dpo_contact = f"{protects.first_name} {protects.last_name}, {protects.email}"[:160]
    institution.save(force_insert=True)
    entry: dict[str, Any] = {
        "action": "institution.created",
        "at": at,
        "actor": None,
        "refs": {"institution": institution.pk},
        "codes": {"by": by, "same_person": dpo is None},
        "personal": {"name": house.name, **({"why_same": why} if why else {})},
    }
    ledger.record(**entry)
    invitations = tuple(recorded(institution=institution, post=post, by=None, at=at, why=why) for post in posts)
    return Founded(institution=institution, invitations=invitations)


@transaction.atomic
def invite_again(*, by: str, at: datetime | None = None) -> Founded:
    """New links for those of the first start who did not accept, as long as nobody holds their function; the earlier links die.

    Raises DirectoryError where there is nobody to invite again.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    at = at or clock.now()
    first = Invitation.objects.filter(invited_by__isnull=True).select_related("institution").order_by("invited_at")
    latest = {one.email: one for one in first}
    waiting = [
        one
        for one in latest.values()
        if not Membership.objects.filter(institution=one.institution, functions__overlap=one.functions).exists()
    ]
    if not waiting:
        raise DirectoryError(_("Personne n’attend plus d’invitation du premier démarrage."))
    invitations = tuple(
        recorded(institution=one.institution, post=post_of(one), by=None, at=at, why=by) for one in waiting
    )
    return Founded(institution=waiting[0].institution, invitations=invitations)


def _checked(house: House) -> House:
    """The same made plain. Raises DirectoryError."""
    missing = _("Écrivez le nom de l’institution, et ce qu’elle est.")
    name, kind = said(house.name, missing, most=160), said(house.kind, missing, most=80)
    siret = "".join(house.siret.split())
    if siret:
        try:
            check_siret(siret)
        except ValidationError as error:
            raise DirectoryError(_("Ce numéro SIRET n’en est pas un : vérifiez ses quatorze chiffres.")) from error
    if len(name) < 3:
        raise DirectoryError(missing)
    return replace(house, name=name, kind=kind, city=" ".join(house.city.split())[:80], siret=siret)


def first_posts(administrator: Post, dpo: Post | None, why_same: str) -> tuple[tuple[Post, ...], str]:
    """Who comes first to an institution, and why one person is both where she is. Raises DirectoryError."""
    tends = replace(administrator.checked(), functions=(Function.DIRECTORY_ADMIN.value,))
    refuse_weak_address(tends.email)
    if dpo is None:
        why = said(
            why_same,
            _(
                "Dites pourquoi la même personne tient l’annuaire et protège les données : elle contrôlera ses propres actes."
            ),
        )
        if len(why) < WHY_LEAST:
            raise DirectoryError(_("Dites-le en une phrase entière : elle reste au journal."))
        return (replace(tends, functions=(Function.DPO.value, Function.DIRECTORY_ADMIN.value)),), why
    protects = replace(dpo.checked(), functions=(Function.DPO.value,))
    refuse_weak_address(protects.email)
    if protects.email == tends.email:
        raise DirectoryError(
            _("Ces deux adresses sont la même : donnez celle d’une autre personne, ou dites pourquoi c’est la même.")
        )
    same_name = (tends.first_name, tends.last_name) == (protects.first_name, protects.last_name)
    if same_name:
        raise DirectoryError(
            _("Ces deux personnes portent le même nom : nommez-en une autre, ou dites pourquoi c’est la même.")
        )
    return (tends, protects), ""


def refuse_weak_address(email: str) -> None:
    """Raise DirectoryError on a mailbox that several read or, in production, on one that no letter reaches."""
    local, _at, domain = email.partition("@")
    if local in SHARED_MAILBOXES:
        raise DirectoryError(
            _("« %(email)s » est une boîte partagée : un compte est celui d’une personne. Donnez son adresse à elle.")
            % {"email": email}
        )
    if settings.PRODUCTION and f".{domain}".endswith(RESERVED):
        raise DirectoryError(_("« %(email)s » est une adresse d’exemple : aucun e-mail n’y arrive.") % {"email": email})


# --- the one-time code of the page ---------------------------------------------------------------------------------------


def code(at: datetime) -> str:
    """The code of that day (UTC), « ABCD-EFGH-IJKL-MNOP »: 80 bits that only who holds SECRET_KEY and this database can work out.

    Nothing is stored: every process shows the same, it changes with the day, and opens nothing once an institution exists.
    """
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid::text FROM pg_database WHERE datname = current_database()")
        (oid,) = cursor.fetchone()
    told = f"tact first start\n{name}\n{oid}\n{at.astimezone(UTC).strftime('%Y-%m-%d')}"
    digest = hmac.new(settings.SECRET_KEY.encode(), told.encode(), hashlib.sha256).digest()
    text = base64.b32encode(digest[:CODE_BYTES]).decode()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def opens(typed: str, at: datetime) -> bool:
    """Whether this is the code of today, or of yesterday for who prepared it late."""
    given = "".join(one for one in typed.upper() if one.isalnum()).encode()
    good = [code(day).replace("-", "").encode() for day in (at, at - timedelta(days=1))]
    return any(hmac.compare_digest(given, one) for one in good)


def announcement() -> str:
    """What the log says of an empty database: how to begin; "" once it has begun."""
    if is_founded():
        return ""
    return (
        "No institution yet. Make the first one with `manage.py found`, or at /premier-demarrage/ with this code"
        f" (good until tomorrow night, UTC): {code(clock.now())}"
    )
