"""Who may do what in a spec: one table, roles against verbs."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What a member of a spec is; one person may have several."""

    OWNER = "owner"
    EDITOR = "editor"
    APPROVER = "approver"
    MODERATOR = "moderator"
    RELEASE_MANAGER = "release_manager"
    MEMBER = "member"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ")


class Verb(StrEnum):
    """What can be done in a spec by virtue of a role."""

    SEE_INTERNAL = "see internal"
    COMMENT = "comment"
    TAKE_POSITION = "take a position"
    PROPOSE = "propose"
    MERGE = "merge"
    REJECT = "reject"
    OVERRIDE = "override a concern"
    ANSWER_THREADS = "answer threads"
    MODERATE = "moderate public feedback"
    IMPORT = "import"
    IMPORT_DIRECTLY = "import directly"
    PUBLISH = "publish"
    CONFIGURE = "configure"
    MANAGE_MEMBERS = "manage members"


EVERYBODY = frozenset(Role)
# What whoever begins a spec is in it.
FOUNDER_ROLES = (Role.OWNER, Role.EDITOR, Role.RELEASE_MANAGER)

MAY: dict[Verb, frozenset[Role]] = {
    Verb.SEE_INTERNAL: EVERYBODY,
    Verb.COMMENT: EVERYBODY,
    Verb.TAKE_POSITION: EVERYBODY,
    Verb.PROPOSE: frozenset({Role.OWNER, Role.EDITOR}),
    Verb.MERGE: frozenset({Role.OWNER, Role.EDITOR}),
    Verb.REJECT: frozenset({Role.OWNER, Role.EDITOR, Role.APPROVER}),
    Verb.OVERRIDE: frozenset({Role.OWNER}),
    Verb.ANSWER_THREADS: frozenset({Role.OWNER, Role.EDITOR, Role.MODERATOR}),
    Verb.MODERATE: frozenset({Role.OWNER, Role.MODERATOR}),
    Verb.IMPORT: frozenset({Role.OWNER, Role.EDITOR}),
    Verb.IMPORT_DIRECTLY: frozenset({Role.OWNER}),
    Verb.PUBLISH: frozenset({Role.RELEASE_MANAGER}),
    Verb.CONFIGURE: frozenset({Role.OWNER}),
    Verb.MANAGE_MEMBERS: frozenset({Role.OWNER}),
}

WHAT_AN_ARCHIVED_SPEC_ALLOWS = frozenset({Verb.SEE_INTERNAL, Verb.CONFIGURE})


def may(roles: Iterable[str], verb: Verb, *, archived: bool = False) -> bool:
    """Whether somebody with these roles may do this; an archived spec is only read and brought back."""
    if archived and verb not in WHAT_AN_ARCHIVED_SPEC_ALLOWS:
        return False
    return bool(MAY[verb].intersection(roles))
