"""What changed between two outlines: clauses paired, moved, renamed, split and joined, and the words in each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from reviews.text import lineage, matching, worddiff
from reviews.text.align import longest_rise
from reviews.text.lineage import Dissolution, Flow, MovedBlock
from reviews.text.matching import Given, Matching
from reviews.text.outline import Clause, Outline
from reviews.text.worddiff import Diff, Op

_WHOLE = 0.5


@dataclass(frozen=True, slots=True)
class Pair:
    """One clause then and now, by index. `by` is what it was recognised by: given, anchor, text, title or likeness."""

    old: int
    new: int
    by: str
    diff: Diff
    renamed: bool
    retitled: bool
    reparented: bool
    moved: bool
    authority: tuple[str, str] | None

    @property
    def changed(self) -> bool:
        """Whether anything at all differs, its place included."""
        return self.diff.changed or self.reparented or self.moved


@dataclass(frozen=True, slots=True)
class DocumentDiff:
    """The way from one outline to another; indexes are into the clauses of the old and of the new one."""

    pairs: tuple[Pair, ...]
    removed: tuple[int, ...]
    added: tuple[int, ...]
    moved_blocks: tuple[MovedBlock, ...]
    flows: tuple[Flow, ...]
    dissolved: tuple[Dissolution, ...]
    authority_groups: dict[tuple[str, str], tuple[Pair, ...]]

    @property
    def complete(self) -> bool:
        """Whether no clause met a work limit."""
        return all(pair.diff.complete for pair in self.pairs)

    @property
    def renames(self) -> tuple[Pair, ...]:
        """Clauses whose anchor changed."""
        return tuple(pair for pair in self.pairs if pair.renamed)

    @property
    def reparented(self) -> tuple[Pair, ...]:
        """Clauses that stand under another clause now."""
        return tuple(pair for pair in self.pairs if pair.reparented)

    @property
    def moves(self) -> tuple[Pair, ...]:
        """Clauses that changed their place among those under the same clause, as few as explain the new order."""
        return tuple(pair for pair in self.pairs if pair.moved)

    @property
    def splits(self) -> tuple[Flow, ...]:
        """New clauses most of whose text came out of a clause that is still there."""
        kept, added = {pair.old for pair in self.pairs}, set(self.added)
        return tuple(flow for flow in self.flows if flow.old in kept and flow.new in added and flow.of_new >= _WHOLE)

    @property
    def joins(self) -> tuple[Flow, ...]:
        """Clauses that are gone and most of whose text went into one other."""
        gone = set(self.removed)
        return tuple(flow for flow in self.flows if flow.old in gone and flow.of_old >= _WHOLE)


def documents(old: Outline, new: Outline, same: Given | None = None) -> DocumentDiff:
    """Compare two outlines clause by clause.

    Clauses are paired as `same` says (old index or anchor to new index or anchor, None for "gone"), then by explicit
    anchor, by identical text, by title and place, by likeness. Blocks that left one clause and came in another are
    found, and with them splits, joins and dissolved chapters. Deterministic; cost in proportion to the texts.
    """
    found = matching.match(old.clauses, new.clauses, same=same)
    reparented = {i for i, j in found.to_new.items() if not _kept_parent(found, i, j)}
    moved = _moved(found, reparented)
    pairs = tuple(_pair(found, i, reparented, moved) for i in sorted(found.to_new))
    removed = tuple(i for i in range(len(old.clauses)) if i not in found.to_new)
    added = tuple(found.open_new())
    blocks = _blocks(pairs, removed, added, old.clauses, new.clauses)
    flows = tuple(
        flow for flow in lineage.flows(blocks, old.clauses, new.clauses) if found.to_new.get(flow.old) != flow.new
    )
    dissolved = tuple(lineage.dissolutions(removed, flows, old.clauses))
    return DocumentDiff(pairs, removed, added, tuple(blocks), flows, dissolved, _authority_groups(pairs))


def _pair(found: Matching, i: int, reparented: set[int], moved: set[int]) -> Pair:
    j = found.to_new[i]
    before, after = found.old[i], found.new[j]
    return Pair(
        old=i,
        new=j,
        by=found.reason[i],
        diff=worddiff.words(before.source, after.source),
        renamed=before.anchor != after.anchor,
        retitled=before.title != after.title,
        reparented=i in reparented,
        moved=i in moved,
        authority=(before.authority, after.authority) if before.authority != after.authority else None,
    )


def _kept_parent(found: Matching, i: int, j: int) -> bool:
    above_old, above_new = found.old[i].parent, found.new[j].parent
    if above_old is None or above_new is None:
        return above_old is above_new
    return found.to_new.get(above_old) == above_new


def _moved(found: Matching, reparented: set[int]) -> set[int]:
    """Of the clauses under one clause, those outside the longest run that kept its order."""
    children: dict[int | None, list[int]] = defaultdict(list)
    for i in sorted(found.to_new):
        if i not in reparented:
            children[found.old[i].parent].append(i)
    moved: set[int] = set()
    for siblings in children.values():
        kept = longest_rise([(i, found.to_new[i]) for i in siblings])
        moved |= set(siblings) - {i for i, _ in kept}
    return moved


def _blocks(
    pairs: Sequence[Pair],
    removed: Sequence[int],
    added: Sequence[int],
    old: Sequence[Clause],
    new: Sequence[Clause],
) -> list[MovedBlock]:
    gone_ops = {pair.old: pair.diff.ops for pair in pairs} | {i: (Op("-", old[i].source),) for i in removed}
    come_ops = {pair.new: pair.diff.ops for pair in pairs} | {j: (Op("+", new[j].source),) for j in added}
    gone = [piece for i in sorted(gone_ops) for piece in lineage.pieces(i, gone_ops[i], kind="-")]
    come = [piece for j in sorted(come_ops) for piece in lineage.pieces(j, come_ops[j], kind="+")]
    return lineage.moved_blocks(gone, come)


def _authority_groups(pairs: Sequence[Pair]) -> dict[tuple[str, str], tuple[Pair, ...]]:
    groups: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    for pair in pairs:
        if pair.authority:
            groups[pair.authority].append(pair)
    return {change: tuple(group) for change, group in groups.items()}
