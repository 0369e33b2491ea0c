"""What a post is, as whoever invites describes it, and who may give which function in Tact."""

from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

from partners.models import BINDING, Function, Membership, SecrecyStatus
from partners.tending import DirectoryError
from partners.text import plain
from partners.vocabulary import vocabulary

BY_TWO = frozenset({Function.DIRECTORY_ADMIN, Function.DPO, Function.AUDITOR})
"""Who holds one of these sees or changes what concerns everybody: given and taken back by two persons (ADR 0038)."""
NAME_MOST = 80
JOB_MOST = 120
PROOF_MOST = 200
TITLE_MOST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Who is to work here, as what, bound by what, and what she is to do in Tact."""

    email: str
    first_name: str
    last_name: str
    role: str
    job_title: str
    title: str = ""
    secrecy_status: str = ""
    secrecy_proof: str = ""
    functions: tuple[str, ...] = ()
    receives_for_service: bool = False

    def checked(self) -> "Post":
        """The same made plain; what the role proposes stands where no status or proof was said. Raises DirectoryError."""
        role = vocabulary().roles.get(self.role)
        if role is None or role.bound not in SecrecyStatus.values:
            raise DirectoryError(_("Choisissez une profession ou une mission dans la liste."))
        names = [_line(one) for one in (self.first_name, self.last_name, self.job_title)]
        if not all(names):
            raise DirectoryError(_("Écrivez le prénom, le nom et l’intitulé du poste."))
        if len(names[0]) > NAME_MOST or len(names[1]) > NAME_MOST or len(names[2]) > JOB_MOST:
            raise DirectoryError(_("Raccourcissez : le prénom, le nom ou l’intitulé du poste est trop long."))
        status = self.secrecy_status or role.bound
        if status not in SecrecyStatus.values:
            raise DirectoryError(_("Choisissez dans la liste ce qui lie cette personne au secret."))
        return replace(
            self,
            email=address(self.email),
            title=_line(self.title)[:TITLE_MOST],
            first_name=names[0],
            last_name=names[1],
            job_title=names[2],
            secrecy_status=status,
            secrecy_proof=(_line(self.secrecy_proof) or (role.proof if status == role.bound else ""))[:PROOF_MOST],
            functions=in_order(self.functions),
        )


def address(text: str) -> str:
    """An e-mail address in lower case, as accounts keep it. Raises DirectoryError."""
    found = plain(text).lower()
    try:
        EmailValidator()(found)
    except ValidationError as error:
        raise DirectoryError(_("Écrivez l’adresse e-mail en entier, par exemple prenom.nom@service.fr.")) from error
    return found


def _line(text: str) -> str:
    return " ".join(plain(text).split())


def in_order(functions: tuple[str, ...] | frozenset[str] | set[str] | list[str]) -> tuple[str, ...]:
    """These functions, each once, in the order of the list. Raises DirectoryError on a word that is none."""
    if not set(functions) <= set(Function.values):
        raise DirectoryError(_("Choisissez les fonctions dans la liste."))
    return tuple(one for one in Function.values if one in functions)


def may_give(by: Membership) -> tuple[str, ...]:
    """The functions that she may give or take back: all for who tends the directory; for a team lead, her own, but BY_TWO."""
    if by.has_function(Function.DIRECTORY_ADMIN):
        return tuple(Function.values)
    if by.has_function(Function.TEAM_LEAD):
        return tuple(one for one in Function.values if one in by.functions and one not in BY_TWO)
    return ()


def refuse_what_she_may_not_give(by: Membership, functions: set[str]) -> None:
    """Raise DirectoryError where one of these is not hers to give or to take back."""
    beyond = functions - set(may_give(by))
    if beyond:
        raise DirectoryError(
            _("Vous ne pouvez ni donner ni retirer : %(functions)s. Demandez à qui tient l’annuaire.")
            % {"functions": named(beyond)}
        )


def named(functions: tuple[str, ...] | set[str] | frozenset[str] | list[str]) -> str:
    """« donne un avis, encadre une équipe »."""
    return ", ".join(str(Function(one).label) for one in Function.values if one in functions)


def binds(status: str) -> bool:
    """Whether a status, once proven, binds to secrecy."""
    return status in BINDING
