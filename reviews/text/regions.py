"""Two changes of one sequence of pieces, laid side by side: stretches that neither, one or both of them changed."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from reviews.text import align
from reviews.text import words as cut


class Hunk(NamedTuple):
    """Pieces `start` to `end` of the base became pieces `first` to `last` of a side; `wordless` if only signs changed."""

    start: int
    end: int
    first: int
    last: int
    wordless: bool


class Region(NamedTuple):
    """A stretch of the base with what it is on each side; it changed on one side, on both, or on none."""

    base: Sequence[str]
    ours: Sequence[str]
    theirs: Sequence[str]

    @property
    def settled(self) -> Sequence[str] | None:
        """The pieces that stand here after the merge, or None in conflict."""
        if self.ours == self.theirs or self.theirs == self.base:
            return self.ours
        return self.theirs if self.ours == self.base else None


def regions(
    base: list[str], ours: list[str], theirs: list[str], *, budget: align.Budget, apart: int
) -> Iterator[Region]:
    """The base from end to end in stretches; changes of both sides that meet share one stretch."""
    at = shift_ours = shift_theirs = 0
    for left, right in _clusters(_hunks(base, ours, budget), _hunks(base, theirs, budget), apart):
        start = min(hunk.start for hunk in (*left, *right))
        end = max(hunk.end for hunk in (*left, *right))
        yield Region(base[at:start], base[at:start], base[at:start])
        first_ours, first_theirs = start + shift_ours, start + shift_theirs
        shift_ours += _growth(left)
        shift_theirs += _growth(right)
        yield Region(base[start:end], ours[first_ours : end + shift_ours], theirs[first_theirs : end + shift_theirs])
        at = end
    yield Region(base[at:], base[at:], base[at:])


def _hunks(base: list[str], side: list[str], budget: align.Budget) -> list[Hunk]:
    """What a side changed, insertions and deletions moved down as far as they go, so that equal edits look equal."""
    hunks: list[Hunk] = []
    found = align.gaps(align.lines(base, side, budget), len(base), len(side))
    for index, (start, end, first, last) in enumerate(found):
        limit = found[index + 1][0] if index + 1 < len(found) else len(base)
        if start == end or first == last:
            text, low, high = (side, first, last) if start == end else (base, start, end)
            move = 0
            while end + move < limit and high + move < len(text) and text[low + move] == text[high + move]:
                move += 1
            start, end, first, last = start + move, end + move, first + move, last + move
        wordless = not cut.words("".join(base[start:end])) and not cut.words("".join(side[first:last]))
        hunks.append(Hunk(start, end, first, last, wordless))
    return hunks


def _clusters(left: list[Hunk], right: list[Hunk], apart: int) -> list[tuple[list[Hunk], list[Hunk]]]:
    """Changes of both sides in order, those that meet a change of the other side together."""
    clusters: list[tuple[list[Hunk], list[Hunk]]] = []
    for hunk, side in sorted([(hunk, 0) for hunk in left] + [(hunk, 1) for hunk in right]):
        at = len(clusters)
        for index in range(len(clusters) - 1, -1, -1):
            other = clusters[index][1 - side]
            if other and _meet(other[-1], hunk, apart):
                at = index
            elif other or hunk.start - clusters[index][side][-1].end > apart:
                break
        together = clusters[at:]
        clusters[at:] = [([h for one in together for h in one[0]], [h for one in together for h in one[1]])]
        clusters[at][side].append(hunk)
    return clusters


def _meet(earlier: Hunk, later: Hunk, apart: int) -> bool:
    """Whether two changes overlap, touch where one only inserts, or stand closer than `apart` pieces.

    Among words a change of signs alone may stand close to another; among lines nothing may.
    """
    gap = later.start - earlier.end
    inserts = later.start == later.end or earlier.start == earlier.end
    close = apart if apart == 1 or not (earlier.wordless or later.wordless) else 0
    return gap < close or (gap == 0 and inserts)


def _growth(hunks: list[Hunk]) -> int:
    return sum((hunk.last - hunk.first) - (hunk.end - hunk.start) for hunk in hunks)
