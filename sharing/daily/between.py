"""Of the first page, what professionals wait for from each other: requests, opinions, examinations, hand-overs, incidents."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners import agreement_words, clock, sheet_words, succession_words
from partners.dates import day
from partners.models import Membership
from sharing.asking import home as asking
from sharing.consulting import standing
from sharing.daily.desk import Desk
from sharing.daily.lines import Line, Section, section, taken
from sharing.duty_page import due_in_words
from sharing.models import Consultation, Disclosure, Incident, IncidentAct, Review
from sharing.reviewing import examined
from sharing.reviewing import home as reviewing
from sharing.reviewing.examined import Examined
from sharing.reviewing.standing import last_of_each, stopped
from sharing.rights import waiting as rectifying
from sharing.urgency import delivering


def requests(desk: Desk) -> Section | None:
    """Requests that she may answer, with the days left."""
    lines = [
        Line(
            text=_("Répondre à %(ref)s") % {"ref": one.request.reference},
            url=reverse("sharing:request", args=[one.request.pk]),
            soft=f"{one.request.asker.institution} · {day(one.request.sent_at)}",
            kind=_pressing(one.days_left),
            chip=_left(one.days_left),
        )
        for one in asking.to_answer(by=desk.by, at=desk.at)
    ]
    late = sum(line.kind == "overdue" for line in lines)
    return section("requests", _("Demandes à répondre"), lines, all_url=reverse("sharing:requests"), late=late)


def rectifications(desk: Desk) -> Section | None:
    """Corrections asked of what she wrote, each due within a month; for a team lead, of what nobody is left to answer for."""
    today = clock.day_of(desk.at)
    lines = [
        Line(
            text=_("Répondre à une demande de rectification"),
            url=one.url,
            soft=_("Situation %(ref)s") % {"ref": one.reference},
            kind=_pressing((one.due_on - today).days),
            chip=_left((one.due_on - today).days),
        )
        for one in rectifying.waiting_among(desk.rows(rectifying.read_for), desk.cases)
    ]
    late = sum(line.kind == "overdue" for line in lines)
    return section("rectifications", _("Rectifications à décider"), lines, late=late)


def _pressing(days: int | None) -> str:
    if days is None:
        return ""
    return "overdue" if days < 0 else "pending"


def _left(days: int | None) -> str:
    """« encore 3 jours », « en retard de 2 jours »."""
    if days is None:
        return ""
    if days < 0:
        return ngettext("en retard d’un jour", "en retard de %(days)d jours", -days) % {"days": -days}
    if not days:
        return _("aujourd’hui")
    return ngettext("encore un jour", "encore %(days)d jours", days) % {"days": days}


def answers(desk: Desk) -> Section | None:
    """What her own requests came to, and that she has not read."""
    lines = [
        Line(
            text=_("Réponse à %(ref)s") % {"ref": one.reference},
            url=reverse("sharing:request", args=[one.pk]),
            soft=f"{one.asked.institution} · {day(one.ended_at)}",
        )
        for one in asking.outcomes(by=desk.by)
    ]
    return section("answers", _("Réponses reçues"), lines, all_url=reverse("sharing:requests"))


def _of(waiting: "reviewing.Waiting | None") -> tuple[list[Line], int]:
    if waiting is None:
        return [], 0
    lines = [Line(text=one.text, url=one.url, soft=one.small, kind=one.kind, chip=one.chip) for one in waiting.lines]
    return lines, waiting.count


def reviews(desk: Desk) -> Section | None:
    """Opinions to give, then what is to be examined after the event."""
    given, many = _of(reviewing.for_reviewer(_awaited(desk), desk.by, desk.at))
    after, more = _of(reviewing.to_examine(_to_examine(desk), desk.at))
    lines = given + after
    late = sum(line.kind == "overdue" for line in lines)
    return section(
        "reviews", _("Avis et examens"), lines, count=many + more, all_url=reverse("sharing:control"), late=late
    )


def _awaited(desk: Desk) -> list[Review]:
    """What her word has not stopped since."""
    over = stopped(desk.awaited, desk.again) if desk.awaited else set()
    return [one for one in desk.awaited if one.pk not in over]


def _to_examine(desk: Desk) -> list[Examined]:
    return examined.in_order(examined.examinations(desk.to_examine, desk.examinations)) if desk.to_examine else []


def opinions(desk: Desk) -> Section | None:
    """Where the opinions stand that she asked, and what was concluded of what she sent."""
    asked, many = _of(reviewing.for_author(last_of_each(desk.asked, desk.again), desk.at))
    concluded, more = _of(reviewing.concluded_for(desk.rows(reviewing.concluded_of), desk.at))
    return section("opinions", _("Avis demandés"), asked + concluded, count=many + more)


def deliveries(desk: Desk) -> Section | None:
    """What left for somebody without an account, and that nobody noted as received."""
    shown, many = desk.taken(_to_deliver)
    lines = [
        Line(
            text=_("Qui a reçu %(ref)s, et quand ?") % {"ref": one.reference},
            url=reverse("sharing:handover", args=[one.pk]),
            soft=f"{one.recipient.institution} · {day(one.released_at)}",
            kind="urgent" if one.urgent else "",
            chip=_("urgence") if one.urgent else "",
        )
        for one in shown
    ]
    return section("deliveries", _("Remises à noter"), lines, count=many)


def _to_deliver(by: Membership, at: datetime) -> QuerySet[Disclosure]:
    return delivering.awaited(by).select_related("recipient__institution").order_by("-urgent", "released_at")


def incidents(desk: Desk) -> Section | None:
    """Incidents that are open, with the time left before the authority is to be told."""
    closed = IncidentAct.objects.filter(kind=IncidentAct.Kind.CLOSED).values("incident")
    shown, many = taken(Incident.objects.visible_to(desk.by).exclude(pk__in=closed).order_by("due_at"))
    lines = [
        Line(
            text=_("Incident %(ref)s") % {"ref": one.reference},
            url=reverse("sharing:incident", args=[one.pk]),
            soft=str(one.get_kind_display()),
            kind="overdue" if one.due_at <= desk.at else "pending",
            chip=due_in_words(one.due_at, desk.at),
        )
        for one in shown
    ]
    late = sum(line.kind == "overdue" for line in lines)
    return section(
        "incidents", _("Incidents en cours"), lines, count=many, all_url=reverse("sharing:incidents"), late=late
    )


def consultations(desk: Desk) -> Section | None:
    """Advice that is asked of her without a name, and advice that came to her."""
    shown, many = desk.taken(_advice_asked)
    answered, more = desk.taken(_advice_read)
    lines = [
        *(_consultation(one, _("Donner un avis sur %(ref)s"), str(one.author.institution)) for one in shown),
        *(_consultation(one, _("Lire les avis reçus sur %(ref)s"), "") for one in answered),
    ]
    all_url = reverse("sharing:consultations")
    return section("consultations", _("Consultations sans le nom"), lines, count=many + more, all_url=all_url)


def _advice_asked(by: Membership, at: datetime) -> QuerySet[Consultation]:
    return standing.asked_of(by)


def _advice_read(by: Membership, at: datetime) -> QuerySet[Consultation]:
    return standing.answered_to(by)


def _consultation(one: Consultation, text: str, place: str) -> Line:
    return Line(
        text=text % {"ref": one.reference},
        url=reverse("sharing:consultation", args=[one.pk]),
        soft=" · ".join(part for part in (place, day(one.opened_at)) if part),
    )


def sheets(desk: Desk) -> Section | None:
    """Of the directory, what waits for her institution: sheets to validate or write again, agreements to sign, a succession."""
    address = reverse("partners:to_validate")
    tended, stale = sheet_words.to_tend(desk.by, desk.at)
    lines = [
        *(Line(text=_("Fiche de mission à relire"), url=address, soft=str(one.about)) for one in tended),
        *(
            Line(text=_("Convention n°\u00a0%(number)s à signer") % {"number": one.agreement.number}, url=address)
            for one in agreement_words.to_sign(desk.by, desk.at)
        ),
        *(
            Line(text=_("Succession à accepter ou refuser"), url=address, soft=str(one.closing))
            for one in succession_words.to_answer(desk.by)
        ),
        *(Line(text=_("Fiche de mission à revoir"), url=address, soft=str(one.about)) for one in stale),
    ]
    return section("sheets", _("Annuaire\u00a0: à valider"), lines, all_url=address)
