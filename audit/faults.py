"""What a verification can find wrong, and how it is said."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

KEPT = 100

# What may be wrong with one entry, or with the guards; `%(detail)s` is a column, a table, a trigger or a role.
WORDING = {
    "unreadable": gettext_lazy("ses octets ne sont pas du JSON"),
    "not_canonical": gettext_lazy("ses octets ne sont pas sous leur forme canonique"),
    "format": gettext_lazy("ses octets n’ont pas la forme attendue (%(detail)s)"),
    "column": gettext_lazy("la colonne %(detail)s ne dit pas ce que disent ses octets"),
    "leaf_hash": gettext_lazy("son empreinte n’est pas celle de ses octets"),
    "receipt": gettext_lazy("son reçu n’a pas été signé pour ces octets"),
    "commitment": gettext_lazy("sa part personnelle n’est pas celle sur laquelle elle s’est engagée"),
    "payload_missing": gettext_lazy("sa part personnelle a disparu"),
    "removed_leaving_payload": gettext_lazy("elle a été supprimée ; il en reste la part personnelle"),
    "removed_leaving_act": gettext_lazy("elle a été supprimée ; l’acte qui la citait est resté (%(detail)s)"),
    "another_act": gettext_lazy("elle ne parle pas de l’acte qui la cite (%(detail)s)"),
    "act_missing": gettext_lazy("l’acte dont elle parle a disparu (table %(detail)s)"),
    "act_without_entry": gettext_lazy("un acte ne cite aucune entrée (%(detail)s)"),
    "foreign_key_missing": gettext_lazy("la clé étrangère vers le journal a disparu (%(detail)s)"),
    "trigger_missing": gettext_lazy("le déclencheur %(detail)s a disparu"),
    "trigger_not_always": gettext_lazy("le déclencheur %(detail)s n’est plus actif en toute circonstance (ALWAYS)"),
    "trigger_changed": gettext_lazy("le déclencheur %(detail)s a été remplacé par un autre"),
    "constraint_disabled": gettext_lazy("les contraintes de la table %(detail)s sont désactivées"),
    "function_changed": gettext_lazy("la fonction %(detail)s n’est plus celle qui a été installée"),
    "rule_added": gettext_lazy("une règle de réécriture a été ajoutée (%(detail)s)"),
    "rows_hidden": gettext_lazy("une politique de lignes peut cacher des entrées (table %(detail)s)"),
    "partition_missing": gettext_lazy("la partition %(detail)s du journal des accès a disparu"),
    "partition_added": gettext_lazy("une partition étrangère a été ajoutée au journal des accès (%(detail)s)"),
    "right_too_many": gettext_lazy("un droit de trop : %(detail)s"),
    "right_missing": gettext_lazy("un droit manque : %(detail)s"),
    "role_too_strong": gettext_lazy("le rôle %(detail)s peut contourner les gardes"),
    "role_missing": gettext_lazy("le rôle %(detail)s n’existe pas"),
    "owner_signs_in": gettext_lazy("le propriétaire des tables peut ouvrir une session (%(detail)s)"),
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong: a code of `WORDING`, and what it is about."""

    code: str
    detail: str = ""

    @property
    def sentence(self) -> str:
        """In the reader's language."""
        return str(WORDING[self.code]) % {"detail": self.detail}


@dataclass(frozen=True, slots=True)
class Fault:
    """An entry that does not hold, with everything wrong with it; `entry` is None where the guards are at fault."""

    entry: int | None
    flaws: tuple[Flaw, ...]
    uuid: str = ""
    action: str = ""

    @property
    def sentence(self) -> str:
        """« Entrée n° 17 (disclosure.released, 4f2a…) : … », in the reader's language."""
        wrong = " ; ".join(flaw.sentence for flaw in self.flaws)
        if self.entry is None:
            return _("Gardes de la base : %(wrong)s.") % {"wrong": wrong}
        known = ", ".join(word for word in (self.action, self.uuid) if word)
        name = f"{self.entry} ({known})" if known else str(self.entry)
        return _("Entrée n° %(name)s : %(wrong)s.") % {"name": name, "wrong": wrong}


@dataclass(slots=True)
class Tally:
    """The faults found so far: all are counted, the first `KEPT` are kept, so that memory does not grow."""

    count: int = 0
    entries: dict[int, Fault] = field(default_factory=dict)
    guards: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Count one entry (or guard) at fault; what is found later about an entry joins what was found first."""
        known = self.entries.get(fault.entry) if fault.entry is not None else None
        if fault.entry is not None and known is not None:
            flaws = (*known.flaws, *fault.flaws)
            self.entries[fault.entry] = Fault(fault.entry, flaws, known.uuid, known.action)
            return
        self.count += 1
        if fault.entry is None:
            self.guards = [*self.guards, fault][:KEPT]
        else:
            self.entries[fault.entry] = fault
            if len(self.entries) > KEPT:
                del self.entries[max(self.entries)]

    @property
    def in_order(self) -> list[Fault]:
        """By entry, the earliest first; the guards last."""
        return [*(self.entries[one] for one in sorted(self.entries)), *self.guards]
