"""Which text of a new version continues which text of an old one, over a whole document, moved text included.

Pieces (sentences, rows, lines) are matched first and words inside matched pieces after, so that a common phrase is never
carried from a sentence that is gone to one that is new. New text that continues one piece of old text no other can claim.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple
from unicodedata import normalize

from reviews.text import counterparts, embedded, equal_words, pairing, pieces
from reviews.text.normal_form import NormalForm, normal_form
from reviews.text.pairing import Group
from reviews.text.pieces import Piece

_SAME_CLAUSE = 0.4
_COUNT_BY_SEARCH = 50
_MANY = 6
_FEWEST_OF_LIST = 3


class Span(NamedTuple):
    """Old text from `start` to `end` stands, letter case apart, at `new_start` of clause `new`; `how` it was found.

    It is longer there by `longer` characters; other than 0 for a letter or line end that is written in another way.
    """

    start: int
    end: int
    new: Hashable
    new_start: int
    how: str
    longer: int = 0

    @property
    def new_end(self) -> int:
        """Where the text ends in the new clause."""
        return self.new_start + self.end - self.start + self.longer

    def part(self, start: int, end: int) -> "Span":
        """The stretch between two old offsets; one written in another way has no parts and is taken as a whole."""
        if self.longer:
            return self._replace(start=start, end=end, longer=self.new_end - self.new_start - (end - start))
        return self._replace(start=start, end=end, new_start=self.new_start + start - self.start)


class Carried:
    """The stretches of a comparison, to be asked by place in the old text and by place in the new."""

    def __init__(self, spans: Mapping[Hashable, Sequence[Span]]) -> None:
        self._spans = spans
        self._starts = {name: [span.start for span in found] for name, found in spans.items()}
        self._claims: dict[Hashable, list[tuple[int, int]]] | None = None

    def within(self, clause: Hashable, start: int, end: int) -> list[Span]:
        """The parts of an old clause's stretches that lie between two offsets, in order."""
        spans = self._spans.get(clause, ())
        parts = []
        for span in spans[max(bisect_right(self._starts.get(clause, ()), start) - 1, 0) :]:
            if span.start >= end:
                break
            low, high = max(span.start, start), min(span.end, end)
            if low < high:
                parts.append(span.part(low, high))
        return parts

    def at(self, clause: Hashable, offset: int) -> Span | None:
        """The stretch that holds the letter at an offset of an old clause."""
        index = bisect_right(self._starts.get(clause, ()), offset) - 1
        span = self._spans[clause][index] if index >= 0 else None
        return span if span and span.start <= offset < span.end else None

    def before(self, clause: Hashable, offset: int) -> Span | None:
        """The last stretch of an old clause that begins before an offset, up to it."""
        index = bisect_left(self._starts.get(clause, ()), offset) - 1
        span = self._spans[clause][index] if index >= 0 else None
        return span.part(span.start, min(span.end, offset)) if span else None

    def after(self, clause: Hashable, offset: int) -> Span | None:
        """The first stretch of an old clause that ends after an offset, from it on."""
        spans = self._spans.get(clause, ())
        index = max(bisect_right(self._starts.get(clause, ()), offset) - 1, 0)
        span = next((span for span in spans[index : index + 2] if span.end > offset), None)
        return span.part(max(span.start, offset), span.end) if span else None

    def claimed(self, clause: Hashable, start: int, end: int) -> int:
        """How many letters of a new clause between two offsets continue old text."""
        if self._claims is None:
            self._claims = defaultdict(list)
            for span in (span for found in self._spans.values() for span in found):
                self._claims[span.new].append((span.new_start, span.new_end))
            for places in self._claims.values():
                places.sort()
        claims = self._claims.get(clause, [])
        first = max(bisect_right(claims, (start, start)) - 1, 0)
        letters = 0
        for low, high in claims[first:]:
            if low >= end:
                break
            letters += max(min(high, end) - max(low, start), 0)
        return letters


def carry(old: Mapping[Hashable, str], new: Mapping[Hashable, str]) -> dict[Hashable, list[Span]]:
    """For each old clause the stretches of its text that stand in the new document, in the order of the old text.

    Clauses of one name belong together; one whose name is gone is looked for among the new names. Cost grows with what
    changed; a comparison that met a work limit carries nothing.
    """
    spans: dict[Hashable, list[Span]] = {
        name: [Span(0, len(text), name, 0, "unchanged")] for name, text in old.items() if new.get(name) == text
    }
    changed_old = [name for name in old if name not in spans]
    changed_new = [name for name in new if name not in spans]
    if not changed_old or not changed_new:
        return spans
    forms_old = {name: normal_form(old[name]) for name in changed_old}
    forms_new = {name: normal_form(new[name]) for name in changed_new}
    cut_old, at_old = _cut(forms_old, changed_old)
    cut_new, at_new = _cut(forms_new, changed_new)
    same = _renamed(cut_old, cut_new, changed_old, changed_new)
    places = [(at_old[a], at_new[b]) for a, b in same]

    def unchanged() -> list[Piece]:
        return [piece for name in old if new.get(name) == old[name] for piece in pieces.cut(0, old[name])]

    for group in pairing.pair(cut_old, cut_new, places=places, once=_once(old, new), unchanged=unchanged):
        a, b = cut_old[group.start].clause, cut_new[group.first].clause
        form_old, form_new = forms_old[changed_old[a]], forms_new[changed_new[b]]
        for span in _spans(group, cut_old, cut_new, changed_new[b], together=(a, b) in same):
            spans.setdefault(changed_old[a], []).extend(_in_sources(span, form_old, form_new))
    carried = {name: _merged(found) for name, found in spans.items()}
    sentences = {name: _stretches(cut_old[slice(*at_old[a])], forms_old[name]) for a, name in enumerate(changed_old)}
    for clause, start, end, found in _within_other_text(old, new, sentences, carried, changed_new):
        # A word or two of a sentence that moved may seem to have stayed, and did not.
        carried[clause] = sorted([*_outside(carried.get(clause, ()), start, end), *found])
    for clause, found in _parts_of_sentences(old, new, sentences, carried, changed_new, unchanged):
        carried[clause] = sorted([*carried.get(clause, ()), *found])
    return carried


def _parts_of_sentences(
    old: Mapping[Hashable, str],
    new: Mapping[Hashable, str],
    sentences: Mapping[Hashable, Sequence[tuple[int, int]]],
    carried: Mapping[Hashable, Sequence[Span]],
    changed_new: Sequence[Hashable],
    unchanged: Callable[[], list[Piece]],
) -> Iterator[tuple[Hashable, list[Span]]]:
    """What went from within sentences, and is the only counterpart of what came elsewhere: clause, and equal stretches."""
    names_old, names_new = list(sentences), list(changed_new)
    gone: list[Piece] = []
    whole: list[tuple[int, int, int]] = []
    for number, name in enumerate(names_old):
        kept = [(span.start, span.end) for span in carried.get(name, ())]
        for start, end in sentences[name]:
            parts = counterparts.outside(number, old[name], start, end, kept)
            gone += parts
            whole += [] if parts else [(number, start, end)]
    if not gone:
        return
    claimed = _claimed(sentences, carried, changed_new)
    come = [
        part
        for number, name in enumerate(names_new)
        for part in counterparts.outside(number, new[name], 0, len(new[name]), claimed[name])
    ]
    stayed = [
        piece for a, start, end in (whole if come else ()) for piece in pieces.cut(a, old[names_old[a]][start:end])
    ]
    for i, j in counterparts.find(gone, come, beside_old=stayed, beside_new=(), unchanged=unchanged):
        a, b = gone[i], come[j]
        blocks = equal_words.with_words_between(_without_case(a.text), _without_case(b.text))
        name = names_new[b.clause]
        yield (
            names_old[a.clause],
            [Span(a.start + x, a.start + x + n, name, b.start + y, "alike") for x, y, n in blocks],
        )


def _outside(spans: Sequence[Span], start: int, end: int) -> Iterator[Span]:
    """The stretches without what lies between two old offsets."""
    for span in spans:
        if span.start < start:
            yield span.part(span.start, min(span.end, start))
        if span.end > end:
            yield span.part(max(span.start, end), span.end)


def _stretches(cut: Sequence[Piece], form: NormalForm) -> list[tuple[int, int]]:
    """Where the sentences stand in the source; rows of tables are known by their first cell and by nothing else."""
    return [(form.start(piece.start), form.start(piece.end)) for piece in cut if piece.row is None]


def _within_other_text(
    old: Mapping[Hashable, str],
    new: Mapping[Hashable, str],
    sentences: Mapping[Hashable, Sequence[tuple[int, int]]],
    carried: Mapping[Hashable, Sequence[Span]],
    changed_new: Sequence[Hashable],
) -> Iterator[tuple[Hashable, int, int, list[Span]]]:
    """The sentences that moved into the middle of other text: clause, start, end, and the stretches that are equal."""
    kept = {name: [(span.start, span.end) for span in carried.get(name, ())] for name in sentences}
    claimed = _claimed(sentences, carried, changed_new)
    for found in embedded.find(old, new, sentences=sentences, kept=kept, claimed=claimed):
        before, after = old[found.clause][found.start : found.end], new[found.new][found.new_start : found.new_end]
        how = "alike" if found.edited else "moved"
        blocks = equal_words.with_words_between(_without_case(before), _without_case(after))
        spans = [Span(found.start + i, found.start + i + n, found.new, found.new_start + j, how) for i, j, n in blocks]
        yield found.clause, found.start, found.end, spans


def _claimed(
    clauses: Iterable[Hashable], carried: Mapping[Hashable, Sequence[Span]], changed_new: Sequence[Hashable]
) -> dict[Hashable, list[tuple[int, int]]]:
    """What continues old text in each new clause that changed, in order."""
    claimed: dict[Hashable, list[tuple[int, int]]] = {name: [] for name in changed_new}
    for span in (span for name in clauses for span in carried.get(name, ())):
        claimed[span.new].append((span.new_start, span.new_end))
    return {name: sorted(places) for name, places in claimed.items()}


def _cut(forms: Mapping[Hashable, NormalForm], names: Sequence[Hashable]) -> tuple[list[Piece], list[tuple[int, int]]]:
    found: list[Piece] = []
    places = []
    for clause, name in enumerate(names):
        start = len(found)
        found += pieces.cut(clause, forms[name].text)
        places.append((start, len(found)))
    return found, places


def _renamed(
    old: Sequence[Piece], new: Sequence[Piece], names_old: Sequence[Hashable], names_new: Sequence[Hashable]
) -> dict[tuple[int, int], None]:
    """Clauses that belong together: those of one name, then each nameless old one with the new one that holds most of it."""
    at_new = {name: b for b, name in enumerate(names_new)}
    same = {(a, at_new[name]): None for a, name in enumerate(names_old) if name in at_new}
    taken_old, taken_new = {a for a, _ in same}, {b for _, b in same}
    shared, size = _shared_words(
        [piece for piece in old if piece.clause not in taken_old],
        [piece for piece in new if piece.clause not in taken_new],
    )
    for (a, b), common in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if a not in taken_old and b not in taken_new and common >= _SAME_CLAUSE * size[a]:
            same[a, b] = None
            taken_old.add(a)
            taken_new.add(b)
    return same


def _shared_words(old: Sequence[Piece], new: Sequence[Piece]) -> tuple[Counter[tuple[int, int]], Counter[int]]:
    """How many neighbouring words two clauses share, those that stand in many clauses apart; and how many each old one has."""
    holders: dict[tuple[str, str], set[int]] = defaultdict(set)
    for piece in new:
        for pair in piece.pairs:
            holders[pair].add(piece.clause)
    shared: Counter[tuple[int, int]] = Counter()
    size: Counter[int] = Counter()
    for piece in old:
        size[piece.clause] += piece.pairs.total()
        for pair in piece.pairs:
            clauses = holders.get(pair, ())
            shared.update((piece.clause, b) for b in (clauses if len(clauses) <= _MANY else ()))
    return shared, size


def _once(old: Mapping[Hashable, str], new: Mapping[Hashable, str]) -> Callable[[str], bool]:
    """A test whether the key of a piece stands exactly once in both documents; counted by piece when there is much to ask."""
    asked = 0
    counts: tuple[Counter[str], Counter[str]] | None = None
    whole: tuple[str, str] | None = None

    def once(text: str) -> bool:
        nonlocal asked, counts, whole
        asked += 1
        if whole is None:
            whole = _one_line(old), _one_line(new)
        if asked <= _COUNT_BY_SEARCH:
            return all(_stands_once(document, text) for document in whole)
        if counts is None:
            counts = _count(old), _count(new)
        return counts[0][text] <= 1 and counts[1][text] <= 1

    return once


def _one_line(texts: Mapping[Hashable, str]) -> str:
    """The document as keys of pieces are written: composed, with single spaces."""
    return "\0".join([" ".join(normalize("NFC", text).split()) for text in texts.values()])


def _stands_once(document: str, text: str) -> bool:
    first = document.find(text)
    return first >= 0 and document.find(text, first + 1) < 0


def _count(texts: Mapping[Hashable, str]) -> Counter[str]:
    return Counter(piece.key for text in texts.values() for piece in pieces.cut(0, normal_form(text).text))


def _spans(group: Group, old: Sequence[Piece], new: Sequence[Piece], name: Hashable, *, together: bool) -> list[Span]:
    """The equal stretches of one match; `together` says that both clauses are one and the same."""
    how = group.how if together or group.how == "alike" else "moved"
    start, first = old[group.start].start, new[group.first].start
    before = "".join([piece.text for piece in old[group.start : group.end]])
    after = "".join([piece.text for piece in new[group.first : group.last]])
    if before == after:
        return [Span(start, start + len(before), name, first, how)]
    before, after = _without_case(before), _without_case(after)
    sizes = (group.end - group.start, group.last - group.first)
    is_list = min(sizes) == 1 and max(sizes) >= _FEWEST_OF_LIST
    blocks = equal_words.all_words(before, after) if is_list else equal_words.with_words_between(before, after)
    return [Span(start + i, start + i + n, name, first + j, how) for i, j, n in blocks]


def _without_case(text: str) -> str:
    """The text in lower case; as it is where that has another length."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text


def _in_sources(span: Span, old: NormalForm, new: NormalForm) -> Iterator[Span]:
    """Yield a stretch of the normal forms as stretches of the written texts, cut where either text is written otherwise."""
    if not (old.atoms or new.atoms):
        yield span
        return
    shift = span.new_start - span.start
    stops = {span.start, span.end}
    for atom in old.inside(span.start, span.end):
        stops.update((atom.start, min(atom.end, span.end)))
    for atom in new.inside(span.new_start, span.new_end):
        stops.update((atom.start - shift, min(atom.end, span.new_end) - shift))
    for low, high in pairwise(sorted(stops)):
        start, end = old.start(low), old.start(high)
        first, last = new.start(low + shift), new.start(high + shift)
        if start < end and first < last:
            yield Span(start, end, span.new, first, span.how, (last - first) - (end - start))


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if merged and _goes_on(merged[-1], span):
            merged[-1] = merged[-1]._replace(end=span.end)
        else:
            merged.append(span)
    return merged


def _goes_on(last: Span, span: Span) -> bool:
    """Whether two stretches are one: each letter of it stands as far from the next as before."""
    together = (last.end, last.new, last.new_end, last.how) == (span.start, span.new, span.new_start, span.how)
    return together and last.longer == span.longer == 0
