"""Merging by lines: which lines both sides kept, and the stretches that neither, one or both of them changed."""

import re
from collections.abc import Callable, Iterator, Sequence

from reviews.text import align, preserved
from reviews.text.align import Block, Budget
from reviews.text.regions import Region

Hunk = tuple[int, int, int, int]
"""Lines `start` to `end` of the base became lines `first` to `last` of a side."""

Aligner = Callable[[list[str], list[str], Budget], list[Block]]

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def split(text: str) -> list[str]:
    """Return the lines of `text` with their line feeds. Only a line feed ends a line, as in git."""
    return _LINE.findall(text)


def places(base: list[str], ours: list[str], theirs: list[str], budget: Budget) -> list[Region]:
    """Return the three texts from end to end in stretches; changes of both sides that touch share one stretch.

    Where lines repeat, several alignments are equally short, and git's choice may be any of them. When the first gives
    a conflict others are tried: a conflict that only comes from the choice between alignments is none.
    """
    first = _places(base, ours, theirs, blocks, budget)
    if _is_settled(first):
        return first
    for aligned in (align.lines, _blocks_from_the_end):
        found = _places(base, ours, theirs, aligned, budget)
        if _is_settled(found):
            merged = "".join([line for region in found for line in region.settled or ()])
            if preserved.preserves_both(Region(base, ours, theirs), merged):
                return found
    return first


def _places(base: list[str], ours: list[str], theirs: list[str], aligned: Aligner, budget: Budget) -> list[Region]:
    left = _hunks(base, ours, aligned(base, ours, budget))
    right = _hunks(base, theirs, aligned(base, theirs, budget))
    return list(_regions(base, ours, theirs, left, right))


def _is_settled(found: list[Region]) -> bool:
    return all(region.settled is not None for region in found)


def hunks(base: list[str], side: list[str], budget: Budget) -> list[Hunk]:
    """Return what a side changed; pure insertions and deletions stand as far down as they go."""
    return _hunks(base, side, blocks(base, side, budget))


def blocks(a: list[str], b: list[str], budget: Budget) -> list[Block]:
    """Return the equal runs of a shortest script, found among the lines that stand in both texts.

    Lines that stand in one text only cannot be matched. Without them long texts become short enough to be compared
    exactly, and repeated lines are matched with the first that fits, as git does.
    """
    in_a, in_b = set(a), set(b)
    places_a = [i for i, line in enumerate(a) if line in in_b]
    places_b = [j for j, line in enumerate(b) if line in in_a]
    shared_a, shared_b = [a[i] for i in places_a], [b[j] for j in places_b]
    small = len(shared_a) * len(shared_b) <= align.EXACT_CELLS
    found: list[Block] = []
    for x, y, n in (align.exact if small else align.lines)(shared_a, shared_b, budget):
        for i, j in zip(places_a[x : x + n], places_b[y : y + n], strict=True):
            if found and (found[-1][0] + found[-1][2], found[-1][1] + found[-1][2]) == (i, j):
                found[-1] = (found[-1][0], found[-1][1], found[-1][2] + 1)
            else:
                found.append((i, j, 1))
    return found


def _blocks_from_the_end(a: list[str], b: list[str], budget: Budget) -> list[Block]:
    """Equal runs in which repeated lines are matched with the last that fits."""
    return [(len(a) - x - n, len(b) - y - n, n) for x, y, n in reversed(blocks(a[::-1], b[::-1], budget))]


def _hunks(base: Sequence[str], side: Sequence[str], equal: list[Block]) -> list[Hunk]:
    found = align.gaps(equal, len(base), len(side))
    moved: list[Hunk] = []
    for index, (start, end, first, last) in enumerate(found):
        limit = found[index + 1][0] if index + 1 < len(found) else len(base)
        if start == end or first == last:
            text, low, high = (side, first, last) if start == end else (base, start, end)
            shift = 0
            while end + shift < limit and high + shift < len(text) and text[low + shift] == text[high + shift]:
                shift += 1
            start, end, first, last = start + shift, end + shift, first + shift, last + shift
        moved.append((start, end, first, last))
    return moved


def _regions(
    base: list[str], ours: list[str], theirs: list[str], left: list[Hunk], right: list[Hunk]
) -> Iterator[Region]:
    at = shift_ours = shift_theirs = 0
    for ours_here, theirs_here in _touching(left, right):
        start = min(hunk[0] for hunk in (*ours_here, *theirs_here))
        end = max(hunk[1] for hunk in (*ours_here, *theirs_here))
        yield Region(base[at:start], base[at:start], base[at:start])
        first_ours, first_theirs = start + shift_ours, start + shift_theirs
        shift_ours += _growth(ours_here)
        shift_theirs += _growth(theirs_here)
        yield Region(base[start:end], ours[first_ours : end + shift_ours], theirs[first_theirs : end + shift_theirs])
        at = end
    yield Region(base[at:], base[at:], base[at:])


def _touching(left: list[Hunk], right: list[Hunk]) -> Iterator[tuple[list[Hunk], list[Hunk]]]:
    """Changes of both sides in order, those that touch a change of the other side together."""
    groups: list[tuple[list[Hunk], list[Hunk]]] = []
    for hunk, side in sorted([(hunk, 0) for hunk in left] + [(hunk, 1) for hunk in right]):
        own, other = (groups[-1][side], groups[-1][1 - side]) if groups else ([], [])
        # Changes of one side touch where an insertion was moved down to the next: what touches one touches both.
        if not (other and hunk[0] <= other[-1][1]) and not (own and hunk[0] == own[-1][1]):
            groups.append(([], []))
        groups[-1][side].append(hunk)
    yield from groups


def _growth(hunks: list[Hunk]) -> int:
    return sum((last - first) - (end - start) for start, end, first, last in hunks)
