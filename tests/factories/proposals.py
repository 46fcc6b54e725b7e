"""Proposals and positions for tests."""

from __future__ import annotations

from collections.abc import Mapping

from reviews.actions import changes, positions, proposals
from reviews.actions.changes import Saver
from reviews.models import Position, Proposal, Spec, User
from reviews.queries.approval import newest_patch_set
from reviews.rules.kinds import PositionKind, Visibility
from tests.factories.people import NOW
from tests.factories.specs import version


def make_proposal(
    spec: Spec,
    *,
    by: User,
    title: str = "Say it better",
    edits: Mapping[str, tuple[str, str]] | None = None,
    visibility: str = Visibility.PUBLIC,
    submit: bool = True,
    **columns: str,
) -> Proposal:
    """A proposal by an editor, submitted unless said otherwise; `edits` maps an anchor to words and what replaces them.

    Without edits it changes “does not lie” to “never lies” in the default document.
    """
    proposal = proposals.create(spec, title=title, by=by, now=NOW, visibility=visibility, **columns)
    saver = Saver(by=by, now=NOW)
    for anchor, (old, new) in ({"be_honest": ("does not lie", "never lies")} if edits is None else edits).items():
        current = version(spec, anchor)
        assert old in current.source, f"“{old}” is not in {anchor}"
        change = changes.open_clause(proposal, current.clause, saver=saver)
        source = current.source.replace(old, new)
        changes.save(change, source=source, expected_version=change.version, saver=saver)
    if submit:
        proposals.submit(proposal, by=by, now=NOW)
    proposal.refresh_from_db()
    return proposal


def take_position(proposal: Proposal, *, by: User, kind: str = PositionKind.SUPPORT, reason: str = "") -> Position:
    """What somebody says of the newest submitted patch set; a concern gets a reason when none is said."""
    newest = newest_patch_set(proposal)
    assert newest is not None, "submit the proposal first"
    reason = reason or ("It says too little." if kind == PositionKind.CONCERN else "")
    return positions.take(proposal, kind=kind, patch_set=newest.number, by=by, now=NOW, reason=reason)
