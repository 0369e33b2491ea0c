"""What the address of the page asks for: which act, towards whom, for what, about what, and where to go back."""

import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from cases.models import Case
from partners.models import AgreementParty, Membership
from partners.vocabulary import vocabulary

from . import notices
from .acts import Act, acts_for
from .forms import open_categories


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The part of the scope that is known before the person answers; what cannot be understood counts as not said."""

    case: Case
    act: Act | None
    recipient: Membership | None
    purpose: str
    categories: tuple[str, ...]
    back: str
    style: str = notices.Style.STANDARD
    language: str = notices.Language.FR
    """Of the text that is read."""

    @property
    def complete(self) -> bool:
        """Whether the person can now be asked."""
        return bool(self.act and self.recipient and self.purpose)

    def url(self, **changes: Any) -> str:
        """The page with something changed; a value of "" takes it out."""
        known = {
            "act": self.act.code if self.act else "",
            "recipient": str(self.recipient.pk) if self.recipient else "",
            "purpose": self.purpose,
            "categories": ",".join(self.categories),
            "style": "" if self.style == notices.Style.STANDARD else self.style,
            "language": "" if self.language == notices.Language.FR else self.language,
            "next": self.back,
        }
        query = {name: value for name, value in (known | changes).items() if value}
        page = reverse("consent:new", args=[self.case.reference])
        return f"{page}?{urlencode(query)}" if query else page


def asked_by(request: HttpRequest, case: Case, by: Membership, *, minor: bool) -> Asked:
    """Read the address; nothing of it is trusted: each part is looked up, or left out."""
    given = request.GET
    codes = given.get("categories", "").split(",")
    known = set(open_categories())
    purpose = given.get("purpose", "")
    return Asked(
        case=case,
        act=next((act for act in acts_for(minor=minor) if act.code == given.get("act")), None),
        recipient=recipient_of(given.get("recipient", ""), by),
        purpose=purpose if purpose in vocabulary().purposes else "",
        categories=tuple(dict.fromkeys(code for code in codes if code in known)),
        back=safe_back(request, given.get("next", "")),
        style=_among(notices.Style, given.get("style", "")),
        language=_among(notices.Language, given.get("language", "")),
    )


def _among(wanted: type[models.TextChoices], value: str) -> str:
    """This value, or the first one where it is none of them."""
    return value if value in wanted.values else wanted.values[0]


def recipient_of(value: str, by: Membership) -> Membership | None:
    """A professional of the directory in force; None for anything else."""
    try:
        wanted = uuid.UUID(value)
    except ValueError:
        return None
    return Membership.objects.visible_to(by).select_related("professional", "institution").filter(pk=wanted).first()


def safe_back(request: HttpRequest, url: str) -> str:
    """This address if it is one of ours, "" otherwise (abuse 44: no open redirect)."""
    ours = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return url if ours and url.startswith("/") else ""


def agreed_purposes(by: Membership, recipient: Membership | None) -> list[str]:
    """What the agreements of one's own institution are for, in the rulebook's order; those with the recipient's if known."""
    ours = AgreementParty.objects.filter(institution=by.institution_id)
    if recipient is not None:
        theirs = AgreementParty.objects.filter(institution=recipient.institution_id).values("agreement")
        ours = ours.filter(agreement__in=theirs)
    codes = {code for purposes in ours.values_list("agreement__purposes", flat=True) for code in purposes}
    return [code for code in vocabulary().purposes if code in codes]
