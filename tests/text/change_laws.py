"""What must hold of comparing, merging, placing and judging any texts whatever; used by tests and by the fuzzer."""

from __future__ import annotations

import itertools
from collections import Counter

from reviews.text import changes, diff, merge, outline, quotes, words
from reviews.text.merge import Conflict, Conflicted, Merged


def check_words(a: str, b: str) -> None:
    """Both sides are rebuilt, operations alternate and none is empty."""
    found = diff.words(a, b)
    assert (found.old, found.new) == (a, b)
    assert all(op.text for op in found.ops)
    kinds = [op.kind for op in found.ops]
    assert not any(one == two or (one, two) == ("+", "-") for one, two in itertools.pairwise(kinds))
    assert found.changed == (a != b)


def check_documents(a: str, b: str) -> None:
    """Every clause is in a pair, or gone, or new; what moved lies in the clauses that are named."""
    old, new = outline.parse(a), outline.parse(b)
    found = diff.documents(old, new)
    assert sorted([*(pair.old for pair in found.pairs), *found.removed]) == list(range(len(old.clauses)))
    assert sorted([*(pair.new for pair in found.pairs), *found.added]) == list(range(len(new.clauses)))
    for pair in found.pairs:
        assert (pair.diff.old, pair.diff.new) == (old.clauses[pair.old].source, new.clauses[pair.new].source)
    for block in found.moved_blocks:
        assert 0 <= block.old_start < block.old_end <= len(old.clauses[block.old].source)
        assert 0 <= block.new_start < block.new_end <= len(new.clauses[block.new].source)


def check_merge(base: str, ours: str, theirs: str) -> None:
    """One change alone is taken, sides may be exchanged, a suggestion keeps what both sides did."""
    assert merge.merge(base, base, theirs) == Merged(theirs)
    assert merge.merge(base, ours, base) == Merged(ours)
    assert merge.merge(base, ours, ours) == Merged(ours)
    result = merge.merge(base, ours, theirs)
    assert merge.merge(base, theirs, ours) == swapped(result)
    for conflict in result.conflicts if isinstance(result, Conflicted) else suggested(result, base, ours, theirs):
        _check_both_are_kept(conflict)


def swapped(result: Merged | Conflicted) -> Merged | Conflicted:
    """A result as it must be when the sides are exchanged."""
    if isinstance(result, Merged):
        return result
    return Conflicted(
        tuple(
            Conflict(part.base, part.theirs, part.ours, part.suggestion) if isinstance(part, Conflict) else part
            for part in result.parts
        )
    )


def suggested(result: Merged, base: str, ours: str, theirs: str) -> tuple[Conflict, ...]:
    """A merge by lines is git's, and takes a line once that both added at one place; every other one is a suggestion."""
    return () if result.method == "line" else (Conflict(base, ours, theirs, result.text),)


def _check_both_are_kept(conflict: Conflict) -> None:
    """A suggestion has each word as often as both changes together want, and each move of a word that can be told apart.

    What both sides added or struck out may be one change or two.
    """
    if conflict.suggestion is None:
        return
    texts = (conflict.base, conflict.ours, conflict.theirs, conflict.suggestion)
    base, ours, theirs, got = (Counter(words.words(text)) for text in texts)
    for word in {*base, *ours, *theirs, *got}:
        low, high = sorted((ours[word] - base[word], theirs[word] - base[word]))
        alike = high if low > 0 else low if high < 0 else low + high
        assert min(alike, low + high) <= got[word] - base[word] <= max(alike, low + high)
    single = [word for word in base if base[word] == ours[word] == theirs[word] == got[word] == 1]
    places = [{word: at for at, word in enumerate(words.words(text))} for text in texts]
    for one, two in itertools.combinations(single, 2):
        stood, left, right, stands = (place[one] < place[two] for place in places)
        assert stands == (stood if left == right == stood else not stood)


def check_placing(old: dict[str, str], new: dict[str, str]) -> None:
    """Placements lie in their clause, exact ones hold the very words, and each is the same alone as among others."""
    asked = some_quotes(old)
    found = quotes.place(asked, old, new)
    assert found == [quotes.place([quote], old, new)[0] for quote in asked]
    for quote, place in zip(asked, found, strict=True):
        if place.state == "orphan":
            assert (place.clause, place.start, place.end, place.score) == (None, None, None, 0.0)
        else:
            assert 0 <= place.start <= place.end <= len(new[place.clause])
            assert place.state != "exact" or new[place.clause][place.start : place.end] == quote.exact
    assert all(
        (place.state, place.clause, place.start, place.end) == ("exact", quote.clause, quote.start, quote.end)
        for quote, place in zip(asked, quotes.place(asked, old, dict(old)), strict=True)
        if old[quote.clause]
    )


def some_quotes(texts: dict[str, str]) -> list[quotes.Quote]:
    """Quotes of a point, a few letters, a half and the whole of each text."""
    found = []
    for clause, text in texts.items():
        middle = len(text) // 2
        for start, end in ((middle, middle), (middle // 2, min(middle // 2 + 5, len(text))), (middle, len(text))):
            found.append(quotes.make(text, start, end, clause))
        found.append(quotes.make(text, 0, len(text), clause))
    return found


def check_class(a: str, b: str) -> None:
    """Every change has a class, no change has none, and the way back weighs as much as the way there."""
    there, back = changes.classify(a, b), changes.classify(b, a)
    assert there.name in changes.NAMES
    assert (there.name == "none") == (a == b)
    assert there.name == back.name
    assert changes.classify(a, a) == changes.ChangeClass("none")
