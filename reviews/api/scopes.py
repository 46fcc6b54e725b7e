"""Which scope of a token each request needs."""

from __future__ import annotations

from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.views import APIView

from reviews.models import ApiToken
from reviews.rules.scopes import TokenScope

# What is sent to these views, by their names; reading needs `read` everywhere. A view that is not here is open to tokens
# with every scope only, so that a forgotten line opens nothing.
SCOPE_OF_WRITING = {
    "Threads": TokenScope.COMMENT,
    "OneThread": TokenScope.COMMENT,
    "Comments": TokenScope.COMMENT,
    "OneComment": TokenScope.COMMENT,
    "Moves": TokenScope.COMMENT,
    "Proposals": TokenScope.PROPOSE,
    "OneProposal": TokenScope.PROPOSE,
    "PatchSets": TokenScope.PROPOSE,
    "Changes": TokenScope.PROPOSE,
    "OneChange": TokenScope.PROPOSE,
    "Positions": TokenScope.PROPOSE,
    "Submission": TokenScope.PROPOSE,
    "Withdrawal": TokenScope.PROPOSE,
    "Reopening": TokenScope.PROPOSE,
    "Rejection": TokenScope.PUBLISH,
    "Override": TokenScope.PUBLISH,
    "Merge": TokenScope.PUBLISH,
    "Specs": TokenScope.PUBLISH,
    "Releases": TokenScope.PUBLISH,
    "Assembling": TokenScope.PUBLISH,
    "Publication": TokenScope.PUBLISH,
}


def scopes_needed(view: type[APIView], method: str) -> frozenset[TokenScope]:
    """Return the scopes that a token needs for a request with this method."""
    if method in SAFE_METHODS:
        return frozenset({TokenScope.READ})
    scope = SCOPE_OF_WRITING.get(view.__name__)
    return frozenset(TokenScope) if scope is None else frozenset({scope})


def check_scope(request: Request, view: APIView) -> None:
    """Raise PermissionDenied when the request comes with a token that has not the scopes it needs.

    It is asked before anything is looked up, so that the answer tells nothing of what there is.
    """
    if not isinstance(request.auth, ApiToken):
        return
    missing = scopes_needed(type(view), request.method or "").difference(request.auth.scopes)
    if missing:
        words = " and ".join(sorted(missing))
        raise PermissionDenied(f"This token lacks a scope: {words}. Make a token with it in your profile.")
