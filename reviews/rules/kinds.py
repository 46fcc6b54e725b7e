"""The vocabularies that models, files, addresses and pages share."""

from __future__ import annotations

from enum import StrEnum


class Visibility(StrEnum):
    """Who may know that something exists."""

    PUBLIC = "public"
    INTERNAL = "internal"


class PositionKind(StrEnum):
    """What one person says of one patch set; `withdrawn` takes back what they said before."""

    SUPPORT = "support"
    NO_OBJECTION = "no_objection"
    CONCERN = "concern"
    ABSTAIN = "abstain"
    RECUSE = "recuse"
    WITHDRAWN = "withdrawn"


class ThreadKind(StrEnum):
    """What a discussion is meant as by the one who opened it."""

    QUESTION = "question"
    OBJECTION = "objection"
    SUGGESTION = "suggestion"
    TYPO = "typo"


class ChangeKind(StrEnum):
    """What a change does to its clause, as far as it must be said and cannot be derived."""

    EDIT = "edit"
    ADD = "add"
    MOVE = "move"
    DELETE = "delete"


class LineageKind(StrEnum):
    """How the words of one clause went on in another, or did not."""

    RENAMED = "renamed"
    JOINED = "joined"
    SPLIT = "split"
    GONE = "gone"


class AttachmentKind(StrEnum):
    """Files that belong to a spec beside its text."""

    EVALUATION = "evaluation"
    IMAGE = "image"


class Moderation(StrEnum):
    """Whether submissions wait for a moderator before everybody can read them."""

    BEFORE = "before"
    AFTER = "after"


class RestrictionReason(StrEnum):
    """Why a submission is not published; its author reads it."""

    OFF_TOPIC = "off_topic"
    PERSONAL_DATA = "personal_data"
    ABUSIVE = "abusive"
    UNLAWFUL = "unlawful"
    ADVERTISING = "advertising"
    DUPLICATE = "duplicate"


class EventKind(StrEnum):
    """The lines of the audit record."""

    SPEC_CREATED = "spec.created"
    SPEC_CONFIGURED = "spec.configured"
    SPEC_ARCHIVED = "spec.archived"
    SPEC_RESTORED = "spec.restored"
    MEMBER_INVITED = "member.invited"
    INVITATION_REVOKED = "invitation.revoked"
    MEMBER_JOINED = "member.joined"
    MEMBER_CHANGED = "member.changed"
    MEMBER_REMOVED = "member.removed"
    REVISION_IMPORTED = "revision.imported"
    PROPOSAL_CREATED = "proposal.created"
    PROPOSAL_SUBMITTED = "proposal.submitted"
    PROPOSAL_WITHDRAWN = "proposal.withdrawn"
    PROPOSAL_REJECTED = "proposal.rejected"
    PROPOSAL_REOPENED = "proposal.reopened"
    PROPOSAL_MERGED = "proposal.merged"
    POSITION_TAKEN = "position.taken"
    CONCERN_OVERRIDDEN = "concern.overridden"
    THREAD_OPENED = "thread.opened"
    THREAD_ADDRESSED = "thread.addressed"
    THREAD_RESOLVED = "thread.resolved"
    THREAD_DECLINED = "thread.declined"
    THREAD_REOPENED = "thread.reopened"
    COMMENT_ADDED = "comment.added"
    COMMENT_EDITED = "comment.edited"
    COMMENT_WITHDRAWN = "comment.withdrawn"
    CONSULTATION_CREATED = "consultation.created"
    CONSULTATION_CHANGED = "consultation.changed"
    SUBMISSION_RECEIVED = "submission.received"
    SUBMISSION_DECIDED = "submission.decided"
    SUBMISSION_WITHDRAWN = "submission.withdrawn"
    RELEASE_ASSEMBLED = "release.assembled"
    RELEASE_PUBLISHED = "release.published"
    RELEASE_ABANDONED = "release.abandoned"
