"""Where the words of a thread stand in another version of its clause, or in another clause; what is not sure has no place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from reviews.models import ClauseVersion, Spec, Thread
from reviews.queries.attachments import image_addresses
from reviews.queries.clauses import resolver_for
from reviews.queries.renderings import rendered
from reviews.text import quotes

SURE = frozenset({"exact", "mapped", "moved"})
ORPHAN = "orphan"
# Each search compares two revisions of the document. Threads that quote words of more revisions keep no place for now.
MOST_SEARCHES = 4


@dataclass(frozen=True)
class Place:
    """Where a thread's words are in the version that is shown: `state` is that of the placing, and `quoted` for the very
    version that they were written on. Only a sure place has offsets, into the stable text; `words` is what stands there.
    `elsewhere` is the version of another clause, when the words are there now."""

    state: str
    start: int | None = None
    end: int | None = None
    words: str = ""
    elsewhere: ClauseVersion | None = None

    @property
    def is_sure(self) -> bool:
        """It may be painted."""
        return self.start is not None


def places(
    spec: Spec, threads: Iterable[Thread], shown: Iterable[ClauseVersion], *, number: int | None = None
) -> dict[int, Place]:
    """Return the place of each thread that quotes words, by thread id, in the version of its clause among those shown.

    Words that are not in that version any more are looked for in the other clauses of revision `number`, by default the
    head. A clause that is not among those shown leaves its threads out.
    """
    threads = list(threads)
    found = places_in_own_clause(spec, threads, shown)
    lost = [one for one in threads if one.pk in found and found[one.pk].state == ORPHAN]
    return found | places_elsewhere(spec, lost, number=number)


def places_elsewhere(spec: Spec, threads: Sequence[Thread], *, number: int | None = None) -> dict[int, Place]:
    """Return the places of threads whose words stand in another clause at a revision, by default the head, by thread id.

    Only the clauses that differ between that revision and the quoted one are compared: others can't hold words that moved.
    """
    number = spec.head if number is None else number
    quoted = ClauseVersion.objects.in_bulk({one.quoted_version_id for one in threads if one.quoted_version_id})
    groups: dict[int, list[Thread]] = {}
    for thread in threads:
        if thread.quoted_version_id is not None:
            groups.setdefault(_nearest_revision(quoted[thread.quoted_version_id], number), []).append(thread)
    found: dict[int, Place] = {}
    for quoted_at in sorted(groups, reverse=True)[:MOST_SEARCHES]:
        if quoted_at != number:
            found.update(_searched(spec, groups[quoted_at], quoted_at, number))
    return found


def places_in_own_clause(spec: Spec, threads: Iterable[Thread], shown: Iterable[ClauseVersion]) -> dict[int, Place]:
    """Return the places of threads in the versions of their own clauses, by thread id, without looking anywhere else."""
    versions = {version.clause_id: version for version in shown}
    quoting = [one for one in threads if one.quote and one.clause_id in versions]
    found = {one.pk: _unchanged(one) for one in quoting if one.quoted_version_id == versions[one.clause_id].pk}
    rest = [one for one in quoting if one.pk not in found]
    return found | _carried(spec, rest, versions) if rest else found


def _unchanged(thread: Thread) -> Place:
    return Place("quoted", thread.quote_start, thread.quote_end, thread.quote)


def _nearest_revision(version: ClauseVersion, number: int) -> int:
    """Return the revision nearest to `number` in which a version stands, so that as little as possible changed between."""
    last = number if version.until is None else version.until - 1
    return max(version.since, min(number, last))


def _searched(spec: Spec, threads: Sequence[Thread], old: int, new: int) -> dict[int, Place]:
    """Return the places in other clauses after comparing all clauses that differ between two revisions."""
    rows = ClauseVersion.objects.select_related("clause")
    before = {row.clause_id: row for row in rows.at(spec, old).exclude(valid__contains=new)}
    after = {row.clause_id: row for row in rows.at(spec, new).exclude(valid__contains=old)}
    if not after:
        return {}
    texts = _stable_texts(spec, [*before.values(), *after.values()])
    old_texts = {clause: texts[row.pk] for clause, row in before.items()}
    new_texts = {clause: texts[row.pk] for clause, row in after.items()}
    placed = quotes.place([_quote(one, one.clause_id) for one in threads], old_texts, new_texts)
    found: dict[int, Place] = {}
    for thread, placement in zip(threads, placed, strict=True):
        if isinstance(placement.clause, int) and placement.clause != thread.clause_id:
            place = _place(placement, new_texts[placement.clause])
            found[thread.pk] = replace(place, elsewhere=after[placement.clause])
    return found


def _carried(spec: Spec, threads: Sequence[Thread], versions: Mapping[int, ClauseVersion]) -> dict[int, Place]:
    """Return the places of words that were quoted on other versions, each clause being compared with itself."""
    older = {row.pk: row for row in ClauseVersion.objects.filter(pk__in={one.quoted_version_id for one in threads})}
    shown = {versions[one.clause_id].pk: versions[one.clause_id] for one in threads}
    texts = _stable_texts(spec, [*older.values(), *shown.values()])
    found: dict[int, Place] = {}
    for old in older.values():
        group = [one for one in threads if one.quoted_version_id == old.pk]
        new = versions[old.clause_id]
        found.update(_placed(group, texts[old.pk], texts[new.pk]))
    return found


def _placed(threads: Sequence[Thread], old: str, new: str) -> dict[int, Place]:
    made = [_quote(one) for one in threads]
    placed = quotes.place(made, {"": old}, {"": new})
    return {one.pk: _place(placement, new) for one, placement in zip(threads, placed, strict=True)}


def _quote(thread: Thread, clause: int | None = None) -> quotes.Quote:
    prefix, suffix = thread.quote_prefix[-quotes.CONTEXT :], thread.quote_suffix[: quotes.CONTEXT]
    return quotes.Quote(thread.quote, prefix, suffix, thread.quote_start or 0, thread.quote_end or 0, clause or "")


def _place(placement: quotes.Placement, text: str) -> Place:
    if placement.state not in SURE or placement.start is None or placement.end is None:
        return Place(placement.state)
    return Place(placement.state, placement.start, placement.end, text[placement.start : placement.end])


def _stable_texts(spec: Spec, versions: Sequence[ClauseVersion]) -> dict[int, str]:
    """The rendered texts, in which titles of other clauses do not count, so that those of today serve for old versions."""
    resolve = resolver_for(spec, spec.head, versions, images=image_addresses(spec, spec.head))
    return {pk: rendering.stable_text for pk, rendering in rendered(versions, resolve).items()}
