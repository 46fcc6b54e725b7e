"""The audit record as a person may read it."""

from __future__ import annotations

from reviews.access.events import visible_events
from reviews.access.specs import Standing
from reviews.queries.paging import NEWEST_FIRST, Slice, page_of

PAGE = 50


def listed(standing: Standing, *, after: str = "", size: int = PAGE) -> Slice:
    """What happened in a spec, newest first, with everything that a line names."""
    rows = visible_events(standing).select_related("actor", "proposal", "thread", "release", "revision__proposal")
    return page_of(rows, order=NEWEST_FIRST, after=after, size=size, among=visible_events(standing))
