"""What a personal token may be used for."""

from __future__ import annotations

from enum import StrEnum


class TokenScope(StrEnum):
    """One kind of request to the API; a token has at least one, and never allows more than its person may do."""

    READ = "read"
    COMMENT = "comment"
    PROPOSE = "propose"
    PUBLISH = "publish"

    @property
    def description(self) -> str:
        """What the scope allows, for the form that makes a token."""
        return DESCRIPTIONS[self]


DESCRIPTIONS = {
    TokenScope.READ: "read what you may read",
    TokenScope.COMMENT: "open threads, reply to them and change their status",
    TokenScope.PROPOSE: "write, submit and review proposals",
    TokenScope.PUBLISH: "make specs, decide on proposals, merge them and publish releases",
}
