"""« À faire aujourd’hui »: what waits for whoever acts, whatever her role; each section in a constant number of statements."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Case, opened_by
from consent.counting import still_given
from consent.models import Consent
from partners.clock import PARIS, last_day
from partners.dates import day
from partners.models import Agreement, AgreementParty, Function, Membership
from partners.settings_words import to_decide
from sharing import duty_page
from sharing.daily import between, deferred, trail, usefulness
from sharing.daily.anomalies import anomalies
from sharing.daily.desk import Desk
from sharing.daily.lines import SHOWN, Line, Section, section
from sharing.daily.majority import majority
from sharing.daily.people import people
from sharing.daily.same_person import same_person
from sharing.models import DecisionRecord, Disclosure, Draft
from sharing.outcome import DENY
from sharing.stopping.blocked import blocked

SOON = timedelta(days=30)
REFUSED_SHOWN = 3
SERVED_SHOWN = 3

Builder = Callable[[Desk], Section | None]


def of(by: Membership, at: datetime) -> list[Section]:
    """Every section that holds something, what presses first."""
    return of_desk(Desk(by, at))


def of_desk(desk: Desk) -> list[Section]:
    """The same, of a desk that is read for more."""
    found = [one for build in BUILDERS if (one := build(desk)) is not None]
    return sorted(found, key=lambda one: (not one.presses, not one.late))


def received(desk: Desk) -> Section | None:
    """What came and can still be read, the oldest first: unread, then read and not acknowledged."""
    rows = sorted(desk.received, key=lambda one: (one.opened_at is not None, one.opened_at or desk.at, one.released_at))

    def said(one: Disclosure) -> str:
        text = _("Accuser réception de %(ref)s") if one.opened_at else _("Lire %(ref)s")
        return text % {"ref": one.reference}

    lines = [
        Line(
            text=said(one),
            url=reverse("sharing:received", args=[one.pk]),
            soft=f"{one.author.institution} · {day(one.released_at)}",
            kind="urgent" if one.urgent else "",
            chip=_("urgence") if one.urgent else "",
        )
        for one in rows[:SHOWN]
    ]
    return section("received", _("Reçu"), lines, count=len(rows), all_url=reverse("sharing:inbox"))


def duties(desk: Desk) -> Section | None:
    """What communications ask, the nearest first."""
    # What is examined after the event stands with the opinions to give.
    found = duty_page.nearest(desk.duties, desk.at)
    if found is None:
        return None
    lines = [
        Line(
            text=one.text,
            url=one.url,
            soft=" · ".join(
                part
                for part in (_("Situation %(ref)s") % {"ref": one.where} if one.where else "", one.since, one.towards)
                if part
            ),
            kind=one.kind,
            chip=one.due,
        )
        for one in found["lines"]
    ]
    return section(
        "duties",
        _("Ce que les communications vous demandent"),
        lines,
        count=found["count"],
        all_url=reverse("sharing:duties"),
        late=found["late"],
    )


def settings(desk: Desk) -> Section | None:
    """Local settings that somebody else proposed."""
    waiting = to_decide(desk.by, desk.at)
    lines = [
        Line(text=str(one.place), url=reverse("partners:narrowing", args=[one.narrowing.pk]), soft=str(one.since))
        for one in waiting[:SHOWN]
    ]
    return section("settings", _("Réglages à décider"), lines, count=len(waiting))


def ending(desk: Desk) -> Section | None:
    """Agreements that she collected and that end within thirty days."""
    shown, many = desk.taken(_ending)
    lines = [
        Line(
            text=f"{one.case.reference} · {one.person.short_name}",
            url=reverse("consent:list", args=[one.case.reference]),
            soft=_("%(where)s, jusqu’au %(day)s")
            % {"where": one.recipient.institution, "day": date_format(last_day(one.valid_until), "j F Y")},
        )
        for one in shown
    ]
    return section("ending", _("Accords qui se terminent sous 30 jours"), lines, count=many)


def _ending(by: Membership, at: datetime) -> QuerySet[Consent]:
    return (
        still_given(Consent.objects.all())
        .filter(
            person__in=Case.objects.visible_to(by).values("person"),
            collected_by=by,
            valid_until__gt=at,
            valid_until__lte=at + SOON,
        )
        .select_related("case", "person", "recipient__institution")
        .order_by("valid_until")
    )


def conventions(desk: Desk) -> Section | None:
    """Agreements between institutions that end within thirty days, for who keeps the directory or heads a team."""
    if not desk.by.has_function(Function.DIRECTORY_ADMIN, Function.TEAM_LEAD):
        return None
    shown, many = desk.taken(_conventions)
    lines = [
        Line(
            text=_("Convention n° %(number)s") % {"number": one.number},
            url=reverse("partners:agreement", args=[one.pk]),
            soft=_("jusqu’au %(day)s") % {"day": date_format(one.ends_on, "j F Y")},
        )
        for one in shown
    ]
    return section("conventions", _("Conventions qui se terminent sous 30 jours"), lines, count=many)


def _conventions(by: Membership, at: datetime) -> QuerySet[Agreement]:
    today = at.astimezone(PARIS).date()
    ours = AgreementParty.objects.filter(agreement=OuterRef("pk"), institution=by.institution_id)
    rows = Agreement.objects.visible_to(by).filter(
        Exists(ours), starts_on__lte=today, ends_on__gte=today, ends_on__lte=today + SOON, suspended_at=None
    )
    return rows.order_by("ends_on")


def unread(desk: Desk) -> Section | None:
    """What she sent more than five days ago and that nobody opened."""
    rows = sorted(desk.unread, key=lambda one: one.released_at)
    lines = [
        Line(
            text=f"{one.case.reference} · {one.case.person.short_name}",
            url=reverse("sharing:sent_one", args=[one.pk]),
            soft=_("%(where)s, communiqué le %(day)s")
            % {"where": one.recipient.institution, "day": day(one.released_at)},
        )
        for one in rows[:SHOWN]
    ]
    return section("unread", _("Non lu depuis plus de cinq jours"), lines, count=len(rows), presses=False)


def drafts(desk: Desk) -> Section | None:
    """What she began."""
    shown, many = desk.taken(_drafts)
    stopped = blocked(shown, desk.by, desk.at)

    def soft(draft: Draft) -> str:
        saved = _("enregistré le %(at)s") % {"at": date_format(draft.saved_at.astimezone(PARIS), "j F Y, H:i")}
        return f"{draft.recipient.institution} · {saved}" if draft.recipient else saved

    lines = [
        Line(
            text=f"{one.case.reference} · {one.case.person.short_name}",
            url=reverse("sharing:compose", args=[one.case.reference, one.pk]),
            soft=soft(one),
            kind="refused" if one.pk in stopped else "pending" if one.second_look_at else "",
            chip=stopped.get(one.pk) or _second_look(one, desk.at),
        )
        for one in shown
    ]
    return section("drafts", _("Brouillons à reprendre"), lines, count=many, presses=False)


def _drafts(by: Membership, at: datetime) -> QuerySet[Draft]:
    return (
        Draft.objects.visible_to(by)
        .filter(sent_at=None, discarded_at=None)
        .exclude(purpose="", recipient=None, benefit="")
        .select_related("case__person", "recipient__institution", "recipient__professional")
        .order_by("-saved_at")
    )


def _second_look(draft: Draft, at: datetime) -> str:
    if draft.second_look_at is None:
        return ""
    if draft.second_look_at > at:
        return _("à relire le %(day)s") % {"day": day(draft.second_look_at)}
    return _("à relire depuis le %(day)s") % {"day": day(draft.second_look_at)}


def refused(desk: Desk) -> Section | None:
    """What the rules did not let leave this month, to be looked at again or left."""
    lines = [
        Line(
            text=f"{one.case.reference} · {one.case.person.short_name}",
            url=reverse("sharing:case", args=[one.case.reference]),
            soft=f"{one.recipient.institution} · {_('Pas en l’état')} · {day(one.decided_at)}",
        )
        for one in desk.rows(_refused)
    ]
    return section("refused", _("Ce qui n’est pas parti"), lines, presses=False)


def _refused(by: Membership, at: datetime) -> QuerySet[DecisionRecord]:
    return (
        DecisionRecord.objects.filter(author=by, case__one_of=opened_by(by), decided_at__gte=at - SOON, verdict=DENY)
        .exclude(pk__in=Disclosure.objects.values("record"))
        .filter(Q(draft=None) | Q(draft__sent_at=None, draft__discarded_at=None))
        .select_related("case__person", "recipient__institution")
        .order_by("-decided_at")[:REFUSED_SHOWN]
    )


def served(desk: Desk) -> Section | None:
    """« A-t-il servi ? », a month after, of what she sent and of what she read."""
    shown, many = desk.taken(_served)

    def soft(one: Disclosure) -> str:
        mine = one.author_id == desk.by.pk
        where = one.recipient.institution if mine else one.author.institution
        text = _("%(where)s, communiqué le %(day)s") if mine else _("%(where)s, reçu le %(day)s")
        return text % {"where": where, "day": day(one.released_at)}

    lines = [
        Line(
            text=_("%(ref)s a-t-elle servi ?") % {"ref": one.reference},
            url=reverse("sharing:usefulness", args=[one.pk]),
            soft=soft(one),
        )
        for one in shown[:SERVED_SHOWN]
    ]
    title = ngettext("Un mois après : a-t-elle servi ?", "Un mois après : ont-elles servi ?", many)
    return section("served", title, lines, count=many, presses=False)


def _served(by: Membership, at: datetime) -> QuerySet[Disclosure]:
    asked = usefulness.asked_of_author(by, at) | usefulness.asked_of_recipient(by, at)
    return asked.select_related("author__institution", "recipient__institution").order_by("released_at")


BUILDERS: tuple[Builder, ...] = (
    trail.trail_alarms,
    received,
    between.requests,
    between.rectifications,
    between.reviews,
    between.incidents,
    duties,
    between.deliveries,
    between.answers,
    between.opinions,
    between.consultations,
    between.sheets,
    same_person,
    people,
    settings,
    anomalies,
    deferred.deferred,
    ending,
    majority,
    conventions,
    unread,
    drafts,
    refused,
    served,
)
