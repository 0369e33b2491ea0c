"""The moment at which every door is tried: a case, a draft that waits, a disclosure that left, an agreement taken back."""

import uuid
from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.test.client import ClientHandler

from audit import alarms, verifying
from audit.models import Alarm, Entry, Verification
from cases import rights
from cases.linking import propose_by_reference
from cases.models import Assignment, Limitation, PersonStatus, Rectification
from cases.models.linking import PersonLink
from cases.standing_acts import record_status
from consent import registry, scans
from consent.models import Consent, Objection, Scan
from consent.papers_received import Paper
from partners import clock, narrowing, registering, succeeding
from partners.accounts import changing, inviting, losing
from partners.accounts.posts import Post
from partners.cards import Card
from partners.models import (
    FactorLoss,
    Forum,
    FunctionChange,
    InstitutionChange,
    Invitation,
    Membership,
    Narrowing,
    Professional,
    Succession,
)
from sharing.consulting import acts as consulting
from sharing.incidents.acts import open_incident
from sharing.models import ApiToken, Call, Consultation, Disclosure, Draft, Incident, InformationRequest, Review
from tests import personas
from tests.accounts.factors import with_application
from tests.aloud.ways import say
from tests.api.ways import token_of
from tests.asking import ways as requests
from tests.duties.ways import concern
from tests.keeping.ways import log
from tests.personas import Territory
from tests.reviewing.ways import submitted
from tests.sharing.ways import draft_of, send
from tests.urgency.ways import sound

UNKNOWN_REFERENCE = "2020-99999"
KEY = 700_000_001
A_PAPER = Paper(kind=Scan.Kind.PDF, content=b"%PDF-1.7 signed", pages=1, received_digest="5c" * 32)


@dataclass(frozen=True)
class Scene:
    """What the addresses name, and who knocks."""

    territory: Territory
    waiting: Draft
    sent: Disclosure
    agreed: Consent
    withdrawn: Consent
    scan: Scan
    """The paper of the agreement that was taken back."""
    objected: Objection
    """Camille would have told M. Aubin, for another purpose."""
    asked: InformationRequest
    """Camille asks Mme Lantier what the school knows."""
    consultation: Consultation
    """Camille asks Leïla, without the name."""
    alarm: Disclosure
    """Camille calls the 17, which has no account."""
    spoken: Disclosure
    """Camille told Mme Lantier by telephone what she should not have."""
    call: Call
    """The police called Camille, about the case."""
    assignment: Assignment
    entry: Entry
    incident: Incident
    """The département's, which Claire follows up."""
    forum: Forum
    proposed: Narrowing
    """By somebody else at the département: Claire may decide it."""
    narrowed: Narrowing
    """In force at the département."""
    succession: Succession
    """The département would close, and the clinic succeed it."""
    review: Review
    """Camille asks an opinion, that Nadia may give."""
    hasty: Disclosure
    """It left at once: Nadia examines it afterwards."""
    noted: PersonStatus
    """Camille notes what the child understands."""
    contested: Rectification
    """The mother asks that the absences be corrected."""
    limited: Limitation
    """The sharing of the language report is stopped."""
    link: PersonLink
    """Camille thinks that another sheet of the house is the child's too."""
    verification: Verification
    """Yann asks that everything be verified."""
    ringing: Alarm
    """The sealer is silent: no sharing waits for it."""
    token: ApiToken
    """A program acts for Camille."""
    former_token: str
    """Another acted for who left."""
    theirs: ApiToken
    """And one for Irène Marchand, of the département: Claire may end it."""
    adding: InstitutionChange
    """The département would add an institution to the directory: Claire may agree."""
    lost: FactorLoss
    """Irène Marchand's telephone: whoever tends the département's directory reported it, Claire may answer."""
    key: Authenticator
    """Of the former member: nobody may touch it."""
    invited: tuple[Invitation, str]
    """Nadia invites Zoé Martin; the secret is in the letter alone."""
    changing: FunctionChange
    """That Irène Marchand control the trail of the département too: Claire may agree."""
    former: Membership
    superuser: Professional
    cookies: dict[str, str] = field(default_factory=dict)
    """Persona → her session, opened once."""
    handler: ClientHandler = field(default_factory=lambda: ClientHandler(enforce_csrf_checks=False))
    """The middleware, loaded once: no knock changes the settings."""

    def client(self, persona: str) -> Client:
        """Somebody at the door, signed in unless she is anonymous."""
        client = Client()
        client.handler = self.handler
        if persona == "anonymous":
            return client
        if persona not in self.cookies:
            entering = Client()
            if persona == "superuser":
                entering.force_login(self.superuser)
            else:
                personas.signed_in(self.former if persona == "former" else getattr(self.territory, persona), entering)
            self.cookies[persona] = entering.cookies[settings.SESSION_COOKIE_NAME].value
        client.cookies[settings.SESSION_COOKIE_NAME] = self.cookies[persona]
        return client


def build() -> Scene:
    """Through the real acts, in the current database."""
    territory = personas.build()
    agreed = personas.parents_agree(territory)
    released = send(draft_of(territory), territory.camille).disclosure
    assert released is not None
    waiting = draft_of(territory)
    withdrawn = personas.parents_agree(territory, recipient=territory.aubin, purpose="suivi_medico_social")
    registry.withdraw(consent=withdrawn, form="in_person", own_words="", by=territory.camille)
    assert released.draft is not None
    alarm = sound(territory, personas.rescue(territory)).disclosure
    assert alarm is not None
    former = personas.post(
        personas.professional("Odile", "Partie"),
        territory.house,
        "ass_secteur",
        "Assistante sociale",
        "profession",
        "CASF L411-3",
    )
    personas.assign(territory.case, former, territory.camille)
    former_token = token_of(former).secret
    personas.end_post(former)
    tender = personas.tends_the_directory(territory)
    proposed, narrowed = (
        narrowing.propose(
            place=territory.department,
            takes=narrowing.Takes(categories=(category,)),
            why="Bilan de l’année.",
            wanted_on=clock.day_of(clock.now()),
            by=tender,
        )
        for category in ("logement", "addiction")
    )
    narrowing.decide(proposal=narrowed, approved=True, sentence="Proportionné.", by=territory.claire)
    crip = personas.post(
        personas.professional("Irène", "Marchand"),
        territory.department,
        "crip",
        "Responsable",
        "mission",
        "CASF L226-3",
    )
    superuser = Professional.objects.create_user(
        "root@tact.example", personas.PASSWORD, first_name="Racine", last_name="Machine", is_superuser=True
    )
    return Scene(
        territory=territory,
        waiting=waiting,
        sent=released,
        agreed=agreed,
        withdrawn=withdrawn,
        scan=scans.keep(
            case=territory.case, sitting=withdrawn.sitting or uuid.uuid4(), paper=A_PAPER, by=territory.camille
        ),
        objected=personas.parents_object(territory),
        asked=requests.sent(territory),
        consultation=consulting.ask(
            case=territory.case,
            participants=[territory.leila],
            domain="protection_enfance",
            age_band="6_11",
            situation="Un enfant ne vient plus en classe.",
            question="Comment reprendre contact ?",
            marks=(),
            not_names=False,
            by=territory.camille,
        ),
        alarm=alarm,
        spoken=say(territory)[0],
        call=log(territory),
        assignment=Assignment.objects.get(case=territory.case, membership=territory.camille),
        entry=Entry.objects.latest("pk"),
        incident=open_incident(
            kind=Incident.Kind.TO_INVESTIGATE,
            institution=territory.department,
            disclosure=None,
            case=None,
            by=territory.yann,
        ),
        forum=personas.forum(territory),
        proposed=proposed,
        narrowed=narrowed,
        succession=succeeding.propose(
            successor=territory.clinic, why="Regroupement.", wanted_on=clock.day_of(clock.now()), by=tender
        ),
        review=submitted(territory),
        hasty=concern(territory, crip),
        link=propose_by_reference(
            first=territory.child, reference="2019-0007", reason="Même mère.", by=territory.camille
        ),
        noted=record_status(
            case=territory.case,
            kind=PersonStatus.Kind.DISCERNMENT,
            note="Redit avec ses mots ce qui lui est expliqué.",
            by=territory.camille,
        ),
        contested=rights.request_rectification(
            item=territory.absences, asked_by=territory.mother, text="Pas tous les mardis.", by=territory.camille
        ),
        limited=rights.limit(
            case=territory.case,
            item=territory.language,
            ground="accuracy",
            asked_by=territory.mother,
            text="",
            by=territory.camille,
        ),
        invited=inviting.invite(
            post=Post(
                email="zoe.martin@vallieres.fr",
                first_name="Zoé",
                last_name="Martin",
                role="ass_secteur",
                job_title="Assistante sociale",
            ),
            by=territory.nadia,
        ),
        changing=changing.propose(membership=crip, functions=("auditor",), why="Contrôle du journal.", by=tender),
        former=former,
        lost=lost_by(crip, tender),
        key=Authenticator.objects.create(pk=KEY, user=former.professional, type="webauthn", data={"name": "Sa clé"}),
        superuser=superuser,
        verification=verifying.ask(by=territory.yann.pk),
        ringing=rung(),
        token=token_of(territory.camille).token,
        former_token=former_token,
        theirs=token_of(crip).token,
        adding=registering.propose(
            card=Card(name="Foyer des Acacias", kind="Maison d’enfants"),
            why="Il accueille des enfants d’ici.",
            by=tender,
        ),
    )


def lost_by(loser: Membership, by: Membership) -> FactorLoss:
    """She had an application, on a telephone that she lost."""
    with_application(loser.professional)
    return losing.report(loser=loser.professional, recognised="in_person", why="Téléphone volé.", by=by)


def rung() -> Alarm:
    """An alarm that suspends nothing."""
    alarms.raise_alarm(kind="sealer_silent", found={"waiting": 3, "seconds": 90}, at=clock.now())
    return Alarm.objects.get()
