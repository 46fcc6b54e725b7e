"""Where text went that left its clause: moved blocks, and what became of clauses split, joined or dissolved."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from reviews.text import words
from reviews.text.outline import Clause
from reviews.text.worddiff import Op

_FEWEST_WORDS = 4
_FEWEST_LETTERS = 16
_LEAST_FLOW = 60
_LEAST_SHARE = 0.12
_BRIDGE = 8
_LEAST_BLOCK = 40


class MovedBlock(NamedTuple):
    """A stretch of sentences that left one place and came at another, with offsets into the clauses' sources."""

    old: int
    old_start: int
    old_end: int
    new: int
    new_start: int
    new_end: int


class Flow(NamedTuple):
    """How much of clause `old` went into clause `new`: letters, and the share of the old and of the new text."""

    old: int
    new: int
    letters: int
    of_old: float
    of_new: float


class Dissolution(NamedTuple):
    """A clause that is gone, with those below it that are gone too, and the new clauses that hold their text."""

    chapter: int
    parts: tuple[int, ...]
    targets: tuple[int, ...]


class Piece(NamedTuple):
    """A sentence that went or came: its clause, where it stands in it, and its words alone."""

    clause: int
    start: int
    end: int
    folded: str
    telling: bool


def pieces(clause: int, ops: Iterable[Op], *, kind: str) -> list[Piece]:
    """The sentences of a clause that went (`-`) or came (`+`) by these operations."""
    found, at = [], 0
    for op in ops:
        if op.kind == kind:
            found += _sentences(clause, op.text, at)
        at += len(op.text) if op.kind in ("=", kind) else 0
    return found


def _sentences(clause: int, text: str, at: int) -> list[Piece]:
    found = []
    for sentence in words.sentences(text):
        run = words.words(sentence)
        folded = " ".join(run).casefold()
        telling = len(run) >= _FEWEST_WORDS and len(folded) >= _FEWEST_LETTERS
        found.append(Piece(clause, at, at + len(sentence), folded, telling))
        at += len(sentence)
    return found


def moved_blocks(gone: Sequence[Piece], come: Sequence[Piece]) -> list[MovedBlock]:
    """Sentences that went here and came there, in the order of the old text, neighbours joined."""
    blocks: list[MovedBlock] = []
    last: tuple[int, int] | None = None
    for g, c in _same_pieces(gone, come):
        if last and _bridged(gone, come, last, (g, c)):
            blocks[-1] = blocks[-1]._replace(old_end=gone[g].end, new_end=come[c].end)
        else:
            one, two = gone[g], come[c]
            blocks.append(MovedBlock(one.clause, one.start, one.end, two.clause, two.start, two.end))
        last = (g, c)
    return [block for block in blocks if block.old_end - block.old_start >= _LEAST_BLOCK]


def _same_pieces(gone: Sequence[Piece], come: Sequence[Piece]) -> list[tuple[int, int]]:
    """Equal sentences, each used once; the one that goes on from the match before is taken first."""
    places: dict[str, list[int]] = defaultdict(list)
    for c in range(len(come) - 1, -1, -1):
        if come[c].telling:
            places[come[c].folded].append(c)
    found: list[tuple[int, int]] = []
    used: set[int] = set()
    following = 0
    for g, piece in enumerate(gone):
        stack = places.get(piece.folded)
        if not stack:
            continue
        while stack and stack[-1] in used:
            stack.pop()
        near = range(following, min(following + _BRIDGE, len(come)))
        next_one = [c for c in near if come[c].folded == piece.folded and c not in used][:1] or stack[-1:]
        for c in next_one:
            used.add(c)
            found.append((g, c))
            following = c + 1
    return found


def _bridged(gone: Sequence[Piece], come: Sequence[Piece], last: tuple[int, int], this: tuple[int, int]) -> bool:
    """Whether two matches continue one another: the same clauses, and the same small pieces between them."""
    step = this[0] - last[0]
    if step != this[1] - last[1] or not 0 < step <= _BRIDGE:
        return False
    between_old, between_new = gone[last[0] : this[0] + 1], come[last[1] : this[1] + 1]
    return (
        _unbroken(between_old)
        and _unbroken(between_new)
        and all(one.folded == two.folded for one, two in zip(between_old, between_new, strict=True))
    )


def _unbroken(run: Sequence[Piece]) -> bool:
    return all(one.clause == two.clause and one.end == two.start for one, two in pairwise(run))


def flows(blocks: Iterable[MovedBlock], old: Sequence[Clause], new: Sequence[Clause]) -> list[Flow]:
    """How much text went from which clause into which, small amounts left out; the greatest of an old clause first."""
    letters: dict[tuple[int, int], int] = defaultdict(int)
    for block in blocks:
        letters[block.old, block.new] += block.old_end - block.old_start
    found = []
    for (i, j), amount in letters.items():
        of_old, of_new = amount / max(len(old[i].source), 1), amount / max(len(new[j].source), 1)
        if amount >= _LEAST_FLOW and max(of_old, of_new) >= _LEAST_SHARE:
            found.append(Flow(i, j, amount, min(of_old, 1.0), min(of_new, 1.0)))
    return sorted(found, key=lambda flow: (flow.old, -flow.letters, flow.new))


def dissolutions(removed: Sequence[int], found: Sequence[Flow], old: Sequence[Clause]) -> list[Dissolution]:
    """The clauses that are gone, those below one that is gone counted to it, with the clauses that hold their text."""
    gone = set(removed)
    parts: dict[int, list[int]] = defaultdict(list)
    for i in removed:
        top, above = i, old[i].parent
        while above is not None:
            top, above = (above if above in gone else top), old[above].parent
        parts[top].append(i)
    result = []
    for top, below in parts.items():
        targets = sorted({flow.new for flow in found if flow.old in below})
        if targets:
            result.append(Dissolution(top, tuple(below), tuple(targets)))
    return result
