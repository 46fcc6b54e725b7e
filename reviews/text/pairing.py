"""Which piece of an old text is which piece of a new one: in place first, then moved whole, then moved and edited."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from reviews.text import align, counterparts, words
from reviews.text.pieces import Piece, containment, is_weighty, likeness

ALIKE_IN_PLACE = 0.35
CONTAINED = 0.6
ALIKE_ELSEWHERE = 0.6
MARGIN = 0.15
SAME_ROW = 0.3
_PART = 0.75
_FOREIGN = 1  # an item that is new in a list
_RARE = 12
_SHORT_REPEATS = 8
_ONE_TABLE = 60
_BETWEEN = 12
_FEWEST_LETTERS_ELSEWHERE = 40


class Group(NamedTuple):
    """Old pieces `start` to `end` continue as new pieces `first` to `last`; `how` is in place, moved or alike."""

    start: int
    end: int
    first: int
    last: int
    how: str


@dataclass
class Pairing:
    """The pieces of both texts, and what has been matched so far."""

    old: Sequence[Piece]
    new: Sequence[Piece]
    groups: list[Group] = field(default_factory=list)
    old_taken: set[int] = field(default_factory=set)
    new_taken: set[int] = field(default_factory=set)

    def add(self, start: int, end: int, first: int, last: int, how: str) -> None:
        """Match a stretch of old pieces with a stretch of new ones."""
        self.groups.append(Group(start, end, first, last, how))
        self.old_taken.update(range(start, end))
        self.new_taken.update(range(first, last))

    def free(self, i: int, j: int) -> bool:
        """Whether old piece `i` and new piece `j` exist and neither is matched."""
        return 0 <= i < len(self.old) and 0 <= j < len(self.new) and i not in self.old_taken and j not in self.new_taken


Stretch = tuple[int, int]
Once = Callable[[str], bool]
Unchanged = Callable[[], Iterable[Piece]]


def pair(
    old: Sequence[Piece],
    new: Sequence[Piece],
    *,
    places: Iterable[tuple[Stretch, Stretch]],
    once: Once,
    unchanged: Unchanged = list,
) -> list[Group]:
    """Match pieces: `places` are stretches that belong together (a clause then and now), matched in order first.

    `once` says whether the key of a piece stands exactly once in the whole old and once in the whole new document;
    `unchanged` gives the pieces of the clauses that did not change.
    """
    found = Pairing(old, new)
    places = list(places)
    for stretch_old, stretch_new in places:
        _in_place(found, stretch_old, stretch_new)
    for stretch_old, stretch_new in places:
        _rows_reordered(found, stretch_old, stretch_new)
    _moved_whole(found, once)
    _between_moved(found)
    _moved_and_edited(found)
    _only_counterparts(found, unchanged)
    return found.groups


def _in_place(found: Pairing, stretch_old: Stretch, stretch_new: Stretch) -> None:
    for gap in _anchored(found, (*stretch_old, *stretch_new), weighty=is_weighty, repeats=1):
        for inner in _anchored(found, gap, weighty=_has_word, repeats=_SHORT_REPEATS):
            for rest in _anchored(found, inner, weighty=is_weighty, repeats=1, key=_twoalone):
                _edited_in_place(found, rest)


def _key(piece: Piece) -> str:
    return piece.key


def _twoalone(piece: Piece) -> str:
    """What a piece says apart from its marks, its punctuation and its letter case; rows are known by their first cell."""
    return " ".join(words.words(piece.text)).casefold() if piece.row is None else piece.key


def _has_word(key: str) -> bool:
    return any(character.isalnum() for character in key)


Gap = tuple[int, int, int, int]


def _anchored(
    found: Pairing,
    place: Gap,
    *,
    weighty: Callable[[str], bool],
    repeats: int,
    key: Callable[[Piece], str] = _key,
) -> list[Gap]:
    """Match equal pieces in order; what is left between, where both sides have something."""
    i, x, j, y = place
    keys_old, keys_new = [key(piece) for piece in found.old[i:x]], [key(piece) for piece in found.new[j:y]]
    blocks = align.anchored(keys_old, keys_new, weighty=weighty, repeats=repeats)
    for p, q, n in blocks:
        for step in range(n):
            found.add(i + p + step, i + p + step + 1, j + q + step, j + q + step + 1, "in place")
    gaps = align.gaps(blocks, x - i, y - j)
    return [(i + a, i + b, j + c, j + d) for a, b, c, d in gaps if b > a and d > c]


def _edited_in_place(found: Pairing, gap: Gap, *, how: str = "in place") -> None:
    """Match pieces that were edited, split or joined where they stand: the heaviest chain of likenesses."""
    for group in _grouped(found, _heaviest_chain(list(_alike_in(found, gap)))):
        found.add(*group, how)


def _alike_in(found: Pairing, gap: Gap) -> Iterator[tuple[int, int, float]]:
    """(old, new, weight) of pieces in a gap that are alike enough to be one another's continuation."""
    alike: dict[tuple[int, int], float] = {}
    parts_of_old: dict[int, list[int]] = defaultdict(list)
    parts_of_new: dict[int, list[int]] = defaultdict(list)
    for i, j in _sharing_a_word(found, gap):
        a, b = found.old[i], found.new[j]
        score = likeness(a, b)
        if score >= ALIKE_IN_PLACE or containment(a, b) >= CONTAINED:
            alike[i, j] = score * min(len(a.key), len(b.key))
        if _is_part(a, b):
            parts_of_old[i].append(j)
        elif _is_part(b, a):
            parts_of_new[j].append(i)
    lists = [(found.old[i], found.new, [(i, j) for j in parts]) for i, parts in parts_of_old.items()]
    lists += [(found.new[j], found.old, [(i, j) for i in parts]) for j, parts in parts_of_new.items()]
    for whole, side, pairs in lists:
        parts = [side[j if side is found.new else i] for i, j in pairs]
        if _make_up(parts, whole):
            for place, part in zip(pairs, parts, strict=True):
                alike.setdefault(place, ALIKE_IN_PLACE * len(part.key))
    for (i, j), weight in alike.items():
        yield i, j, weight
    yield from _rows_in(found, gap)


def _sharing_a_word(found: Pairing, gap: Gap) -> Iterator[tuple[int, int]]:
    """Pieces of a gap, no rows of tables, that share a word which few of the new ones have."""
    i0, i1, j0, j1 = gap
    holders: dict[Hashable, list[int]] = defaultdict(list)
    for j in range(j0, j1):
        for word in found.new[j].words if found.new[j].row is None else ():
            holders[word].append(j)
    for i in range(i0, i1):
        a = found.old[i]
        near = {j for word in a.words if len(holders[word]) <= _RARE for j in holders[word]} if a.row is None else ()
        yield from ((i, j) for j in sorted(near))


def _is_part(whole: Piece, part: Piece) -> bool:
    """Whether a shorter piece, such as the item of a list, has hardly a word that the longer one has not."""
    total = part.words.total()
    return total < whole.words.total() and (whole.words & part.words).total() >= _PART * total


def _make_up(parts: Sequence[Piece], whole: Piece) -> bool:
    """Whether several pieces hold most words of one: a sentence that became a list, or a list that became a sentence."""
    left = Counter(whole.words)
    for part in parts:
        left -= part.words
    return len(parts) > 1 and left.total() <= (1 - CONTAINED) * whole.words.total()


def _rows_in(found: Pairing, gap: Gap) -> Iterator[tuple[int, int, float]]:
    """Rows of a table whose first cells say the same, however little else they share."""
    i0, i1, j0, j1 = gap
    cells: dict[str, list[int]] = defaultdict(list)
    for j in range(j0, j1):
        cells[found.new[j].row or ""].append(j)
    for i in range(i0, i1):
        a = found.old[i]
        for j in cells.get(a.row or "", ())[:_SHORT_REPEATS] if a.row else ():
            b = found.new[j]
            if a.section != b.section and likeness(a, b) < ALIKE_ELSEWHERE:
                continue
            yield i, j, (SAME_ROW + likeness(a, b)) * min(len(a.key), len(b.key))


def _heaviest_chain(candidates: list[tuple[int, int, float]]) -> list[tuple[int, int]]:
    """The chain of pairs that never goes back on either side and weighs most; one piece may stand in several pairs."""
    columns = sorted({j for _, j, _ in candidates})
    tops: list[tuple[float, int]] = [(0.0, -1)] * (len(columns) + 1)
    before: list[int] = []
    for index, (_, j, weight) in enumerate(sorted(candidates)):
        column = bisect_left(columns, j) + 1
        best, at = (0.0, -1), column
        while at:
            best = max(best, tops[at])
            at -= at & -at
        before.append(best[1])
        total, at = (best[0] + weight, index), column
        while at < len(tops):
            tops[at] = max(tops[at], total)
            at += at & -at
    chain: list[tuple[int, int]] = []
    ordered = sorted(candidates)
    index = max(tops)[1] if candidates else -1
    while index >= 0:
        chain.append(ordered[index][:2])
        index = before[index]
    return chain[::-1]


def _grouped(found: Pairing, chain: list[tuple[int, int]]) -> Iterator[Gap]:
    """Pairs that share a piece and stand side by side, or nearly, as one stretch; a sharer from afar is left out."""
    stretch: Gap | None = None
    for i, j in chain:
        if stretch and (i < stretch[1] or j < stretch[3]):
            is_list = max(stretch[1] - stretch[0], stretch[3] - stretch[2]) > 1
            near = i - stretch[1] <= _BETWEEN and j - stretch[3] <= _BETWEEN
            between = [*found.old[stretch[1] : i], *found.new[stretch[3] : j]] if near else []
            if near and _count_lettered(between) <= (_FOREIGN if is_list else 0):
                stretch = (stretch[0], i + 1, stretch[2], j + 1)
            continue
        if stretch:
            yield stretch
        stretch = (i, i + 1, j, j + 1)
    if stretch:
        yield stretch


def _count_lettered(between: Sequence[Piece]) -> int:
    """How many pieces hold letters, others than the number of an item."""
    return sum(any(character.isalpha() for character in piece.key) for piece in between)


def _rows_reordered(found: Pairing, stretch_old: Stretch, stretch_new: Stretch) -> None:
    """Match rows that changed their order in a table: the first cell stands once on both sides among what is left."""
    left = [i for i in range(*stretch_old) if i not in found.old_taken and found.old[i].row]
    right = {j: found.new[j].row for j in range(*stretch_new) if j not in found.new_taken and found.new[j].row}
    count_old, count_new = Counter(found.old[i].row for i in left), Counter(right.values())
    by_cell = {cell: j for j, cell in right.items()}
    one_table = stretch_old[1] - stretch_old[0] <= _ONE_TABLE
    for i in left:
        cell = found.old[i].row
        if count_old[cell] == count_new[cell] == 1:
            j = by_cell[cell]
            a, b = found.old[i], found.new[j]
            if (one_table and a.section == b.section) or likeness(a, b) >= ALIKE_ELSEWHERE:
                found.add(i, i + 1, j, j + 1, "moved")


def _moved_whole(found: Pairing, once: Once) -> None:
    """Match weighty pieces that stand once in both documents and moved, and what moved along with them."""
    gone = defaultdict(list)
    come = defaultdict(list)
    for i, piece in enumerate(found.old):
        if piece.weighty and i not in found.old_taken:
            gone[piece.key].append(i)
    for j, piece in enumerate(found.new):
        if piece.weighty and j not in found.new_taken:
            come[piece.key].append(j)
    for key, places in gone.items():
        if len(places) == 1 == len(come[key]) and found.free(places[0], come[key][0]):
            i, j = places[0], come[key][0]
            if once(key) or _neighbours_moved_too(found, i, j):
                found.add(i, i + 1, j, j + 1, "moved")
                _along(found, i, j, 1)
                _along(found, i, j, -1)


def _between_moved(found: Pairing) -> None:
    """Match what was edited between two pieces that moved together."""
    moved = sorted(group for group in found.groups if group.how == "moved")
    for left, right in pairwise(moved):
        gap = (left.end, right.start, left.last, right.first)
        small = 0 < right.start - left.end <= _BETWEEN and 0 < right.first - left.last <= _BETWEEN
        if small and _one_clause(found, gap) and _untouched(found, gap):
            _edited_in_place(found, gap, how="moved")


def _untouched(found: Pairing, gap: Gap) -> bool:
    """Whether nothing in a gap is matched yet."""
    return found.old_taken.isdisjoint(range(*gap[:2])) and found.new_taken.isdisjoint(range(*gap[2:]))


def _one_clause(found: Pairing, gap: Gap) -> bool:
    """Whether a gap and what stands around it lie in one clause on each side."""
    old, new = found.old[gap[0] - 1 : gap[1] + 1], found.new[gap[2] - 1 : gap[3] + 1]
    return len({piece.clause for piece in old}) == len({piece.clause for piece in new}) == 1


def _neighbours_moved_too(found: Pairing, i: int, j: int) -> bool:
    return any(
        found.free(i + step, j + step)
        and found.old[i + step].key == found.new[j + step].key
        and _has_word(found.old[i + step].key)
        for step in (1, -1)
    )


def _along(found: Pairing, i: int, j: int, step: int) -> None:
    """Match what stands next to a moved piece on both sides, equal or edited."""
    clause_old, clause_new = found.old[i].clause, found.new[j].clause
    i, j = i + step, j + step
    while found.free(i, j) and (found.old[i].clause, found.new[j].clause) == (clause_old, clause_new):
        a, b = found.old[i], found.new[j]
        if a.key != b.key and not (a.row == b.row and likeness(a, b) >= ALIKE_IN_PLACE):
            return
        found.add(i, i + 1, j, j + 1, "moved")
        i, j = i + step, j + step


def _moved_and_edited(found: Pairing) -> None:
    """Match pieces that moved and were edited, where the likeness is great and no rival, taken or free, comes near."""
    holders: dict[Hashable, list[int]] = defaultdict(list)
    for j, piece in enumerate(found.new):
        if len(piece.key) >= _FEWEST_LETTERS_ELSEWHERE:
            for pair_of_words in piece.pairs:
                holders[pair_of_words].append(j)
    for i, piece in enumerate(found.old):
        if i in found.old_taken or len(piece.key) < _FEWEST_LETTERS_ELSEWHERE:
            continue
        near = Counter(j for two in piece.pairs if len(holders.get(two, ())) <= _RARE for j in holders.get(two, ()))
        scored = sorted(((likeness(piece, found.new[j]), -j) for j, _ in near.most_common(_RARE)), reverse=True)
        if scored and scored[0][0] >= ALIKE_ELSEWHERE and found.free(i, -scored[0][1]):
            j = -scored[0][1]
            clear = len(scored) == 1 or scored[0][0] - scored[1][0] >= MARGIN
            held = containment(piece, found.new[j])
            # A rival that holds the sentence within a longer one is as good as this, though less alike.
            clear = clear and all(
                containment(piece, found.new[-other]) < max(held, CONTAINED) for _, other in scored[1:]
            )
            if clear and piece.row == found.new[j].row:
                found.add(i, i + 1, j, j + 1, "alike")
                _along(found, i, j, 1)
                _along(found, i, j, -1)


def _only_counterparts(found: Pairing, unchanged: Unchanged) -> None:
    """Match sentences that went with those that came, where each is the only counterpart of the other by its rare words."""
    gone = [i for i, piece in enumerate(found.old) if i not in found.old_taken and counterparts.can_be_known(piece)]
    come = [j for j, piece in enumerate(found.new) if j not in found.new_taken and counterparts.can_be_known(piece)]
    if not gone or not come:
        return
    # What stayed as it was is no continuation of a sentence that went.
    settled = {
        group.first
        for group in found.groups
        if (group.end - group.start, group.last - group.first) == (1, 1)
        and found.old[group.start].key == found.new[group.first].key
    }
    asked_old, asked_new = set(gone), {*come, *settled}
    pairs = counterparts.find(
        [found.old[i] for i in gone],
        [found.new[j] for j in come],
        beside_old=[piece for i, piece in enumerate(found.old) if i not in asked_old],
        beside_new=[piece for j, piece in enumerate(found.new) if j not in asked_new],
        unchanged=unchanged,
    )
    for number, other in pairs:
        i, j = gone[number], come[other]
        if found.free(i, j):
            found.add(i, i + 1, j, j + 1, "alike")
