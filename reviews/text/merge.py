"""Bringing two changes of one text together: by lines, then as a suggestion by sentences or words, else as conflicts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reviews.text import align, regions, suggestions
from reviews.text.regions import Region
from reviews.text.suggestions import Method

_MARKERS = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)


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
    places = list(regions.regions(*lines, budget=budget, apart=1))
    if all(place.settled is not None for place in places):
        merged: Merged | Conflicted = Merged("".join([piece for place in places for piece in place.settled or ()]))
    else:
        merged = _with_suggestions(Region(*lines), places, budget)
    return merged if budget.complete else Conflicted((Conflict(base, ours, theirs),))


def _with_suggestions(whole: Region, places: list[Region], budget: align.Budget) -> Merged | Conflicted:
    """What is offered when lines conflict; nothing where a text still holds the marks of an unfinished merge.

    Each place alone keeps its words; a word that one side moves between places and the other adds is seen on the whole.
    """
    if any(_MARKERS.search("".join(side)) for side in whole):
        return _unsettled(places)
    merged = _relaid(whole, places) or _by_places(places, budget)
    drops = isinstance(merged, Merged) and suggestions.drops_a_word(whole, merged.text)
    return _unsettled(places) if drops else merged


def _relaid(whole: Region, places: list[Region]) -> Merged | None:
    """The other side whole, where one side and not the other only laid the text out anew."""
    ours = _says_the_same([(place.base, place.ours) for place in places])
    theirs = _says_the_same([(place.base, place.theirs) for place in places])
    if ours == theirs:
        return None
    return Merged("".join(whole.theirs if ours else whole.ours), "word")


def _by_places(places: list[Region], budget: align.Budget) -> Merged | Conflicted:
    parts: list[str | Conflict] = []
    methods: set[Method] = {"line"}
    for place in places:
        for part, method in _finer(place, budget):
            parts.append(part)
            methods.add(method)
    return _result(parts, methods)


def _says_the_same(places: list[tuple[Sequence[str], Sequence[str]]]) -> bool:
    """Whether one side of all these places says, in order, what the other says, however it is laid out."""
    changed = [(base, side) for base, side in places if base != side]
    said = (
        suggestions.signs_and_words("".join([line for pair in changed for line in pair[which]])) for which in (0, 1)
    )
    return next(said) == next(said)


def _unsettled(places: list[Region]) -> Conflicted:
    """The conflicts without suggestions."""
    parts = [
        Conflict(*("".join(side) for side in place)) if place.settled is None else "".join(place.settled)
        for place in places
    ]
    return Conflicted(tuple(_joined(parts)))


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


def _finer(region: Region, budget: align.Budget) -> list[tuple[str | Conflict, Method]]:
    """A place with the suggestion that finer pieces give when lines conflict, equal ends of both sides taken out."""
    if region.settled is not None:
        return [("".join(region.settled), "line")]
    head, tail, inner = suggestions.trimmed(region)
    base, ours, theirs = ("".join(side) for side in inner)
    text, method = suggestions.suggestion(inner, budget)
    return [("".join(head), "line"), (Conflict(base, ours, theirs, text), method), ("".join(tail), "line")]
