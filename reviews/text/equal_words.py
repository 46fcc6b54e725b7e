"""Equal stretches of a sentence then and now, as (start, start, length) in characters."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate

from reviews.text import align, worddiff, words


def with_words_between(before: str, after: str) -> Iterator[align.Block]:
    """Yield the equal stretches as they are shown, and between two of them the words that stand there once on both sides."""
    i = j = 0
    blocks = list(_read_blocks(before, after))
    for x, y, n in [*blocks, (len(before), len(after), 0)] if blocks else ():
        old, new = _places_of_words(before, i, x), _places_of_words(after, j, y)
        pairs = sorted((old[word], new[word], len(word)) for word in old.keys() & new.keys())
        yield from _uncrossed(pairs)
        if n:
            yield x, y, n
        i, j = x + n, y + n


def all_words(before: str, after: str) -> Iterator[align.Block]:
    """Yield all equal words of a sentence that became a list, or of a list that became one.

    Single words stand there between signs.
    """
    old, new = words.tokens(before), words.tokens(after)
    budget = align.Budget.for_size(len(before) + len(after))
    blocks = align.lines(old, new, budget)
    starts_old, starts_new = ([0, *accumulate(map(len, tokens))] for tokens in (old, new))
    for i, j, n in blocks if budget.complete else ():
        yield starts_old[i], starts_new[j], starts_old[i + n] - starts_old[i]


def _read_blocks(before: str, after: str) -> Iterator[align.Block]:
    """The equal stretches as they are shown: a few letters between changes count as changed; none at a work limit."""
    found = worddiff.words(before, after)
    i = j = 0
    for kind, text in found.ops if found.complete else ():
        if kind == "=":
            yield i, j, len(text)
        i += len(text) if kind != "+" else 0
        j += len(text) if kind != "-" else 0


def _uncrossed(pairs: Sequence[align.Block]) -> Iterator[align.Block]:
    """The pairs that cross no other: of words that changed their order none is sure to be the same."""
    lowest_after = list(accumulate((j for _, j, _ in reversed(pairs)), min))[::-1]
    highest = -1
    for pair, lowest in zip(pairs, lowest_after, strict=True):
        if highest < pair[1] == lowest:
            yield pair
        highest = max(highest, pair[1])


def _places_of_words(text: str, start: int, end: int) -> dict[str, int]:
    """Where each word stands that a stretch of text has once."""
    tokens = words.tokens(text[start:end])
    count = Counter(tokens)
    starts = accumulate(map(len, tokens), initial=start)
    return {
        token: at
        for token, at in zip(tokens, starts, strict=False)
        if count[token] == 1 and any(character.isalnum() for character in token)
    }
