"""What an action of the trail and an access are called. The code is stored; a new one needs its words here and a sentence."""

from django.utils.translation import gettext_lazy as _

# In the order in which a filter lists them: the life of a situation.
ACTIONS = {
    "case.opened": _("Situation ouverte"),
    "case.assigned": _("Situation attribuée"),
    "case.unassigned": _("Fin d’attribution"),
    "involvement.recorded": _("Intervention notée"),
    "involvement.ended": _("Fin d’intervention"),
    "item.added": _("Élément noté"),
    "information.given": _("Personne informée"),
    "information.withheld": _("Information différée"),
    "consent.given": _("Accord donné"),
    "consent.refused": _("Accord refusé"),
    "consent.withdrawn": _("Accord retiré"),
    "objection.recorded": _("Opposition notée"),
    "disclosure.released": _("Communication"),
    "disclosure.refused": _("Pas en l’état"),
    "disclosure.awaiting_opinion": _("Avis attendu"),
    "disclosure.not_sent": _("Non envoyée"),
    "disclosure.opened": _("Lue"),
    "disclosure.acknowledged": _("Accusé de réception"),
    "disclosure.closed": _("Lecture fermée"),
    "narrowing.proposed": _("Réglage proposé"),
    "narrowing.approved": _("Réglage approuvé"),
    "narrowing.refused": _("Réglage refusé"),
    "narrowing.lift_proposed": _("Levée d’un réglage proposée"),
    "narrowing.lift_approved": _("Levée d’un réglage approuvée"),
    "narrowing.lift_refused": _("Levée d’un réglage refusée"),
}
# The chip that goes with an action: kinds of templates/components/chip.html.
CHIPS = {
    "disclosure.released": "given",
    "disclosure.refused": "refused",
    "disclosure.awaiting_opinion": "pending",
    "disclosure.not_sent": "refused",
    "disclosure.opened": "read",
    "disclosure.acknowledged": "read",
    "consent.given": "given",
    "consent.refused": "refused",
    "consent.withdrawn": "refused",
    "objection.recorded": "refused",
    "information.withheld": "pending",
    "narrowing.proposed": "pending",
    "narrowing.approved": "given",
    "narrowing.refused": "refused",
    "narrowing.lift_proposed": "pending",
    "narrowing.lift_approved": "given",
    "narrowing.lift_refused": "refused",
}
# A verdict is said by the action that records it: an index answers, no body is read.
VERDICTS = {
    "allow": (_("Autorisé"), ("disclosure.released", "disclosure.not_sent")),
    "review": (_("Avis d’un cadre attendu"), ("disclosure.awaiting_opinion",)),
    "deny": (_("Pas en l’état"), ("disclosure.refused",)),
}
# What somebody did, and what somebody could not do.
ACCESSES = {
    "session.opened": (_("a ouvert une session"), _("ouvrir une session")),
    "session.refused": (_("a ouvert une session"), _("ouvrir une session")),
    "session.closed": (_("a fermé sa session"), _("fermer sa session")),
    "session.ended": (_("a vu sa session terminée"), _("continuer sa session : plus de rattachement en vigueur")),
    "acting.chosen": (_("a choisi au nom de quel service agir"), _("agir au nom de ce service")),
    "person.matched": (_("a retrouvé une personne déjà connue de son service"), _("retrouver une personne")),
    "case.opened": (_("a ouvert une situation"), _("ouvrir une situation")),
    "case.read": (_("a lu une situation"), _("lire une situation")),
    "case.assignments_opened": (_("a lu qui suit une situation"), _("lire qui suit une situation")),
    "case.assignment_refused": (_("a changé qui suit une situation"), _("changer qui suit une situation")),
    "identity.page_opened": (
        _("a ouvert la page d’identité d’une personne"),
        _("ouvrir la page d’identité d’une personne"),
    ),
    "identity.revealed": (_("a affiché l’identité complète d’une personne"), _("afficher une identité complète")),
    "item.new_opened": (_("a commencé à noter un élément"), _("noter un élément")),
    "item.opened": (_("a lu un élément"), _("lire un élément")),
    "involvement.opened": (
        _("a lu qui intervient auprès d’une personne"),
        _("lire qui intervient auprès d’une personne"),
    ),
    "consent.opened": (_("a ouvert la parole d’une personne"), _("ouvrir la parole d’une personne")),
    "disclosure.seen_by_sender": (_("a relu une communication envoyée"), _("relire une communication envoyée")),
    "disclosure.refused_to_reader": (
        _("a lu une communication reçue"),
        _("lire une communication adressée à d’autres"),
    ),
    "disclosure.opened": (_("a lu une communication reçue"), _("lire une communication")),
    "disclosure.stub_shown": (_("a retrouvé une communication"), _("relire une communication : elle est fermée")),
    "trail.searched": (_("a consulté le journal"), _("consulter le journal")),
    "trail.entry_read": (_("a lu une entrée du journal"), _("lire une entrée du journal")),
    "trail.verified": (_("a vérifié l’intégrité du journal"), _("vérifier l’intégrité du journal")),
    "accesses.searched": (_("a consulté le journal des accès"), _("consulter le journal des accès")),
}
