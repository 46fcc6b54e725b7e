"""Quotes: the words a thread is about, and where they stand in a later version, or that they are gone."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reviews.text import carrying, words
from reviews.text.carrying import Carried, Span

State = Literal["exact", "mapped", "moved", "fuzzy", "orphan"]

CONTEXT = 48
"""How many characters before and after a quote are kept with it."""
_LONG = 80
_KEPT_OF_LONG, _KEPT_OF_SHORT, _KEPT_OF_LITTLE = 0.5, 0.6, 0.2
# One word of a phrase can hold most of its letters; where the text around it stayed, less of its own has to.
_KEPT_OF_ENCLOSED = 1 / 3
_SURE = 0.75
_NEARLY_ALL = 0.95
_WIDEST = 3
_SOME = 16
_FARTHEST = 400
_PHRASE = 40


@dataclass(frozen=True, slots=True)
class Quote:
    """Words as first quoted, with what stood around them and where; offsets are Python string indices."""

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int
    clause: Hashable


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a quote was placed where it was: the rule, what a person can check, and the letters that stayed."""

    rule: str
    found: str
    kept: int
    of: int


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a quote stands in a later version. An orphan has no clause and no offsets; `score` is between 0 and 1."""

    state: State
    clause: Hashable | None
    start: int | None
    end: int | None
    score: float
    evidence: Evidence


def make(text: str, start: int, end: int, clause: Hashable) -> Quote:
    """The quote of `text[start:end]` with its context. Raises ValueError when the offsets are not in the text."""
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"The quote from {start} to {end} lies outside the text, which has {len(text)} characters.")
    prefix, suffix = text[max(start - CONTEXT, 0) : start], text[end : end + CONTEXT]
    return Quote(text[start:end], prefix, suffix, start, end, clause)


def place(quotes: Iterable[Quote], old: Mapping[Hashable, str], new: Mapping[Hashable, str]) -> list[Placement]:
    """Where each quote made on `old` stands in `new`, in the order given.

    The two versions are compared as wholes, and a quote goes where its own letters went. Text that continues other old
    text is never taken, however alike; what cannot be told is an orphan. The same input gives the same output.
    """
    carried = Carried(carrying.carry(old, new))
    placed = []
    for quote in quotes:
        at = _stands_at(quote, old)
        placed.append(_found_by_words(quote, new) if at is None else _carried(quote, at, carried, new))
    return placed


def _stands_at(quote: Quote, old: Mapping[Hashable, str]) -> int | None:
    """Where the quote begins in the old text: where it says, else the one place with its words and its context."""
    text = old.get(quote.clause)
    if text is None:
        return None
    if text[quote.start : quote.end] == quote.exact and 0 <= quote.start <= len(text):
        return quote.start
    places = _best_in_context(quote, [(quote.clause, at) for at in _finds(text, quote.exact)], old)
    return places[0][1] if len(places) == 1 else None


def _carried(quote: Quote, at: int, carried: Carried, new: Mapping[Hashable, str]) -> Placement:
    """Where the letters of a quote went, if enough of them went to one place."""
    end = at + len(quote.exact)
    parts = carried.within(quote.clause, at, end)
    if not quote.exact.strip() and (len(parts) != 1 or parts[0].end - parts[0].start < len(quote.exact)):
        return _point(quote, at, carried)
    total = _weight(quote.exact)
    run = _heaviest_run(parts, quote.exact, at, carried)
    kept = _kept(run, quote.exact, at)
    needed = _KEPT_OF_LONG if total >= _LONG else _KEPT_OF_SHORT
    if _is_first_cell(quote, run, at):
        needed = _KEPT_OF_LITTLE
    elif run and kept < needed * total and _is_enclosed(quote, run, at, carried):
        needed = _needed_of_enclosed(quote.exact, run, at)
    if not run or kept < needed * total:
        return _orphan(kept, total)
    first, last = _edges(quote, run, at, carried)
    found = new[run[0].new][first:last]
    state = _state(quote, run, found, kept / total)
    evidence = Evidence(_RULES[run[0].how], found, kept, total)
    return Placement(state, run[0].new, first, last, round(kept / total, 4), evidence)


def _is_first_cell(quote: Quote, run: Sequence[Span], at: int) -> bool:
    """Whether the quote begins with the first cell of a table row, and that cell stayed."""
    cell, bar, _ = quote.exact.partition("|")
    begins_row = quote.prefix.rpartition("\n")[2].strip(" |") == "" or not quote.prefix
    return bool(bar and cell.strip() and "\n" not in cell and begins_row and run) and (
        run[0].start <= at and run[0].end >= at + len(cell.rstrip())
    )


def _is_enclosed(quote: Quote, run: Sequence[Span], at: int, carried: Carried) -> bool:
    """Whether what is left of the quote is held on both sides: by its own first or last word, or by the text next to it."""
    end = at + len(quote.exact)
    before, after = carried.before(quote.clause, at), carried.after(quote.clause, end)
    first, last = _outer_words(quote.exact, at)
    begins = before and at - before.end <= _SOME and _follows(before, run[0])
    ends = after and after.start - end <= _SOME and _follows(run[-1], after)
    return bool((begins or _holds(run[0], first)) and (ends or _holds(run[-1], last)))


def _outer_words(exact: str, at: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where the first and the last word of a quote that begins at `at` stand."""
    places = []
    for token in words.tokens(exact):
        if any(character.isalnum() for character in token):
            places.append((at, at + len(token)))
        at += len(token)
    return (places[0], places[-1]) if places else ((at, at), (at, at))


def _holds(part: Span, place: tuple[int, int]) -> bool:
    return place[0] < place[1] and part.start <= place[0] and place[1] <= part.end


def _needed_of_enclosed(exact: str, run: Sequence[Span], at: int) -> float:
    """The share of letters that must stay where both sides are held: in a short phrase one word may go, however long."""
    first, last = _outer_words(exact, at)
    if _holds(run[0], first) and _holds(run[-1], last):
        return _KEPT_OF_LITTLE
    if len(exact) > _PHRASE:
        return _KEPT_OF_LONG
    lost = stayed = 0
    for token in words.tokens(exact):
        end = at + len(token)
        if any(character.isalnum() for character in token):
            whole = any(part.start <= at and end <= part.end for part in run)
            lost, stayed = (lost, stayed + 1) if whole else (lost + 1, stayed)
        at = end
    return _KEPT_OF_LITTLE if stayed and lost == 1 else _KEPT_OF_ENCLOSED


def _edges(quote: Quote, run: Sequence[Span], at: int, carried: Carried) -> tuple[int, int]:
    """Where the found text begins and ends: with the first and last letters that stayed, or with what replaced others.

    Words that were replaced at an edge are taken along when they lay wholly within the quote.
    """
    first, last, end = run[0].new_start, run[-1].new_end, at + len(quote.exact)
    before = carried.at(quote.clause, at - 1) if run[0].start > at else None
    if before and before.end == at and _follows(before, run[0]):
        first = before.new_end
    after = carried.at(quote.clause, end) if run[-1].end < end else None
    if after and after.start == end and _follows(run[-1], after):
        last = after.new_start
    return first, last


def _follows(left: Span, right: Span) -> bool:
    """Whether two stretches follow one another in the new text, with about as much between them as in the old."""
    between = right.new_start - left.new_end
    return left.new == right.new and 0 <= between <= _WIDEST * (right.start - left.end) + _SOME


_RULES = {
    "unchanged": "its clause did not change",
    "in place": "carried through the comparison of its clause",
    "moved": "its sentence moved, and stands once in both versions",
    "alike": "its sentence moved and was edited, and no other comes near it",
}


def _state(quote: Quote, run: Sequence[Span], found: str, share: float) -> State:
    how = {part.how for part in run}
    if "alike" in how or share < _SURE:
        return "fuzzy"
    if "moved" in how or run[0].new != quote.clause:
        return "moved"
    return "exact" if found == quote.exact else "mapped"


def _heaviest_run(parts: Sequence[Span], exact: str, at: int, carried: Carried) -> list[Span]:
    """The parts that stand together in the new text, in order and in one clause, where they keep most letters.

    Where nearly all letters stayed, more may have been put in between than where some are gone; but old text that came
    from elsewhere to stand between parts them.
    """
    far = _heaviest(_runs(parts, _FARTHEST if len(exact) >= _PHRASE else len(exact) + CONTEXT, carried), exact, at)
    if _kept(far, exact, at) >= _NEARLY_ALL * _weight(exact):
        return far
    return _heaviest(_runs(parts, len(exact) // 2 + _SOME, carried), exact, at)


def _kept(run: Sequence[Span], exact: str, at: int) -> int:
    """How many letters of a quote that begins at `at` the parts keep."""
    parts = [exact[part.start - at : part.end - at] for part in run]
    # White space counts only in a quote that has nothing else.
    return sum(len("".join(part.split())) if exact.strip() else len(part) for part in parts)


def _runs(parts: Sequence[Span], widest: int, carried: Carried) -> list[list[Span]]:
    runs: list[list[Span]] = []
    for part in parts:
        home = next((run for run in runs if _continues(run[-1], part, widest, carried)), None)
        if home is None:
            runs.append([part])
        else:
            home.append(part)
    return runs


def _continues(last: Span, part: Span, widest: int, carried: Carried) -> bool:
    gap = part.new_start - last.new_end
    if last.new != part.new or not 0 <= gap <= widest:
        return False
    return gap <= _SOME or carried.claimed(part.new, last.new_end, part.new_start) <= _SOME


def _heaviest(runs: Sequence[list[Span]], exact: str, at: int) -> list[Span]:
    return max(runs, key=lambda run: _kept(run, exact, at), default=[])


def _weight(text: str) -> int:
    return len("".join(text.split())) or len(text)


def _orphan(kept: int, total: int) -> Placement:
    rule = "too few of its words are left" if kept else "its words are gone"
    return Placement("orphan", None, None, None, 0.0, Evidence(rule, "", kept, total))


def _point(quote: Quote, at: int, carried: Carried) -> Placement:
    """A place between letters goes where its neighbour went, the one before it first."""
    end = at + len(quote.exact)
    left = carried.at(quote.clause, at - 1)
    beside = left or carried.at(quote.clause, end)
    if beside is None:
        return _orphan(0, 1)
    spot = min(beside.new_start + (at if left else end) - beside.start, beside.new_end)
    kept: State = "mapped" if quote.exact else "exact"
    state: State = kept if beside.how in ("unchanged", "in place") else "moved"
    return Placement(state, beside.new, spot, spot, 1.0, Evidence(_RULES[beside.how], "", 1, 1))


def _found_by_words(quote: Quote, new: Mapping[Hashable, str]) -> Placement:
    """A quote whose old text is not at hand: the one place with its very words, and with its context if it is short."""
    everywhere = [(name, at) for name, text in new.items() for at in _finds(text, quote.exact)] if quote.exact else []
    places = _best_in_context(quote, everywhere, new)
    if len(places) != 1 or not _supported(quote, places[0], new, alone=len(everywhere) == 1):
        return _orphan(0, _weight(quote.exact))
    clause, at = places[0]
    state: State = "exact" if clause == quote.clause else "moved"
    evidence = Evidence("its words stand once", quote.exact, _weight(quote.exact), _weight(quote.exact))
    return Placement(state, clause, at, at + len(quote.exact), 1.0, evidence)


def _finds(text: str, exact: str) -> list[int]:
    found, at = [], text.find(exact) if exact else -1
    while at >= 0:
        found.append(at)
        at = text.find(exact, at + 1)
    return found


def _context(quote: Quote, place: tuple[Hashable, int], texts: Mapping[Hashable, str]) -> int:
    """How many letters of the quote's context stand around a place, counted outwards until one differs."""
    clause, at = place
    before, after = texts[clause][max(at - CONTEXT, 0) : at], texts[clause][at + len(quote.exact) :][:CONTEXT]
    return _common(before[::-1], quote.prefix[::-1]) + _common(after, quote.suffix)


def _common(a: str, b: str) -> int:
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _best_in_context(
    quote: Quote, places: Sequence[tuple[Hashable, int]], texts: Mapping[Hashable, str]
) -> list[tuple[Hashable, int]]:
    scored = [(_context(quote, place, texts), place) for place in places]
    best = max((score for score, _ in scored), default=0)
    return [place for score, place in scored if score == best]


def _supported(quote: Quote, place: tuple[Hashable, int], texts: Mapping[Hashable, str], *, alone: bool) -> bool:
    context = _context(quote, place, texts)
    enough = len(words.words(quote.exact)) >= 5 and alone
    return enough or 2 * context >= min(len(quote.prefix) + len(quote.suffix), CONTEXT)
