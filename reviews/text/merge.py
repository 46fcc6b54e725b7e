"""Bringing two changes of one text together: by lines, then as a suggestion by sentences or words, else as conflicts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from reviews.text import align, layout, line_merge, moves, preserved, suggestions
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
    lines = [line_merge.split(text) for text in (base, ours, theirs)]
    places = line_merge.places(lines[0], lines[1], lines[2], budget)
    if all(place.settled is not None for place in places):
        merged: Merged | Conflicted = Merged("".join([piece for place in places for piece in place.settled or ()]))
    else:
        merged = _with_suggestions(Region(*lines), places, budget)
    return merged if budget.complete else Conflicted((Conflict(base, ours, theirs),))


def _with_suggestions(whole: Region, places: list[Region], budget: align.Budget) -> Merged | Conflicted:
    """What is offered when lines conflict; nothing where a text still holds the marks of an unfinished merge.

    Each place alone keeps what both sides did; what a side moves between places is seen on the whole.
    """
    if any(_MARKERS.search("".join(side)) for side in whole):
        return _unsettled(places)
    relaid = suggestions.relaid(whole, budget)
    if relaid is not None:
        return Merged(relaid, "word")
    moved = _moved(whole, budget)
    if moved and preserved.preserves_both(whole, moved.text):
        return moved
    return _by_places(whole, places, budget)


def _moved(whole: Region, budget: align.Budget) -> Merged | None:
    text = moves.merged(list(whole.base), list(whole.ours), list(whole.theirs), budget)
    return None if text is None else Merged(text, "sentence")


def _by_places(whole: Region, places: list[Region], budget: align.Budget) -> Merged | Conflicted:
    """What is offered place by place, unless the whole would lose what a side did."""
    parts: list[str | Conflict] = []
    methods: set[Method] = {"line"}
    both: list[Region] = []
    verbatim, moved = _verbatim(whole, places), _has_moved(whole, places, budget)
    for place, is_code, has_moved in zip(places, verbatim, moved, strict=True):
        both.append(place if is_code or has_moved else suggestions.reduced(place, budget))
        for part, method in _finer(place, both[-1], budget, verbatim=is_code):
            # What a side moved away and the other changed must not be offered as struck out.
            parts.append(replace(part, suggestion=None) if has_moved and isinstance(part, Conflict) else part)
            methods.add(method)
    merged = _result(parts, methods)
    said = Region(*([line for place in both for line in place[side]] for side in range(3)))
    if isinstance(merged, Conflicted) or preserved.preserves_both(said, merged.text):
        return merged
    return _unsettled(places)


def _verbatim(whole: Region, places: list[Region]) -> list[bool]:
    """For each place whether any of its lines, on any side, is code, where every space counts."""
    found = [False] * len(places)
    for which, side in enumerate(whole):
        code = layout.verbatim_lines(list(side))
        at = 0
        for index, place in enumerate(places):
            end = at + len(place[which])
            found[index] |= any(code[at:end])
            at = end
    return found


def _has_moved(whole: Region, places: list[Region], budget: align.Budget) -> list[bool]:
    """For each place whether a side moved lines of the base away from it."""
    base = list(whole.base)
    moved = moves.moved_lines(base, list(whole.ours), budget) | moves.moved_lines(base, list(whole.theirs), budget)
    found: list[bool] = []
    at = 0
    for place in places:
        found.append(any(line in moved for line in range(at, at + len(place.base))))
        at += len(place.base)
    return found


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


def _finer(
    region: Region, reduced: Region, budget: align.Budget, *, verbatim: bool
) -> list[tuple[str | Conflict, Method]]:
    """A place with the suggestion that finer pieces give when lines conflict, equal ends of both sides taken out.

    A place that is settled once it was reduced to what both sides say is offered so.
    """
    if region.settled is not None:
        return [("".join(region.settled), "line")]
    if reduced.settled is not None:
        base, ours, theirs = ("".join(side) for side in region)
        return [(Conflict(base, ours, theirs, "".join(reduced.settled)), "word")]
    head, tail, inner = suggestions.trimmed(region)
    base, ours, theirs = ("".join(side) for side in inner)
    text, method = suggestions.suggestion(inner, budget, verbatim=verbatim)
    return [("".join(head), "line"), (Conflict(base, ours, theirs, text), method), ("".join(tail), "line")]
