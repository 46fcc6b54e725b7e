"""What is offered for a place that both sides changed: one text that keeps every word either of them added, or nothing."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Literal

from reviews.text import additions, align, layout, line_merge, preserved, regions
from reviews.text import words as cut
from reviews.text.regions import Region

Method = Literal["line", "sentence", "word"]

_FORMATTED_LINES = 4
_ROW = re.compile(r"^(\|[^\n]*\n?)", re.MULTILINE)


def trimmed(region: Region) -> tuple[Sequence[str], Sequence[str], Region]:
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


def relaid(whole: Region, budget: align.Budget) -> str | None:
    """Return the other side whole where one side and not the other only laid the text out anew.

    New line ends within paragraphs say nothing. Other bullets, blank lines and indentations are taken for the work of a
    formatter only where many lines have them; a few are an edit, which is kept.
    """
    base, ours, theirs = (list(side) for side in whole)
    for read, fewest in ((layout.read, 0), (layout.shape, _FORMATTED_LINES)):
        said, said_by_ours, said_by_theirs = (read("".join(side)) for side in whole)
        if (said == said_by_ours) == (said == said_by_theirs):
            continue
        formatted, other = (ours, theirs) if said == said_by_ours else (theirs, ours)
        hunks = line_merge.hunks(base, formatted, budget)
        if sum(max(end - start, last - first) for start, end, first, last in hunks) >= fewest:
            return "".join(other)
    return None


def reduced(place: Region, budget: align.Budget) -> Region:
    """Return a place without what says nothing: a side that only laid the text out anew is taken as unchanged."""
    other = None if place.settled is not None else relaid(place, budget)
    if other is None:
        return place
    lines = line_merge.split(other)
    return Region(place.base, lines, place.base) if lines == place.ours else Region(place.base, place.base, lines)


def suggestion(region: Region, budget: align.Budget, *, verbatim: bool) -> tuple[str | None, Method]:
    """Return one text for a conflict that has what both sides did, or None, and how it was found.

    `verbatim` says that the lines are code, where every space counts.
    """
    for text, method in _candidates(region, budget, verbatim):
        if text is not None and preserved.preserves_both(region, text, verbatim=verbatim):
            return text, method
    return None, "line"


def _candidates(region: Region, budget: align.Budget, verbatim: bool) -> Iterator[tuple[str | None, Method]]:
    read = partial(layout.read, verbatim=verbatim)
    yield _the_fuller(region, read, budget), "word"
    for method, pieces, apart in _FINER:
        texts = ("".join(side) for side in region)
        yield _woven(*texts, pieces=pieces, apart=apart, read=read, budget=budget), method
    yield None if verbatim else additions.joined(region), "sentence"


def _the_fuller(region: Region, said: Callable[[str], list[str]], budget: align.Budget) -> str | None:
    """The side that makes every change of what is said that the other makes, if one does; None when both or neither do.

    So a side that only laid the text out anew, or struck out less of the same, gives way.
    """
    base, ours, theirs = (said("".join(side)) for side in region)
    places = list(regions.regions(base, ours, theirs, budget=budget, apart=0))
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


def _woven(
    base: str,
    ours: str,
    theirs: str,
    *,
    pieces: Callable[[str], list[str]],
    apart: int,
    read: Callable[[str], list[str]],
    budget: align.Budget,
) -> str | None:
    """Both changes brought together in finer pieces, or None when they meet there too."""
    if not (base.strip() and ours.strip() and theirs.strip()):
        return None
    settled = [
        region.settled if region.settled is not None else _the_fuller(region, read, budget)
        for region in regions.regions(pieces(base), pieces(ours), pieces(theirs), budget=budget, apart=apart)
    ]
    if any(run is None for run in settled):
        return None
    return "".join([piece for run in settled if run is not None for piece in run])


def _sentences(text: str) -> list[str]:
    """Sentences and blocks; a line end at which a sentence is only wrapped does not cut it."""
    found: list[list[str]] = []
    for piece in cut.sentences(text):
        if found and layout.wraps(found[-1][-1], piece):
            found[-1].append(piece)
        else:
            found.append([piece])
    return ["".join(pieces) for pieces in found]


def _words_and_rows(text: str) -> list[str]:
    """Words, signs and spaces, but a row of a table whole: half of one row and half of another is no row."""
    return [piece for line in _ROW.split(text) for piece in ([line] if line.startswith("|") else cut.tokens(line))]


_FINER: tuple[tuple[Method, Callable[[str], list[str]], int], ...] = (
    ("sentence", _sentences, 0),
    ("word", _words_and_rows, 3),
)
