"""What is offered for a place that both sides changed: one text that keeps every word either of them added, or nothing."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from reviews.text import align, regions
from reviews.text import words as cut
from reviews.text.regions import Region

Method = Literal["line", "sentence", "word"]

_ROW = re.compile(r"^(\|[^\n]*\n?)", re.MULTILINE)
_LIST_MARK = re.compile(r"^[ \t]*[-*+][ \t]+", re.MULTILINE)


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


def suggestion(region: Region, budget: align.Budget) -> tuple[str | None, Method]:
    """One text for a conflict that keeps what both sides say, and how it was found."""
    for text, method in _candidates(region, budget):
        if text is not None and not drops_a_word(region, text):
            return text, method
    return None, "line"


def drops_a_word(region: Region, text: str) -> bool:
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


def signs_and_words(text: str) -> list[str]:
    """What a text says without how it is laid out: no white space, list marks and table rules all alike."""
    return [token if token.strip("-*+") else "-" for token in cut.tokens(_LIST_MARK.sub(" - ", text)) if token.strip()]


def _candidates(region: Region, budget: align.Budget) -> Iterator[tuple[str | None, Method]]:
    yield _the_fuller(region, signs_and_words, budget), "word"
    for method, pieces, apart in _FINER:
        yield _woven(*("".join(side) for side in region), pieces=pieces, apart=apart, budget=budget), method
    yield _the_fuller(region, cut.words, budget), "word"


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
    base: str, ours: str, theirs: str, *, pieces: Callable[[str], list[str]], apart: int, budget: align.Budget
) -> str | None:
    """Both changes brought together in finer pieces, or None when they meet there too."""
    if not (base.strip() and ours.strip() and theirs.strip()):
        return None
    settled = [
        region.settled if region.settled is not None else _the_fuller(region, signs_and_words, budget)
        for region in regions.regions(pieces(base), pieces(ours), pieces(theirs), budget=budget, apart=apart)
    ]
    if any(run is None for run in settled):
        return None
    return "".join([piece for run in settled if run is not None for piece in run])


def _words_and_rows(text: str) -> list[str]:
    """Words, signs and spaces, but a row of a table whole: half of one row and half of another is no row."""
    return [piece for line in _ROW.split(text) for piece in ([line] if line.startswith("|") else cut.tokens(line))]


_FINER: tuple[tuple[Method, Callable[[str], list[str]], int], ...] = (
    ("sentence", cut.sentences, 0),
    ("word", _words_and_rows, 3),
)
