"""Bringing two changes of one text together: by lines, then as a suggestion by sentences or words, else as conflicts."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from reviews.text import align
from reviews.text import words as cut

Method = Literal["line", "sentence", "word"]


@dataclass(frozen=True, slots=True)
class Merged:
    """Both changes in one text. By `line` it is sure; by `sentence` or `word` it is a suggestion for a person to accept."""

    text: str
    method: Method = "line"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place that both sides changed differently, and a `suggestion` when finer pieces could be brought together."""

    base: str
    ours: str
    theirs: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Conflicted:
    """What could be merged, as text, and between it the conflicts, in order."""

    parts: tuple[str | Conflict, ...]

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The conflicts alone."""
        return tuple(part for part in self.parts if isinstance(part, Conflict))


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


def merge(base: str, ours: str, theirs: str) -> Merged | Conflicted:
    """Merge two changes of `base`.

    Lines that only one side changed are merged as git would. Where both changed the same or touching lines, sentences
    and then words are tried; what they give is a suggestion. No side's words are ever left out: what cannot keep both
    is a conflict. `merge(b, x, y)` and `merge(b, y, x)` give the same with the sides exchanged.
    """
    if ours == theirs or theirs == base:
        return Merged(ours)
    if ours == base:
        return Merged(theirs)
    budget = align.Budget.for_size(len(base) + len(ours) + len(theirs))
    lines = [text.splitlines(keepends=True) for text in (base, ours, theirs)]
    regions = list(_regions(*lines, budget=budget, apart=1))
    if all(region.settled is not None for region in regions):
        merged: Merged | Conflicted = Merged("".join([piece for region in regions for piece in region.settled or ()]))
    else:
        merged = _with_suggestions(Region(*lines), regions, budget)
    return merged if budget.complete else Conflicted((Conflict(base, ours, theirs),))


def _with_suggestions(whole: Region, regions: list[Region], budget: align.Budget) -> Merged | Conflicted:
    """What is offered when lines conflict: the other side whole where one only laid the text out anew, else by places."""
    if any(_MARKERS.search("".join(side)) for side in whole):
        return _result(_unsettled(regions), {"line"})
    relaid_ours = _says_the_same([(region.base, region.ours) for region in regions])
    relaid_theirs = _says_the_same([(region.base, region.theirs) for region in regions])
    if relaid_ours != relaid_theirs:
        return Merged("".join(whole.theirs if relaid_ours else whole.ours), "word")
    parts: list[str | Conflict] = []
    methods: set[Method] = {"line"}
    for region in regions:
        if region.settled is not None:
            parts.append("".join(region.settled))
            continue
        for part, method in _finer(region, budget):
            parts.append(part)
            methods.add(method)
    return _result(parts, methods)


def _says_the_same(places: list[tuple[Sequence[str], Sequence[str]]]) -> bool:
    """Whether one side of all these places says, in order, what the other says, however it is laid out."""
    changed = [(base, side) for base, side in places if base != side]
    said = (_signs_and_words("".join([line for pair in changed for line in pair[which]])) for which in (0, 1))
    return next(said) == next(said)


def _unsettled(regions: list[Region]) -> list[str | Conflict]:
    """The conflicts without suggestions, as for a text that still holds the marks of an unfinished merge."""
    return [
        Conflict(*("".join(side) for side in region)) if region.settled is None else "".join(region.settled)
        for region in regions
    ]


def _result(parts: list[str | Conflict], methods: set[Method]) -> Merged | Conflicted:
    open_conflict = any(isinstance(part, Conflict) and part.suggestion is None for part in parts)
    if open_conflict:
        return Conflicted(tuple(_joined(parts)))
    text = "".join([part.suggestion or "" if isinstance(part, Conflict) else part for part in parts])
    method: Method = "word" if "word" in methods else "sentence" if "sentence" in methods else "line"
    return Merged(text, method)


def _joined(parts: list[str | Conflict]) -> Iterator[str | Conflict]:
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
            continue
        if text:
            yield text
        text = ""
        yield part
    if text:
        yield text


def _the_fuller(region: Region, said: Callable[[str], list[str]], budget: align.Budget) -> str | None:
    """The side that makes every change of what is said that the other makes, if one does; None when both or neither do.

    So a side that only laid the text out anew, or struck out less of the same, gives way.
    """
    base, ours, theirs = (said("".join(side)) for side in region)
    places = list(_regions(base, ours, theirs, budget=budget, apart=0))
    ours_does_all = all(_includes(place.base, place.ours, place.theirs) for place in places)
    theirs_does_all = all(_includes(place.base, place.theirs, place.ours) for place in places)
    if ours_does_all == theirs_does_all:
        return None
    fuller, other = (ours, theirs) if ours_does_all else (theirs, ours)
    if base and fuller and not other:
        return None  # what one side struck out and the other wrote anew is for a person
    return "".join(region.ours if ours_does_all else region.theirs)


def _includes(base: Sequence[str], more: Sequence[str], less: Sequence[str]) -> bool:
    """Whether `more` makes every change of the base that `less` makes."""
    if less in (base, more):
        return True
    was, full, part = Counter(base), Counter(more), Counter(less)
    return part - was <= full - was and was - part <= was - full


def _signs_and_words(text: str) -> list[str]:
    """What a text says without how it is laid out: no white space, list marks and table rules all alike."""
    return [token if token.strip("-*+") else "-" for token in cut.tokens(_LIST_MARK.sub(" - ", text)) if token.strip()]


def _finer(region: Region, budget: align.Budget) -> list[tuple[str | Conflict, Method]]:
    """A conflict of lines with the suggestion that finer pieces give, equal ends of both sides taken out."""
    head, tail, inner = _trimmed(region)
    base, ours, theirs = ("".join(side) for side in inner)
    text, method = _suggestion(inner, budget)
    return [("".join(head), "line"), (Conflict(base, ours, theirs, text), method), ("".join(tail), "line")]


def _suggestion(region: Region, budget: align.Budget) -> tuple[str | None, Method]:
    """One text for a conflict that keeps what both sides say, and how it was found."""
    for text, method in _candidates(region, budget):
        if text is not None and not _drops_a_word(region, text):
            return text, method
    return None, "line"


def _candidates(region: Region, budget: align.Budget) -> Iterator[tuple[str | None, Method]]:
    yield _the_fuller(region, _signs_and_words, budget), "word"
    for method, pieces, apart in _FINER:
        yield _woven(*("".join(side) for side in region), pieces=pieces, apart=apart, budget=budget), method
    yield _the_fuller(region, cut.words, budget), "word"


def _drops_a_word(region: Region, text: str) -> bool:
    """Whether a word that a side has more often than the base is in the text less often than that side wants.

    So where one side moved a word to a place, and the other added the same word there: the two are not one change.
    """
    base, ours, theirs = (Counter(cut.words("".join(side))) for side in region)
    got = Counter(cut.words(text))
    return any(
        got[word] < side[word] - max(0, base[word] - other[word])
        for side, other in ((ours, theirs), (theirs, ours))
        for word in side - base
    )


def _words_and_rows(text: str) -> list[str]:
    """Words, signs and spaces, but a row of a table whole: half of one row and half of another is no row."""
    return [piece for line in _ROW.split(text) for piece in ([line] if line.startswith("|") else cut.tokens(line))]


_ROW = re.compile(r"^(\|[^\n]*\n?)", re.MULTILINE)
_MARKERS = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)
_LIST_MARK = re.compile(r"^[ \t]*[-*+][ \t]+", re.MULTILINE)
_FINER: tuple[tuple[Method, Callable[[str], list[str]], int], ...] = (
    ("sentence", cut.sentences, 0),
    ("word", _words_and_rows, 3),
)


def _trimmed(region: Region) -> tuple[Sequence[str], Sequence[str], Region]:
    """Lines that both sides added alike at the ends of a conflict, and what is left between."""
    base, ours, theirs = region
    head = 0
    while head < min(len(ours), len(theirs)) and ours[head] == theirs[head]:
        head += 1
    tail = 0
    while tail < min(len(ours), len(theirs)) - head and ours[-1 - tail] == theirs[-1 - tail]:
        tail += 1
    kept_head = 0
    while kept_head < min(head, len(base)) and base[kept_head] == ours[kept_head]:
        kept_head += 1
    kept_tail = 0
    while kept_tail < min(tail, len(base) - kept_head) and base[-1 - kept_tail] == ours[-1 - kept_tail]:
        kept_tail += 1
    inner = Region(
        base[kept_head : len(base) - kept_tail], ours[head : len(ours) - tail], theirs[head : len(theirs) - tail]
    )
    return ours[:head], ours[len(ours) - tail :], inner


def _woven(
    base: str, ours: str, theirs: str, *, pieces: Callable[[str], list[str]], apart: int, budget: align.Budget
) -> str | None:
    """Both changes brought together in finer pieces, or None when they meet there too."""
    if not (base.strip() and ours.strip() and theirs.strip()):
        return None
    settled = [
        region.settled if region.settled is not None else _the_fuller(region, _signs_and_words, budget)
        for region in _regions(pieces(base), pieces(ours), pieces(theirs), budget=budget, apart=apart)
    ]
    if any(run is None for run in settled):
        return None
    return "".join([piece for run in settled if run is not None for piece in run])


def _regions(
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
