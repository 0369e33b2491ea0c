"""The first people of an institution that another one added: who tends its directory, who protects its data, invited together.

Two, since nobody could agree with a lone administrator to a second one; or one, and why: the rule of the first start (ADR 0038).
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from partners.models import Institution, Invitation, Membership

from . import founding, inviting
from .posts import Post

Sent = tuple[Invitation, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPeople:
    """Who comes first; `dpo` is None where one person is both, and `why_same` says why."""

    administrator: Post
    dpo: Post | None
    why_same: str = ""

    def checked(self) -> "Checked":
        """Their posts, made plain. Raises DirectoryError on a weak choice."""
        posts, why = founding.first_posts(self.administrator, self.dpo, self.why_same)
        return Checked(posts=posts, why_same=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Posts that may be kept until somebody accepts them."""

    posts: tuple[Post, ...]
    why_same: str

    def told(self) -> dict[str, Any]:
        """As a row keeps it."""
        return {"posts": [asdict(one) for one in self.posts], "why_same": self.why_same}


def posts_of(told: dict[str, Any]) -> list[Post]:
    """What a row kept."""
    return [Post(**{**one, "functions": tuple(one["functions"])}) for one in told["posts"]]


def invited(*, institution: Institution, told: dict[str, Any], why: str, by: Membership, at: datetime) -> list[Sent]:
    """Invite them; each secret is for its letter. For acts, which hold the institution. Raises DirectoryError."""
    inviting.refuse_too_many(institution, at)
    return [
        inviting.recorded(institution=institution, post=post, by=by, at=at, why=told["why_same"] or why)
        for post in posts_of(told)
    ]


def invitations_to(institution: Institution, at: datetime) -> list[tuple[Invitation, str]]:
    """Those that another institution sent to its first people, the latest first, each with where it stands."""
    found = Invitation.objects.filter(institution=institution, invited_by__isnull=False).exclude(
        invited_by__institution=institution
    )
    return [(one, inviting.state_of(one, at)) for one in found.select_related("institution", "invited_by")]
