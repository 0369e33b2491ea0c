"""Whether a token may knock at this door with this verb. What its bearer may see or do there is asked by the act itself."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

ANY_TOKEN = "*"  # noqa: S105
"""For the doors that every token opens: whose it is, the description of the interface, what is nowhere."""


class ScopeAllows(BasePermission):
    """Whether the token has the scope that the view declares for this verb; a verb without a scope is refused."""

    def has_permission(self, request: Request, view: Any) -> bool:
        verb = "GET" if request.method == "HEAD" else str(request.method)
        wanted = getattr(view, "scopes", {}).get(verb, "")
        token: Any = request.auth
        return bool(token) and (wanted == ANY_TOKEN or wanted in token.scopes)
