"""What is read with the person before she answers: versioned texts, kept for ever beside the agreements they led to.

The words are French and stand here, not in a catalogue: a version is the exact text that was read, whatever the reader's
language. To change a sentence, add a version; an agreement remembers its own.
"""

import hashlib
from dataclasses import dataclass

from django.db import transaction

from .models import Notice

AGREEMENT = "accord"
INFORMATION = "information"

# law.md, 3.4: who, what, with whom, why, what not, whether one can refuse and what follows, until when, how to say stop,
# how to complain, who may help. Short sentences, one idea each.
_AGREEMENT_1 = """\
Qui parlera ?
{author}, {job} à {institution}.

À qui ?
À {recipient}. À personne d’autre.

Pourquoi ?
Pour ceci : {purpose}.

Quoi ?
Seulement ce que vous choisissez maintenant. Le reste de votre dossier reste ici.
Vous pouvez demander à lire avant l’envoi.

Jusqu’à quand ?
Jusqu’à la date que vous choisissez : six mois au plus, 90 jours si vous répondez par téléphone.

Vous êtes libre.
Vous pouvez dire oui, non, ou seulement une partie.
Un refus ne change rien à l’aide que vous recevez.

Comment dire stop ?
À tout moment, de la façon que vous voulez, sans donner de raison : {phone}.
La lecture s’arrête aussitôt. Ce qui a déjà été lu reste connu.

Vos droits
Chaque lecture est notée : vous pouvez savoir qui a lu, et quand.
Vous pouvez demander à voir, à corriger ou à limiter ce qui est écrit sur vous : {dpo}.
Vous pouvez vous faire accompagner par la personne de votre choix.
Vous pouvez adresser une plainte à la CNIL, www.cnil.fr.
Pour un enfant : il est informé et entendu, selon son âge et sa maturité.
"""

_INFORMATION_1 = """\
Qui parlera ?
{author}, {job} à {institution}.

À qui ?
À {recipient}. À personne d’autre.

Pourquoi ?
Pour ceci : {purpose}.

Quoi ?
Seulement ce qui est nécessaire pour cela. Vous pouvez demander à le lire avant l’envoi.

Est-ce une demande d’accord ?
C’est une information : un texte permet cette communication.
Vous pouvez dire ce que vous en pensez, et vous y opposer : votre parole est écrite et prise en compte.

Et après ?
Votre réponse ne change rien à l’aide que vous recevez.
Chaque lecture est notée : vous pouvez savoir qui a lu, et quand.

Vos droits
Vous pouvez demander à voir, à corriger ou à limiter ce qui est écrit sur vous : {dpo}.
Une personne peut vous répondre : {phone}.
Vous pouvez vous faire accompagner par la personne de votre choix.
Vous pouvez adresser une plainte à la CNIL, www.cnil.fr.
Pour un enfant : ses parents et lui-même sont informés ; il est entendu, selon son âge et sa maturité.
"""

TEXTS: dict[str, tuple[str, ...]] = {AGREEMENT: (_AGREEMENT_1,), INFORMATION: (_INFORMATION_1,)}
"""Every version of each text, the first being version 1; the last is the one read today."""


class NoticeAltered(RuntimeError):
    """A version kept in the database does not have the words it has here: add a version, never change one."""


@dataclass(frozen=True, slots=True)
class Section:
    """A question, and its answer in short sentences."""

    question: str
    sentences: tuple[str, ...]


def digest_of(text: str) -> str:
    """SHA-256, hex, of the exact words."""
    return hashlib.sha256(text.encode()).hexdigest()


def current(code: str) -> Notice:
    """The text read today, written down the first time it is needed. Raises KeyError, NoticeAltered."""
    text = TEXTS[code][-1]
    with transaction.atomic():
        notice, _new = Notice.objects.get_or_create(
            code=f"tact-{code}",
            version=len(TEXTS[code]),
            defaults={"text": text, "digest": digest_of(text)},
        )
    if notice.text != text or notice.digest != digest_of(text):
        raise NoticeAltered(str(notice))
    return notice


def sections(text: str, **who: str) -> list[Section]:
    """A text filled in with who, to whom, for what; as it is read aloud, question by question."""
    found = []
    for block in text.strip().split("\n\n"):
        question, *sentences = block.split("\n")
        found.append(Section(question=question, sentences=tuple(one.format(**who) for one in sentences)))
    return found
