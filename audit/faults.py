"""What a verification can find wrong, and how it is said."""

from dataclasses import dataclass, field
from typing import Any

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
    "erasure_unfounded": gettext_lazy("une suppression de sa part personnelle est notée sans que le journal la dise"),
    "erased_yet_there": gettext_lazy("sa part personnelle est notée supprimée, et elle est là"),
    "not_as_sealed": gettext_lazy("son empreinte n’est pas celle de sa feuille scellée (%(detail)s)"),
    "removed_leaving_leaf": gettext_lazy("elle a été supprimée ; il en reste la feuille %(detail)s de l’arbre scellé"),
    "sealed_twice": gettext_lazy("elle a plusieurs feuilles (%(detail)s)"),
    "sealed_late": gettext_lazy("elle n’avait pas été scellée à son heure ; elle l’est maintenant"),
    "unsealed_below_horizon": gettext_lazy("elle n’a plus de feuille, alors qu’une tête signée la contient"),
    "leaf_missing": gettext_lazy("la feuille %(detail)s a disparu"),
    "tile_missing": gettext_lazy("la tuile %(detail)s a disparu"),
    "tile_added": gettext_lazy("une tuile de trop (%(detail)s)"),
    "tile_changed": gettext_lazy("la tuile %(detail)s n’est plus celle de ses feuilles"),
    "leaves_beyond_head": gettext_lazy("des feuilles sont au-delà de la dernière tête signée (%(detail)s)"),
    "leaves_without_head": gettext_lazy("des feuilles, et aucune tête signée (%(detail)s)"),
    "head_beyond": gettext_lazy("elle compte plus d’entrées que le journal n’a de feuilles (%(detail)s)"),
    "head_root": gettext_lazy(
        "les entrées d’aujourd’hui ne mènent pas à sa racine ; ce qui a changé est entre %(detail)s"
    ),
    "heads_after": gettext_lazy("têtes suivantes qui ne tiennent pas non plus : %(detail)s"),
    "head_note": gettext_lazy("sa note n’a pas la forme voulue, ou ne dit pas ce que dit sa ligne"),
    "head_signature": gettext_lazy("aucune clé connue à ce moment ne l’a signée"),
    "head_origin": gettext_lazy("elle porte le nom d’un autre journal (%(detail)s)"),
    "head_key": gettext_lazy("elle est signée par une clé qui n’était pas celle du moment (%(detail)s)"),
    "key_statement": gettext_lazy("la clé %(detail)s n’a pas été annoncée par celle qui la précédait"),
    "receipt_key": gettext_lazy("la clé %(detail)s n’est pas reconnue par celle de la maison"),
    "kept_other_log": gettext_lazy("c’est la tête d’un autre journal (%(detail)s)"),
    "kept_key": gettext_lazy(
        "aucune clé de ce journal ne l’a signée : ses clés ont été remplacées, ou elle n’est pas de lui"
    ),
    "kept_cut": gettext_lazy(
        "elle compte %(detail)s entrées, le journal en compte moins : sa fin a été coupée, ou une sauvegarde remise en place"
    ),
    "kept_rewritten": gettext_lazy(
        "les %(detail)s premières entrées d’aujourd’hui ne mènent pas à sa racine : le journal a été réécrit depuis"
    ),
    "removed_leaving_payload": gettext_lazy("elle a été supprimée ; il en reste la part personnelle"),
    "removed_leaving_act": gettext_lazy("elle a été supprimée ; l’acte qui la citait est resté (%(detail)s)"),
    "another_act": gettext_lazy("elle ne parle pas de l’acte qui la cite (%(detail)s)"),
    "act_missing": gettext_lazy("l’acte dont elle parle a disparu (table %(detail)s)"),
    "act_without_entry": gettext_lazy("un acte ne cite aucune entrée (%(detail)s)"),
    "foreign_key_missing": gettext_lazy("la clé étrangère vers le journal a disparu (%(detail)s)"),
    "trigger_missing": gettext_lazy("le déclencheur %(detail)s a disparu"),
    "trigger_not_always": gettext_lazy("le déclencheur %(detail)s n’est plus actif en toute circonstance (ALWAYS)"),
    "trigger_changed": gettext_lazy("le déclencheur %(detail)s a été remplacé par un autre"),
    "table_missing": gettext_lazy("la table %(detail)s a disparu"),
    "trigger_added": gettext_lazy("un déclencheur étranger a été ajouté (%(detail)s)"),
    "event_guard_missing": gettext_lazy("le déclencheur d’événement %(detail)s, qui garde le schéma, a disparu"),
    "event_guard_changed": gettext_lazy("ce qui garde le schéma n’est plus ce qui a été installé (%(detail)s)"),
    "schema_changed": gettext_lazy("le schéma du journal a changé pendant que ses gardes dormaient"),
    "column_changed": gettext_lazy("PostgreSQL n’écrit plus lui-même la colonne %(detail)s"),
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


# Where something is wrong that is no entry; in the order in which it is told, after the entries.
PLACES = {
    "tree": gettext_lazy("Arbre scellé : %(wrong)s."),
    "head": gettext_lazy("Tête signée à %(named)s entrées : %(wrong)s."),
    "kept": gettext_lazy("Tête gardée (%(named)s) : %(wrong)s."),
    "keys": gettext_lazy("Clés des reçus : %(wrong)s."),
    "guards": gettext_lazy("Gardes de la base : %(wrong)s."),
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
    """An entry that does not hold, with everything wrong with it; `entry` is None where something else is at fault.

    Then `place` says what: the guards, the keys of receipts, the tree, a signed head, a head kept outside (`named` is its size
    or its file).
    """

    entry: int | None
    flaws: tuple[Flaw, ...]
    uuid: str = ""
    action: str = ""
    place: str = "guards"
    named: str = ""

    @property
    def sentence(self) -> str:
        """« Entrée n° 17 (disclosure.released, 4f2a…) : … », in the reader's language."""
        wrong = " ; ".join(flaw.sentence for flaw in self.flaws)
        if self.entry is None:
            return str(PLACES[self.place]) % {"named": self.named, "wrong": wrong}
        known = ", ".join(word for word in (self.action, self.uuid) if word)
        name = f"{self.entry} ({known})" if known else str(self.entry)
        return _("Entrée n° %(name)s : %(wrong)s.") % {"name": name, "wrong": wrong}

    @property
    def as_plain(self) -> dict[str, Any]:
        """For a program, and for whoever keeps it: codes beside the sentence."""
        return {
            "entry": self.entry,
            "uuid": self.uuid or None,
            "action": self.action or None,
            "place": "entry" if self.entry is not None else self.place,
            "flaws": [{"code": flaw.code, "detail": flaw.detail} for flaw in self.flaws],
            "sentence": self.sentence,
        }


@dataclass(slots=True)
class Tally:
    """The faults found so far: all are counted, the first `KEPT` are kept, so that memory does not grow."""

    count: int = 0
    entries: dict[int, Fault] = field(default_factory=dict)
    others: dict[str, list[Fault]] = field(default_factory=lambda: {place: [] for place in PLACES})

    def add(self, fault: Fault) -> None:
        """Count one entry (or guard) at fault; what is found later about an entry joins what was found first."""
        known = self.entries.get(fault.entry) if fault.entry is not None else None
        if fault.entry is not None and known is not None:
            flaws = (*known.flaws, *(flaw for flaw in fault.flaws if flaw not in known.flaws))
            self.entries[fault.entry] = Fault(
                fault.entry, flaws, known.uuid or fault.uuid, known.action or fault.action
            )
            return
        self.count += 1
        if fault.entry is None:
            if len(self.others[fault.place]) < KEPT:
                self.others[fault.place].append(fault)
        else:
            self.entries[fault.entry] = fault
            if len(self.entries) > KEPT:
                del self.entries[max(self.entries)]

    @property
    def in_order(self) -> list[Fault]:
        """By entry, the earliest first; then the tree, its heads, the heads kept outside, the keys; the guards last."""
        return [
            *(self.entries[one] for one in sorted(self.entries)),
            *(fault for faults in self.others.values() for fault in faults),
        ]
