"""Of two sheets that may be of one person, what waits for whoever acts: an answer to give."""

from django.utils.translation import gettext as _

from cases import linking_shown
from sharing.daily.desk import Desk
from sharing.daily.lines import Line, Section, section


def same_person(desk: Desk) -> Section | None:
    """The proposals that she may answer; no statement where she answers none."""
    lines = [Line(text=one.text, url=one.url, soft=one.soft) for one in linking_shown.to_decide(desk.by)]
    return section("same_person", _("Même personne\u00a0: à valider"), lines)
