"""Threads: lists, those of one clause, those of a proposal, one with all its comments."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from reviews.access.proposals import visible_proposals
from reviews.access.specs import Standing
from reviews.access.threads import visible_threads
from reviews.errors import NotFound
from reviews.models import Clause, ClauseVersion, Comment, CommentVersion, Event, Proposal, Thread
from reviews.queries.notices import THREAD_MOVES
from reviews.queries.paging import NEWEST_FIRST, Slice, page_of
from reviews.rules.states import OPEN_PROPOSAL_STATES, ThreadState

A_PAGE = 25
BESIDE = 30
MOST_PAINTED = 2000
STATES = {
    "open": (ThreadState.OPEN, ThreadState.ADDRESSED),
    "addressed": (ThreadState.ADDRESSED,),
    "resolved": (ThreadState.RESOLVED,),
    "declined": (ThreadState.DECLINED,),
    "all": tuple(ThreadState),
}


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; an empty word does not narrow. `clause` is an anchor or a public identifier."""

    state: str = "open"
    kind: str = ""
    visibility: str = ""
    clause: str = ""
    words: str = ""


def listed(standing: Standing, filters: Filters, *, after: str = "", size: int = A_PAGE) -> Slice:
    """The threads that this person may see, newest first, each with its comments and `clause_title`."""
    seen = visible_threads(standing)
    found = page_of(_told(_narrowed(standing, seen, filters)), order=NEWEST_FIRST, after=after, size=size, among=seen)
    _name_clauses(standing, found.rows)
    return found


def state_counts(standing: Standing) -> dict[str, int]:
    """How many threads this person may see in each group of states."""
    counts = dict(visible_threads(standing).order_by().values_list("state").annotate(Count("pk")))
    return {name: sum(counts.get(state.value, 0) for state in states) for name, states in STATES.items()}


def of_clause(standing: Standing, clause: Clause) -> tuple[list[Thread], bool]:
    """The threads of a clause, open ones first, and whether there are more than these."""
    rows = _told(visible_threads(standing).filter(clause=clause))
    going_on = Q(state__in=STATES["open"])
    found = list(rows.annotate(closed=~going_on).order_by("closed", "-pk")[: BESIDE + 1])
    return found[:BESIDE], len(found) > BESIDE


def of_proposal(standing: Standing, proposal: Proposal) -> list[Thread]:
    """The threads of a proposal in the order in which they were opened."""
    return list(_told(visible_threads(standing).filter(proposal=proposal)).order_by("pk")[:200])


def quoting(standing: Standing) -> list[Thread]:
    """The threads about words that are not closed, the newest ones when there are very many; without comments."""
    rows = visible_threads(standing).filter(state__in=STATES["open"], clause__isnull=False).exclude(quote="")
    return list(rows.select_related("clause").order_by("-pk")[:MOST_PAINTED])


def one(standing: Standing, public_id: str) -> Thread:
    """One thread with all its comments; NotFound when it is not there or not for this person."""
    found = _told(visible_threads(standing).filter(public_id=public_id)).first()
    if found is None:
        raise NotFound()
    _name_clauses(standing, [found])
    return found


def addressing(standing: Standing, thread: Thread) -> list[Proposal]:
    """The open proposals that this thread may be said to be addressed by: of a public one only public ones."""
    rows = visible_proposals(standing).filter(state__in=OPEN_PROPOSAL_STATES, visibility=thread.visibility)
    return list(rows.order_by("-pk")[:100])


def shown_addressed_by(standing: Standing, thread: Thread) -> Proposal | None:
    """The proposal that addressed it, if this person may know of it."""
    if thread.addressed_by_id is None:
        return None
    return visible_proposals(standing).filter(pk=thread.addressed_by_id).first()


def clause_here(standing: Standing, public_id: str) -> Clause:
    """Return a clause of this spec, whether or not it is still in the draft; raises NotFound when there is none."""
    found = Clause.objects.filter(spec=standing.spec, public_id=public_id.replace("\x00", "")).first()
    if found is None:
        raise NotFound()
    return found


def version_at(clause: Clause, number: int | None) -> ClauseVersion:
    """The version of a clause at a revision, else its last one."""
    rows = ClauseVersion.objects.filter(clause=clause).select_related("clause")
    found = rows.filter(valid__contains=number).first() if number is not None else None
    found = found or rows.order_by("-valid").first()
    if found is None:
        raise NotFound()
    return found


def earlier_versions(comment: Comment) -> list[CommentVersion]:
    """Return the earlier texts of a comment, newest first; of a withdrawn comment nobody gets any."""
    if comment.withdrawn_at is not None:
        return []
    return list(comment.earlier_versions.order_by("-pk"))


def _told(rows: QuerySet[Thread]) -> QuerySet[Thread]:
    """With their comments and, as `status_changes`, the events that changed their status, oldest first.

    Whoever sees a thread may know who changed its status, also when the event is from before its proposal was public.
    """
    comments = Prefetch("comments", Comment.objects.select_related("author").order_by("pk"))
    moves = Event.objects.filter(kind__in=THREAD_MOVES).select_related("actor").order_by("pk")
    changes = Prefetch("events", moves, to_attr="status_changes")
    related = rows.select_related("spec", "clause", "proposal", "created_by", "quoted_version")
    return related.prefetch_related(comments, changes)


def _narrowed(standing: Standing, rows: QuerySet[Thread], filters: Filters) -> QuerySet[Thread]:
    rows = rows.filter(state__in=STATES.get(filters.state, STATES["open"]))
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.visibility:
        rows = rows.filter(visibility=filters.visibility)
    if filters.clause:
        named = ClauseVersion.objects.filter(spec=standing.spec, anchor=filters.clause).values("clause")
        rows = rows.filter(Q(clause__public_id=filters.clause) | Q(clause__in=named))
    if filters.words:
        said = Comment.objects.filter(body__icontains=filters.words, thread__spec=standing.spec).values("thread")
        rows = rows.filter(Q(quote__icontains=filters.words) | Q(pk__in=said))
    return rows


def _name_clauses(standing: Standing, threads: list[Thread]) -> None:
    """Tell each thread what its clause is called now (or was last), by which anchor, and whether it is in the draft."""
    clauses = {thread.clause_id for thread in threads if thread.clause_id}
    rows = ClauseVersion.objects.filter(clause__in=clauses).order_by("clause_id", "-valid").distinct("clause_id")
    last = {row.clause_id: row for row in rows.defer("source")}
    for thread in threads:
        thread.last_version = last.get(thread.clause_id)
