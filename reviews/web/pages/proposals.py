"""Proposals: rows of the list, and the page of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from reviews.access import proposals as access
from reviews.access.specs import Standing
from reviews.actions.composition import is_idle
from reviews.models import ConcernOverride, PatchSet, Proposal
from reviews.queries import proposals as queries
from reviews.queries import threads
from reviews.queries.approval import WeighedPosition
from reviews.queries.proposals import Content, Row
from reviews.rules.kinds import ChangeKind, PositionKind, Visibility
from reviews.rules.policy import PositionStatus, Verdict
from reviews.rules.roles import Verb
from reviews.rules.states import ProposalState
from reviews.web.pages import threads as thread_pages
from reviews.web.pages.changes import told
from reviews.web.pages.editing import html_of, images_told, resolver_with
from reviews.web.pages.remarks import remark

NEEDS = "Still needs: "
SHOWS_IMAGE = "Shows an image that comes with the proposal"
POSITIONS = {
    PositionKind.SUPPORT: "Support",
    PositionKind.NO_OBJECTION: "No objection",
    PositionKind.CONCERN: "Concern: must not be merged as it is",
    PositionKind.ABSTAIN: "Abstain",
    PositionKind.RECUSE: "Recuse: I should not judge this",
}


def row(standing: Standing, one: Row) -> dict[str, Any]:
    """A line of the list."""
    proposal = one.proposal
    in_review = proposal.state == ProposalState.IN_REVIEW
    return {
        "title": proposal.title,
        "url": f"/{standing.spec.slug}/proposals/{proposal.public_id}/",
        "state": proposal.state,
        "approved": in_review and one.verdict.approved,
        "stale": in_review and bool(one.verdict.stale),
        "internal": proposal.visibility == Visibility.INTERNAL,
        "author": proposal.author.name,
        "at": proposal.submitted_at or proposal.created_at,
        "clauses": one.clauses[:4],
        "more": max(0, len(one.clauses) - 4),
        "threads": one.threads,
        "needs": one.verdict.sentence if in_review else "",
    }


def needs(verdict: Verdict) -> dict[str, Any]:
    """What components/needs.html shows: the sentence without its first words."""
    return {"sentence": verdict.sentence.removeprefix(NEEDS), "done": verdict.ready}


def proposal_page(standing: Standing, proposal: Proposal, *, number: int | None) -> dict[str, Any]:
    """The page of a proposal, with the patch set of this number or the newest that was submitted."""
    sets = queries.patch_sets(standing, proposal)
    shown = _chosen(sets, number)
    content = queries.content(standing, proposal, shown) if shown else None
    newest = next((one for one in reversed(sets) if one.submitted_at is not None), None)
    found, images = threads.of_proposal(standing, proposal), images_told(standing, proposal)
    return {
        "proposal": proposal,
        "is_internal": proposal.visibility == Visibility.INTERNAL,
        "rationale": remark(proposal.rationale, slug=standing.spec.slug) if proposal.rationale.strip() else "",
        "root": f"/{standing.spec.slug}/proposals/{proposal.public_id}/",
        "needs": needs(content.verdict) if content and proposal.state == ProposalState.IN_REVIEW else None,
        "changes": change_cards(standing, content, images=images) if content else [],
        "images": images,
        "patch_set": shown,
        "is_newest": shown == newest,
        "is_open": shown is not None and shown.submitted_at is None,
        "patch_sets": [_patch_set(one, shown) for one in sets],
        "positions": [position(standing, proposal, one) for one in content.positions] if content else [],
        "own_position": content is not None and any(_stands_for(standing, one) for one in content.positions),
        "threads": thread_pages.cards(standing, found),
        "composer": thread_pages.composer(standing, proposal=proposal),
        "target": f"#list-{proposal.public_id}",
        "addresses": [
            {"quote": one.quote or _first_words(one), "url": f"/{standing.spec.slug}/threads/{one.public_id}/"}
            for one in queries.addressed_threads(standing, proposal)
        ],
        "may": permissions(standing, proposal, content, newest),
        "position_choices": [{"value": kind.value, "label": label} for kind, label in POSITIONS.items()],
        "key": uuid4().hex,
    }


def change_cards(
    standing: Standing, content: Content, *, images: Sequence[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """The changes of a patch set, each with what it does; `images` are those of its proposal."""
    behind = [change.after_id for change in content.changes if change.after_id]
    titles = queries.titles_of(standing.spec, behind) if behind else {}
    ranks = queries.level_names(standing.spec)
    resolve = resolver_with(standing.spec, content.changes, images=images)
    return [
        {
            **told(standing.spec, change, titles=titles, ranks=ranks),
            **({"said": [SHOWS_IMAGE]} if images and is_idle(change) else {}),
            "stale": change.pk in content.stale,
            "html": html_of(change.source, resolve) if change.kind == ChangeKind.ADD else "",
        }
        for change in content.changes
    ]


def position(standing: Standing, proposal: Proposal, one: WeighedPosition) -> dict[str, Any]:
    """What components/position.html shows."""
    taken, slug = one.position, standing.spec.slug
    return {
        "id": taken.public_id,
        "position": taken.kind,
        "name": taken.person.name,
        "at": taken.created_at,
        "reason_html": remark(taken.reason, slug=slug) if taken.reason else "",
        "status": one.status.value,
        "version": taken.patch_set.number,
        "override": _override(one.override, slug=slug) if one.override else None,
        "may_override": one.kind is PositionKind.CONCERN
        and one.status.counts
        and one.override is None
        and taken.person != standing.person
        and proposal.state == ProposalState.IN_REVIEW
        and access.can_override(standing, proposal),
    }


def _override(override: ConcernOverride, *, slug: str) -> dict[str, Any]:
    return {"name": override.by.name, "at": override.created_at, "reason_html": remark(override.reason, slug=slug)}


def permissions(
    standing: Standing, proposal: Proposal, content: Content | None, newest: PatchSet | None
) -> dict[str, bool]:
    """Which of the page's forms this person gets; the actions check again."""
    edits, state = access.can_edit(standing, proposal), ProposalState(proposal.state)
    reviewing = state is ProposalState.IN_REVIEW
    open_one = state in (ProposalState.DRAFT, ProposalState.IN_REVIEW)
    on_newest = content is not None and content.patch_set == newest
    return {
        "edit": edits and open_one,
        "reopen": edits and state in (ProposalState.WITHDRAWN, ProposalState.REJECTED),
        "withdraw": access.can_withdraw(standing, proposal) and open_one,
        "reject": standing.may(Verb.REJECT) and reviewing,
        "merge": standing.may(Verb.MERGE) and reviewing and on_newest and not _internal(proposal),
        "position": reviewing and on_newest and access.can_take_position(standing, proposal),
    }


def _stands_for(standing: Standing, one: WeighedPosition) -> bool:
    """Whether this is the person's own review, which can be withdrawn."""
    return one.person == standing.person and one.status is not PositionStatus.WITHDRAWN


def _internal(proposal: Proposal) -> bool:
    return proposal.visibility == Visibility.INTERNAL


def _chosen(sets: Sequence[PatchSet], number: int | None) -> PatchSet | None:
    asked = next((one for one in sets if one.number == number), None)
    submitted = [one for one in sets if one.submitted_at is not None]
    return asked or (submitted[-1] if submitted else sets[-1] if sets else None)


def _patch_set(one: PatchSet, shown: PatchSet | None) -> dict[str, Any]:
    words = f"Version {one.number}" + ("" if one.submitted_at else ", being written")
    return {"label": words, "url": f"?patch={one.number}", "current": one == shown}


def _first_words(thread: Any) -> str:
    comments: Iterable[Any] = thread.comments.all()
    return next((comment.body[:120] for comment in comments), "A thread")
