"""The vocabularies as lists of words, under one name each in the schema (ENUM_NAME_OVERRIDES in the settings)."""

from __future__ import annotations

from reviews.rules import kinds, roles, states

AUTHORITY = "authority"

ROLES = [role.value for role in roles.Role]
VISIBILITIES = [kind.value for kind in kinds.Visibility]
THREAD_KINDS = [kind.value for kind in kinds.ThreadKind]
THREAD_STATES = [state.value for state in states.ThreadState]
THREAD_MOVES = sorted({verb for _, verb in states.THREAD})
CHANGE_KINDS = [kind.value for kind in kinds.ChangeKind]
CHANGE_REQUESTS = [*CHANGE_KINDS, AUTHORITY]
POSITION_KINDS = [kind.value for kind in kinds.PositionKind]
PROPOSAL_STATES = [state.value for state in states.ProposalState]
