"""Which pieces of two sequences correspond, in order: by an exact shortest script, between rare pieces first."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import fast_diff_match_patch

Block = tuple[int, int, int]
"""(start in the first sequence, start in the second, length) of a run of equal pieces."""

EXACT_CELLS = 16_000_000
"""The largest rectangle (pieces times pieces) given to the exact algorithm; its cost is bounded by it."""
_BASE_CELLS = 64_000_000
_CELLS_PER_CHARACTER = 40
_PLAIN_CELLS = 4_000_000
_TELLING = 3
MOST_REPEATS = 64
_FIRST_CODE = 0x100
_SURROGATES = range(0xD800, 0xE000)


@dataclass
class Budget:
    """Work left, in cells of comparison and never in time; `complete` turns False once something was refused."""

    cells: int = _BASE_CELLS
    complete: bool = True

    @classmethod
    def for_size(cls, characters: int) -> "Budget":
        """A budget that grows in proportion to what is compared."""
        return cls(_BASE_CELLS + _CELLS_PER_CHARACTER * characters)

    def take(self, cells: int) -> bool:
        """Spend `cells` and say whether they were there to be spent."""
        if cells > EXACT_CELLS or cells > self.cells:
            self.complete = False
            return False
        self.cells -= cells
        return True


def exact(a: Sequence[str], b: Sequence[str], budget: Budget) -> list[Block]:
    """Equal runs of a shortest edit script between `a` and `b`; none beyond the common ends when the budget refuses."""
    head, tail = _common_ends(a, b)
    blocks = [(0, 0, head)] if head else []
    middle_a, middle_b = a[head : len(a) - tail], b[head : len(b) - tail]
    if middle_a and middle_b and budget.take(len(middle_a) * len(middle_b)):
        blocks += [(i + head, j + head, n) for i, j, n in _shortest(middle_a, middle_b)]
    if tail:
        blocks.append((len(a) - tail, len(b) - tail, tail))
    return blocks


def anchored(
    a: Sequence[str], b: Sequence[str], *, weighty: Callable[[str], bool], repeats: int = MOST_REPEATS
) -> list[Block]:
    """Equal runs grown from weighty pieces that are equally frequent in both, the longest chain of them in order.

    A piece that stands more than `repeats` times is no anchor.
    """
    head, tail = _common_ends(a, b)
    end_a, end_b = len(a) - tail, len(b) - tail
    pairs = longest_rise(_rare_pairs(a[head:end_a], b[head:end_b], weighty, repeats))
    blocks = [(0, 0, head)] if head else []
    at_a, at_b = head, head
    for x, y in pairs:
        i, j = x + head, y + head
        if i < at_a or j < at_b:
            continue
        start_i, start_j = i, j
        while start_i > at_a and start_j > at_b and a[start_i - 1] == b[start_j - 1]:
            start_i, start_j = start_i - 1, start_j - 1
        while i < end_a and j < end_b and a[i] == b[j]:
            i, j = i + 1, j + 1
        blocks.append((start_i, start_j, i - start_i))
        at_a, at_b = i, j
    if tail:
        blocks.append((end_a, end_b, tail))
    return blocks


def lines(a: Sequence[str], b: Sequence[str], budget: Budget) -> list[Block]:
    """Equal runs of pieces: of a shortest script, for long texts between telling pieces that both have equally often."""
    if len(a) * len(b) <= _PLAIN_CELLS:
        return exact(a, b, budget)
    blocks: list[Block] = []
    i = j = 0
    for x, y, n in [*anchored(a, b, weighty=lambda piece: len(piece.strip()) > _TELLING), (len(a), len(b), 0)]:
        blocks += [(i + p, j + q, m) for p, q, m in exact(a[i:x], b[j:y], budget)]
        blocks += [(x, y, n)] if n else []
        i, j = x + n, y + n
    return blocks


def gaps(blocks: list[Block], length_a: int, length_b: int) -> list[tuple[int, int, int, int]]:
    """What lies between the equal runs: (start, end) in the first and (start, end) in the second sequence."""
    found, i, j = [], 0, 0
    for x, y, n in [*blocks, (length_a, length_b, 0)]:
        if x > i or y > j:
            found.append((i, x, j, y))
        i, j = x + n, y + n
    return found


def _common_ends(a: Sequence[str], b: Sequence[str]) -> tuple[int, int]:
    shorter = min(len(a), len(b))
    head = 0
    while head < shorter and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < shorter - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    return head, tail


def _shortest(a: Sequence[str], b: Sequence[str]) -> list[Block]:
    codes: dict[str, str] = {}
    runs = fast_diff_match_patch.diff(
        _encode(a, codes), _encode(b, codes), timelimit=0, checklines=False, cleanup="No", counts_only=True
    )
    blocks, i, j = [], 0, 0
    for kind, n in runs:
        if kind == "=":
            blocks.append((i, j, n))
        i += n if kind != "+" else 0
        j += n if kind != "-" else 0
    return blocks


def _encode(pieces: Sequence[str], codes: dict[str, str]) -> str:
    for piece in pieces:
        if piece not in codes:
            number = len(codes) + _FIRST_CODE
            codes[piece] = chr(number if number < _SURROGATES.start else number + len(_SURROGATES))
    return "".join([codes[piece] for piece in pieces])


def _rare_pairs(
    a: Sequence[str], b: Sequence[str], weighty: Callable[[str], bool], repeats: int
) -> list[tuple[int, int]]:
    """The n-th of a piece in `a` with the n-th in `b`, for pieces as frequent in one as in the other."""
    count_a, count_b = Counter(a), Counter(b)
    wanted = {piece for piece, n in count_a.items() if n <= repeats and n == count_b.get(piece) and weighty(piece)}
    places: dict[str, list[int]] = {piece: [] for piece in wanted}
    for j, piece in enumerate(b):
        if piece in wanted:
            places[piece].append(j)
    for stack in places.values():
        stack.reverse()
    return [(i, places[piece].pop()) for i, piece in enumerate(a) if piece in wanted]


def longest_rise(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs that rises in both members (patience sorting)."""
    tops: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for index, (_, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        before.append(at[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [j]
        at[pile : pile + 1] = [index]
    chain, index = [], at[-1] if at else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]
