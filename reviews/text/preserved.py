"""Whether a merged text preserves what both sides did: what they added, what they struck out, and what they moved."""

from collections import Counter
from collections.abc import Sequence

from reviews.text import layout, words
from reviews.text.regions import Region


def preserves_both(region: Region, text: str, *, verbatim: bool = False) -> bool:
    """Return whether `text` has every addition and every deletion of both sides, and their order of words."""
    texts = (*("".join(side) for side in region), text)
    tokens = [layout.read(text, verbatim=verbatim) for text in texts]
    # A link target or a tag is one token, but its words are changed one by one.
    return all(_preserves_counts(*cut) and _preserves_moves(*cut) for cut in (tokens, [words.words(t) for t in texts]))


def _preserves_counts(*texts: list[str]) -> bool:
    """Whether each token is there as often as both changes together want, or once for a change that both made alike."""
    counts = [Counter(tokens) for tokens in texts]
    for token in set().union(*counts):
        was, left, right, got = (count[token] for count in counts)
        one, two = sorted((left - was, right - was))
        if one >= 0:
            low, high = two, one + two
        elif two <= 0:
            low, high = one + two, one
        else:
            low = high = one + two
        if token != " " and not low <= got - was <= high:
            return False
    return True


def _preserves_moves(*texts: list[str]) -> bool:
    """Whether exactly those pairs of tokens changed places that changed places on one side at least.

    Only tokens that stand once in each text can be told apart. Two orders are compared by the number of pairs that
    changed places, d. The merged order has all exchanges of a side when d(base, merged) = d(base, side) +
    d(side, merged), and no others when it has as many as both sides have together.
    """
    single = [{token for token, n in Counter(tokens).items() if n == 1} for tokens in texts]
    shared = set.intersection(*single)
    b, o, t, m = ([token for token in tokens if token in shared] for tokens in texts)
    to_ours, to_theirs, apart, to_merged = exchanges(b, o), exchanges(b, t), exchanges(o, t), exchanges(b, m)
    if not (to_ours or to_theirs or to_merged):
        return True
    has_ours = to_merged == to_ours + exchanges(o, m)
    has_theirs = to_merged == to_theirs + exchanges(t, m)
    return has_ours and has_theirs and 2 * to_merged == to_ours + to_theirs + apart


def exchanges(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many pairs of the same tokens, each there once, stand in the other order (Kendall's distance)."""
    if one == other:
        return 0
    place = {token: i for i, token in enumerate(one, start=1)}
    seen = [0] * (len(place) + 1)  # a Fenwick tree over the places of `one`
    count = 0
    for number, token in enumerate(other):
        at, before = place[token], 0
        while at:
            before += seen[at]
            at &= at - 1
        count += number - before
        at = place[token]
        while at < len(seen):
            seen[at] += 1
            at += at & -at
    return count
