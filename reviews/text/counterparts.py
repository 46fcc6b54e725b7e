"""Sentences that went and sentences that came, matched where each is by its rare words the only counterpart of the other."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from math import log

from reviews.text import align, pieces, words
from reviews.text.pieces import Piece

ALIKE = 0.5
MARGIN = 0.15
_FEWEST_SHARED = 3
_RARE = 12


def find(
    gone: Sequence[Piece],
    come: Sequence[Piece],
    *,
    beside_old: Sequence[Piece],
    beside_new: Sequence[Piece],
    unchanged: Callable[[], Iterable[Piece]],
) -> Iterator[tuple[int, int]]:
    """Yield (number in `gone`, number in `come`) of the pieces that are one another's only counterpart.

    `beside_old` and `unchanged` are other old text, of which what came may be a copy; `beside_new` is other new text in
    which what went may go on. A pair is given when nothing of these comes near it. `unchanged` is called only at need.
    """
    if not gone or not come:
        return
    weights = _weights([*gone, *come, *beside_old, *beside_new])
    old, new = _Side([*gone, *beside_old], come), _Side([*come, *beside_new], gone)
    pairs = [
        (i, j)
        for i, piece in enumerate(gone)
        if (j := new.only_counterpart(piece, weights)) is not None
        and j < len(come)
        and old.only_counterpart(come[j], weights) == i
        and _shares_enough(piece, come[j], weights)
    ]
    still = _Side(list(unchanged()), [come[j] for _, j in pairs]) if pairs else None
    for i, j in pairs:
        if still and not still.has_rival(come[j], _covered(come[j], gone[i], weights), weights):
            yield i, j


class _Side:
    """Pieces that can be asked by the words of those on the other side."""

    def __init__(self, side: Sequence[Piece], asking: Iterable[Piece]) -> None:
        asked = {word for piece in asking for word in piece.words}
        holders: dict[str, list[int]] = defaultdict(list)
        for place, piece in enumerate(side):
            for word in piece.words.keys() & asked:
                holders[word].append(place)
        self._pieces = side
        self._holders = {word: places for word, places in holders.items() if len(places) <= _RARE}

    def only_counterpart(self, piece: Piece, weights: dict[str, float]) -> int | None:
        """Return the piece that has most of what one says, when every other has clearly less."""
        scored = sorted((_covered(piece, self._pieces[place], weights), -place) for place in self._near(piece))
        if not scored or (len(scored) > 1 and scored[-1][0] - scored[-2][0] < MARGIN):
            return None
        return -scored[-1][1]

    def has_rival(self, piece: Piece, covered: float, weights: dict[str, float]) -> bool:
        """Return whether a piece has nearly as much of what one says as its counterpart, or more."""
        return any(_covered(piece, self._pieces[place], weights) > covered - MARGIN for place in self._near(piece))

    def _near(self, piece: Piece) -> set[int]:
        return {place for word in piece.words for place in self._holders.get(word, ())}


def can_be_known(piece: Piece) -> bool:
    """Return whether a piece has enough words to be known by them; rows are known by their first cell."""
    return piece.row is None and piece.words.total() > _FEWEST_SHARED


def outside(clause: int, text: str, start: int, end: int, taken: Sequence[tuple[int, int]]) -> list[Piece]:
    """Return the pieces between two offsets outside the stretches that are taken, if they have enough words to be known."""
    found: list[Piece] = []
    at, index = start, max(bisect_right(taken, (start, start)) - 1, 0)
    while at < end:
        low, high = taken[index] if index < len(taken) else (end, end)
        if low > at:
            for piece in pieces.cut(clause, text[at : min(low, end)]):
                if can_be_known(piece):
                    found.append(replace(piece, start=piece.start + at, end=piece.end + at))
        at, index = max(at, high), index + 1
    return found


def _weights(known: Sequence[Piece]) -> dict[str, float]:
    """What each word says: the more, the fewer pieces hold it (inverse document frequency)."""
    holding = Counter(word for piece in known for word in piece.words)
    return {word: log((len(known) + 1) / number) for word, number in holding.items()}


def _covered(piece: Piece, other: Piece, weights: dict[str, float]) -> float:
    """How much of what a piece says another one holds, however long that is."""
    return _sum(piece.words & other.words, weights) / (_sum(piece.words, weights) or 1)


def _sum(counted: Counter[str], weights: dict[str, float]) -> float:
    return sum(number * weights[word] for word, number in counted.items())


def _shares_enough(a: Piece, b: Piece, weights: dict[str, float]) -> bool:
    """Whether two pieces have most of what they say in common, in the same order."""
    run_a, run_b = ([word.casefold() for word in words.words(piece.text)] for piece in (a, b))
    budget = align.Budget.for_size(len(a.text) + len(b.text))
    common = [run_a[i + step] for i, _, n in align.lines(run_a, run_b, budget) for step in range(n)]
    total = _sum(a.words, weights) + _sum(b.words, weights)
    enough = len(common) >= _FEWEST_SHARED and 2 * _sum(Counter(common), weights) >= ALIKE * total
    return budget.complete and enough
