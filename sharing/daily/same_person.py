"""Of two sheets that may be of one person, what waits for whoever acts: an answer to give."""

from datetime import datetime

from django.utils.translation import gettext as _

from cases import linking_shown
from partners.models import Membership
from sharing.daily.lines import Line, Section, section


def same_person(by: Membership, at: datetime) -> Section | None:
    """The proposals that she may answer; no statement where she answers none."""
    lines = [Line(text=one.text, url=one.url, soft=one.soft) for one in linking_shown.to_decide(by)]
    return section("same_person", _("Même personne\u00a0: à valider"), lines)
