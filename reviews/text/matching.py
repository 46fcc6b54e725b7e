"""Which clause of an old outline is which of a new one: as told, by explicit anchor, by identical text, by likeness."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from reviews.text import words
from reviews.text.outline import Clause

ALIKE = 0.5
"""The share of common word triples from which two clauses in the same place count as one."""
SAME_PATH_ALIKE = 0.1
_LIKE_TITLES = 0.5
_NEAR = 3
_SAMPLE = 100

Given = Mapping[int | str, int | str | None]


@dataclass
class Matching:
    """The pairs found so far, by old and by new index, and by what each was found."""

    old: Sequence[Clause]
    new: Sequence[Clause]
    to_new: dict[int, int] = field(default_factory=dict)
    to_old: dict[int, int] = field(default_factory=dict)
    reason: dict[int, str] = field(default_factory=dict)
    settled: set[int] = field(default_factory=set)

    def add(self, i: int, j: int, reason: str) -> None:
        """Take old clause `i` and new clause `j` for the same, unless one of them is taken."""
        if i not in self.to_new and j not in self.to_old and i not in self.settled:
            self.to_new[i], self.to_old[j], self.reason[i] = j, i, reason

    def open_old(self) -> list[int]:
        """Old clauses without a counterpart that may still get one."""
        return [i for i in range(len(self.old)) if i not in self.to_new and i not in self.settled]

    def open_new(self) -> list[int]:
        """New clauses without a counterpart."""
        return [j for j in range(len(self.new)) if j not in self.to_old]


def match(old: Sequence[Clause], new: Sequence[Clause], *, same: Given | None = None) -> Matching:
    """Pair the clauses of two outlines one to one; a clause that `same` maps to None has no counterpart."""
    found = Matching(old, new)
    _as_given(found, same or {})
    _by_key(found, lambda clause: clause.anchor if clause.explicit else None, "anchor")
    _by_key(found, lambda clause: clause.source.strip() or None, "text")
    _by_key(found, lambda clause: body(clause) if len(body(clause)) > 40 else None, "text")
    _by_path(found)
    _by_likeness(found)
    return found


def body(clause: Clause) -> str:
    """The text of a clause below its heading line."""
    if not clause.level:
        return clause.source.strip()
    _, _, rest = clause.source.partition("\n")
    return rest.strip()


def _as_given(found: Matching, same: Given) -> None:
    old_names = {clause.anchor: i for i, clause in reversed(list(enumerate(found.old))) if clause.anchor}
    new_names = {clause.anchor: j for j, clause in reversed(list(enumerate(found.new))) if clause.anchor}
    for key, value in same.items():
        i = key if isinstance(key, int) else old_names.get(key)
        j = value if value is None or isinstance(value, int) else new_names.get(value)
        if i is None:
            continue
        if j is not None:
            found.add(i, j, "given")
        elif value is None:
            found.settled.add(i)


def _by_key(found: Matching, key: Callable[[Clause], Hashable | None], reason: str) -> None:
    """Pair clauses of equal key, the n-th with the n-th."""
    places: dict[Hashable, list[int]] = defaultdict(list)
    for j in reversed(found.open_new()):
        places[key(found.new[j])].append(j)
    places.pop(None, None)
    for i in found.open_old():
        stack = places.get(key(found.old[i]))
        if stack:
            found.add(i, stack.pop(), reason)


def _by_path(found: Matching) -> None:
    """Pair clauses whose anchors, made from titles and the headings above, agree, unless the text says otherwise."""
    names = {found.new[j].anchor: j for j in reversed(found.open_new()) if found.new[j].anchor}
    for i in found.open_old():
        j = names.get(found.old[i].anchor)
        if j is not None and found.old[i].title == found.new[j].title:
            likeness = _dice(_triples(found.old[i]), _triples(found.new[j]))
            if likeness >= SAME_PATH_ALIKE or not (body(found.old[i]) and body(found.new[j])):
                found.add(i, j, "title")


def _by_likeness(found: Matching) -> None:
    """Pair the most alike first; they must stand under the same clause or have titles that share words."""
    scores = _likenesses(found)
    for score, i, j in sorted(scores, key=lambda row: (-row[0], row[1], row[2])):
        if score >= ALIKE and (_same_parent(found, i, j) or _like_titles(found.old[i].title, found.new[j].title)):
            found.add(i, j, "likeness")


def _likenesses(found: Matching) -> list[tuple[float, int, int]]:
    """(likeness, old, new) of open clauses; of each old one only the few new ones that share most, near its place."""
    old = {i: _triples(found.old[i]) for i in found.open_old()}
    new = {j: _triples(found.new[j]) for j in found.open_new()}
    samples = {i: list(triples)[:: len(triples) // _SAMPLE + 1] for i, triples in old.items()}
    holders: dict[str, list[int]] = {triple: [] for sample in samples.values() for triple in sample}
    for j, triples in new.items():
        for triple in holders.keys() & triples.keys():
            holders[triple].append(j)
    scale = len(found.new) / max(len(found.old), 1)
    return [
        (_dice(old[i], new[j]), i, j)
        for i, sample in samples.items()
        for j in _sharing_most(sample, holders, round(i * scale))
    ]


def _sharing_most(sample: Sequence[str], holders: Mapping[str, list[int]], place: int) -> list[int]:
    """The few new clauses that hold most of a sample of triples, those nearest to `place` where many hold one."""
    shared: Counter[int] = Counter()
    for triple in sample:
        places = holders[triple]
        at = bisect_left(places, place)
        shared.update(places[max(at - _NEAR, 0) : at + _NEAR])
    return sorted(shared, key=lambda j: (-shared[j], abs(j - place), j))[:_NEAR]


def _triples(clause: Clause) -> Counter[str]:
    """All runs of three words with their number; of fewer words, all as one."""
    run = words.words((body(clause) or clause.title).lower())
    return Counter(map(" ".join, zip(run, run[1:], run[2:], strict=False))) or Counter([" ".join(run)])


def _dice(a: Counter[str], b: Counter[str]) -> float:
    small, large = (a, b) if len(a) <= len(b) else (b, a)
    common = (small & large).total()
    return 2 * common / ((a.total() + b.total()) or 1)


def _same_parent(found: Matching, i: int, j: int) -> bool:
    above_old, above_new = found.old[i].parent, found.new[j].parent
    if above_old is None or above_new is None:
        return above_old is above_new
    return found.to_new.get(above_old) == above_new


def _like_titles(a: str, b: str) -> bool:
    one, two = set(words.words(a.lower())), set(words.words(b.lower()))
    return len(one & two) > _LIKE_TITLES * max(len(one), len(two))
