"""The state machines of proposals, threads and releases: one table each. A move that is not in the table is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from reviews.errors import IllegalMove


class ProposalState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ")


class ThreadState(StrEnum):
    OPEN = "open"
    ADDRESSED = "addressed"
    RESOLVED = "resolved"
    DECLINED = "declined"


class ReleaseState(StrEnum):
    ASSEMBLING = "assembling"
    PUBLISHED = "published"
    ABANDONED = "abandoned"


class ConsultationState(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"
    ANSWERED = "answered"


class SubmissionState(StrEnum):
    PENDING = "pending"
    HELD = "held"
    ACCEPTED = "accepted"
    RESTRICTED = "restricted"
    WITHDRAWN = "withdrawn"


Life = Mapping[tuple[str, str], str]

PROPOSAL: Life = {
    (ProposalState.DRAFT, "submit"): ProposalState.IN_REVIEW,
    (ProposalState.IN_REVIEW, "submit"): ProposalState.IN_REVIEW,
    (ProposalState.IN_REVIEW, "merge"): ProposalState.MERGED,
    (ProposalState.IN_REVIEW, "reject"): ProposalState.REJECTED,
    (ProposalState.DRAFT, "withdraw"): ProposalState.WITHDRAWN,
    (ProposalState.IN_REVIEW, "withdraw"): ProposalState.WITHDRAWN,
    (ProposalState.WITHDRAWN, "reopen"): ProposalState.DRAFT,
    (ProposalState.REJECTED, "reopen"): ProposalState.DRAFT,
}

THREAD: Life = {
    (ThreadState.OPEN, "address"): ThreadState.ADDRESSED,
    (ThreadState.OPEN, "resolve"): ThreadState.RESOLVED,
    (ThreadState.ADDRESSED, "resolve"): ThreadState.RESOLVED,
    (ThreadState.OPEN, "decline"): ThreadState.DECLINED,
    (ThreadState.ADDRESSED, "decline"): ThreadState.DECLINED,
    (ThreadState.ADDRESSED, "reopen"): ThreadState.OPEN,
    (ThreadState.RESOLVED, "reopen"): ThreadState.OPEN,
    (ThreadState.DECLINED, "reopen"): ThreadState.OPEN,
}

RELEASE: Life = {
    (ReleaseState.ASSEMBLING, "publish"): ReleaseState.PUBLISHED,
    (ReleaseState.ASSEMBLING, "abandon"): ReleaseState.ABANDONED,
}

CONSULTATION: Life = {
    (ConsultationState.DRAFT, "schedule"): ConsultationState.SCHEDULED,
    (ConsultationState.DRAFT, "open"): ConsultationState.OPEN,
    (ConsultationState.SCHEDULED, "open"): ConsultationState.OPEN,
    (ConsultationState.OPEN, "close"): ConsultationState.CLOSED,
    (ConsultationState.CLOSED, "extend"): ConsultationState.OPEN,
    (ConsultationState.CLOSED, "answer"): ConsultationState.ANSWERED,
}

SUBMISSION: Life = {
    (SubmissionState.PENDING, "accept"): SubmissionState.ACCEPTED,
    (SubmissionState.PENDING, "hold"): SubmissionState.HELD,
    (SubmissionState.PENDING, "restrict"): SubmissionState.RESTRICTED,
    (SubmissionState.HELD, "accept"): SubmissionState.ACCEPTED,
    (SubmissionState.HELD, "restrict"): SubmissionState.RESTRICTED,
    (SubmissionState.ACCEPTED, "restrict"): SubmissionState.RESTRICTED,
    (SubmissionState.RESTRICTED, "accept"): SubmissionState.ACCEPTED,
    (SubmissionState.PENDING, "withdraw"): SubmissionState.WITHDRAWN,
    (SubmissionState.HELD, "withdraw"): SubmissionState.WITHDRAWN,
    (SubmissionState.ACCEPTED, "withdraw"): SubmissionState.WITHDRAWN,
    (SubmissionState.RESTRICTED, "withdraw"): SubmissionState.WITHDRAWN,
}

NOUNS: Mapping[str, Life] = {
    "proposal": PROPOSAL,
    "thread": THREAD,
    "release": RELEASE,
    "consultation": CONSULTATION,
    "submission": SUBMISSION,
}
# How users read verbs and states: nothing in the program is "discarded", but that is what the button says.
PARTICIPLES: Mapping[str, str] = {
    "submit": "submitted",
    "merge": "merged",
    "reject": "rejected",
    "withdraw": "withdrawn",
    "reopen": "reopened",
    "address": "addressed",
    "resolve": "resolved",
    "decline": "declined",
    "publish": "published",
    "abandon": "discarded",
    "schedule": "scheduled",
    "open": "opened",
    "close": "closed",
    "extend": "extended",
    "answer": "answered",
    "accept": "accepted",
    "hold": "held",
    "restrict": "restricted",
}
STATE_WORDS: Mapping[str, str] = {ReleaseState.ABANDONED: "discarded"}
IN_PROGRESS: Mapping[str, str] = {ProposalState.IN_REVIEW: "in review"}

OPEN_PROPOSAL_STATES = frozenset({ProposalState.DRAFT, ProposalState.IN_REVIEW})


def after(life: Life, *, state: str, verb: str) -> str:
    """The state that a move leads to.

    Raises IllegalMove when the table has no such move.
    """
    try:
        return life[state, verb]
    except KeyError:
        raise IllegalMove(_refusal(life, state, verb)) from None


def _refusal(life: Life, state: str, verb: str) -> str:
    """Return a sentence like "A merged proposal can't be withdrawn."."""
    done = PARTICIPLES[verb]
    again = " again" if done == STATE_WORDS.get(state, state) else ""
    return f"{_thing_in(life, state)} can't be {done}{again}."


def _thing_in(life: Life, state: str) -> str:
    noun = next(noun for noun, table in NOUNS.items() if table is life)
    if state in IN_PROGRESS:
        return f"A {noun} {IN_PROGRESS[state]}"
    state = STATE_WORDS.get(state, state)
    return f"{'An' if state[0] in 'aeiou' else 'A'} {state} {noun}"


def moves(life: Life, *, state: str) -> tuple[str, ...]:
    """The verbs that a state allows, in the order of the table."""
    return tuple(verb for (start, verb) in life if start == state)
