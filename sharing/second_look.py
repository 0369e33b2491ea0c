"""« Relire demain »: time given to oneself on what is most sensitive and does not press (law.md, P-20). It stops nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from partners.models import Membership
from sharing.models import Draft

A_NIGHT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class AnotherLook:
    """Whether a second look is offered; ``until``: the instant asked for, if one was; ``since``: whether it is past."""

    offered: bool
    until: datetime | None
    since: bool


def line(draft: Draft, *, at: datetime) -> str:
    """What the lists of drafts say of it; empty where no second look was asked for."""
    until = draft.second_look_at
    if until is None:
        return ""
    said = _("à relire depuis le %(at)s") if until <= at else _("à relire à partir du %(at)s")
    return said % {"at": date_format(timezone.localtime(until), "j F Y, H:i")}


@transaction.atomic
def put_off(*, draft: Draft, by: Membership, at: datetime) -> datetime | None:
    """Keep the draft and note from when its author wants to read it again: 24 hours on. Sending before stays free.

    None where the draft is not hers, has left or was given up.
    """
    until = at + A_NIGHT
    mine = Draft.objects.filter(pk=draft.pk, author=by, sent_at=None, discarded_at=None)
    if not mine.update(second_look_at=until):
        return None
    draft.second_look_at = until
    return until


def another_look(draft: Draft, *, offered: bool, at: datetime) -> AnotherLook:
    """What the check page says of it: offered where it makes sense, kept in sight where it was asked for."""
    until = draft.second_look_at
    return AnotherLook(offered=offered or until is not None, until=until, since=until is not None and until <= at)
