"""What a secrecy status allows, in plain words, and the words of the rulebook as pages show them."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .models import Membership, SecrecyStatus
from .vocabulary import Word, vocabulary

# law.md, part 2: being bound is necessary to most exchanges and never sufficient to any.
ALLOWS = {
    SecrecyStatus.PROFESSION: _(
        "Sa profession l’oblige au secret. Des textes permettent de lui communiquer ce qui est strictement nécessaire ; "
        "aucun ne le permet du seul fait de cette qualité."
    ),
    SecrecyStatus.MISSION: _(
        "Sa mission l’oblige au secret, pour ce qu’elle lui fait apprendre. Des textes permettent de lui communiquer "
        "ce qui est strictement nécessaire à cette mission, et rien au-delà."
    ),
    SecrecyStatus.FONCTION: _(
        "Sa fonction l’oblige au secret. Des textes permettent de lui communiquer ce qui est strictement nécessaire "
        "à cette fonction, et rien au-delà."
    ),
    SecrecyStatus.INSTANCE: _(
        "Le secret l’oblige au sein de l’instance dont il ou elle est membre, pour ce qui y est dit ; pas en dehors."
    ),
    SecrecyStatus.DISCRETION: _(
        "La discrétion n’est pas le secret : en dehors d’une instance, seul l’accord de la personne ou un texte qui "
        "l’impose permet de lui communiquer une information, au plus juste."
    ),
    SecrecyStatus.NONE: _(
        "Aucun secret ne l’oblige : une information ne lui est communiquée qu’avec l’accord de la personne, ou quand un "
        "texte l’impose."
    ),
    SecrecyStatus.AUTHORITY: _(
        "Une autorité n’est pas un partenaire d’échange : elle reçoit ce qu’un texte impose ou permet de lui adresser."
    ),
}


def worded(word: Word) -> str:
    """A word of the rulebook in the reader's language, with a typographic apostrophe."""
    return gettext(word.label).replace("'", "’")


def category(code: str) -> str:
    """The label of a category; the code itself where the rulebook no longer knows it."""
    word = vocabulary().categories.get(code)
    return worded(word) if word else code


def purpose(code: str) -> str:
    """The label of a purpose; the code itself where the rulebook no longer knows it."""
    word = vocabulary().purposes.get(code)
    return worded(word) if word else code


def domain(code: str) -> str:
    """The label of a domain; the code itself where the rulebook no longer knows it."""
    word = vocabulary().domains.get(code)
    return worded(word) if word else code


def nature(code: str) -> str:
    """The label of a nature; the code itself where the rulebook no longer knows it."""
    word = vocabulary().natures.get(code)
    return worded(word) if word else code


def by_family(codes: list[str]) -> list[tuple[str, list[str]]]:
    """Families in the rulebook's order, each with the labels of its categories among these codes."""
    words = vocabulary()
    return [
        (worded(family), labels)
        for family in words.families.values()
        if (
            labels := [
                worded(one) for one in words.categories.values() if one.family == family.code and one.code in codes
            ]
        )
    ]


def allows(member: Membership) -> str:
    """What her status, as far as it is proved, allows."""
    return str(ALLOWS[SecrecyStatus(member.proven_status)])
