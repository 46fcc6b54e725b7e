"""Bringing a move of one side together with what the other side changed: the change goes along with the moved lines."""

from collections import Counter

from reviews.text import align, line_merge
from reviews.text.align import Budget

Places = list[int | None]
"""For each line of the base its line on a side; None for a line that the side changed or struck out."""


def merged(base: list[str], ours: list[str], theirs: list[str], budget: Budget) -> str | None:
    """Return the text with the moves of each side and the changes of the other, or None.

    None where no side moved lines, where both changed the same lines, and where it is open to which of two lines that
    are no longer neighbours an inserted line belongs.
    """
    if not (moved_lines(base, ours, budget) or moved_lines(base, theirs, budget)):
        return None
    found = {_changes_carried_over(base, *pair, budget) for pair in ((ours, theirs), (theirs, ours))} - {None}
    return found.pop() if len(found) == 1 else None


def moved_lines(base: list[str], side: list[str], budget: Budget) -> set[int]:
    """Return the lines of the base that a side moved."""
    return _places(base, side, budget)[1]


def _places(base: list[str], side: list[str], budget: Budget) -> tuple[Places, set[int]]:
    """Where each line of the base is on a side, and which lines moved.

    A moved block is grown from a line that the side struck out once and added once, as far as the lines are equal.
    """
    places: Places = [None] * len(base)
    hunks = line_merge.hunks(base, side, budget)
    i = j = 0
    for start, end, first, last in [*hunks, (len(base), len(base), len(side), len(side))]:
        places[i:start] = range(j, first)
        i, j = end, last
    gone = [i for hunk in hunks for i in range(hunk[0], hunk[1])]
    free = {j for hunk in hunks for j in range(hunk[2], hunk[3])}
    count_gone, count_come = Counter(base[i] for i in gone), Counter(side[j] for j in free)
    at = {side[j]: j for j in free}
    moved: set[int] = set()
    for i in gone:
        if (
            base[i].strip()
            and i not in moved
            and count_gone[base[i]] == count_come[base[i]] == 1
            and at[base[i]] in free
        ):
            moved |= _grow(base, side, places, free, i, at[base[i]])
    return places, moved


def _grow(base: list[str], side: list[str], places: Places, free: set[int], i: int, j: int) -> set[int]:
    """Match a block of equal lines around lines `i` and `j`, and return its lines in the base."""
    first = i
    while first > 0 and places[first - 1] is None and j - (i - first) - 1 in free:
        if base[first - 1] != side[j - (i - first) - 1]:
            break
        first -= 1
    end = i + 1
    while end < len(base) and places[end] is None and j + end - i in free and base[end] == side[j + end - i]:
        end += 1
    for line in range(first, end):
        places[line] = j + line - i
        free.discard(j + line - i)
    return set(range(first, end))


def _changes_carried_over(base: list[str], mover: list[str], other: list[str], budget: Budget) -> str | None:
    """The text of `mover` with each change of `other` made at the place to which its lines went."""
    places, _ = _places(base, mover, budget)
    edits: list[tuple[int, int, list[str]]] = []
    for start, end, first, last in align.gaps(line_merge.blocks(base, other, budget), len(base), len(other)):
        target = _target(places, start, end, len(mover))
        if target is None:
            return None
        edits.append((*target, other[first:last]))
    result: list[str] = []
    at = 0
    for start, end, lines in sorted(edits):
        if start < at:
            return None
        result += mover[at:start] + lines
        at = end
    result += mover[at:]
    if any(not line.endswith("\n") for line in result[:-1]):
        return None
    return "".join(result)


def _target(places: Places, start: int, end: int, length: int) -> tuple[int, int] | None:
    """Where lines `start` to `end` of the base stand together on a side, or the gap between two that still touch."""
    if start == end:
        before = places[start - 1] if start else -1
        after = places[start] if start < len(places) else length
        return (after, after) if before is not None and after is not None and before + 1 == after else None
    found = places[start:end]
    low = found[0]
    if low is None or found != list(range(low, low + end - start)):
        return None
    return low, low + end - start
