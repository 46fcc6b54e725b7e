"""Where the words of a thread stand in another version of its clause; what is not sure has no place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reviews.models import ClauseVersion, Spec, Thread
from reviews.queries.attachments import image_addresses
from reviews.queries.clauses import resolver_for
from reviews.queries.renderings import rendered
from reviews.text import quotes

SURE = frozenset({"exact", "mapped", "moved"})


@dataclass(frozen=True)
class Place:
    """Where a thread's words are in the version that is shown: `state` is that of the placing, and `quoted` for the very
    version that they were written on. Only a sure place has offsets, into the stable text; `words` is what stands there."""

    state: str
    start: int | None = None
    end: int | None = None
    words: str = ""

    @property
    def is_sure(self) -> bool:
        """It may be painted."""
        return self.start is not None


def places(spec: Spec, threads: Iterable[Thread], shown: Iterable[ClauseVersion]) -> dict[int, Place]:
    """The place of each thread that quotes words, by thread id, in the version of its clause among those shown.

    A clause that is not among them leaves its threads out.
    """
    versions = {version.clause_id: version for version in shown}
    quoting = [one for one in threads if one.quote and one.clause_id in versions]
    found = {one.pk: _unchanged(one) for one in quoting if one.quoted_version_id == versions[one.clause_id].pk}
    rest = [one for one in quoting if one.pk not in found]
    return found | _carried(spec, rest, versions) if rest else found


def _unchanged(thread: Thread) -> Place:
    return Place("quoted", thread.quote_start, thread.quote_end, thread.quote)


def _carried(spec: Spec, threads: Sequence[Thread], versions: Mapping[int, ClauseVersion]) -> dict[int, Place]:
    """The same for words that were written on other versions: each clause is compared with itself."""
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


def _quote(thread: Thread) -> quotes.Quote:
    prefix, suffix = thread.quote_prefix[-quotes.CONTEXT :], thread.quote_suffix[: quotes.CONTEXT]
    return quotes.Quote(thread.quote, prefix, suffix, thread.quote_start or 0, thread.quote_end or 0, "")


def _place(placement: quotes.Placement, text: str) -> Place:
    if placement.state not in SURE or placement.start is None or placement.end is None:
        return Place(placement.state)
    return Place(placement.state, placement.start, placement.end, text[placement.start : placement.end])


def _stable_texts(spec: Spec, versions: Sequence[ClauseVersion]) -> dict[int, str]:
    """The rendered texts, in which titles of other clauses do not count, so that those of today serve for old versions."""
    resolve = resolver_for(spec, spec.head, versions, images=image_addresses(spec, spec.head))
    return {pk: rendering.stable_text for pk, rendering in rendered(versions, resolve).items()}
