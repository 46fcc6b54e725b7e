"""Where an insertion or a deletion is marked when several places are equally right: at the edges a reader expects.

In "one two one three", the words "one two" and the words "two one" may both have been put before the rest. As in git's
indent heuristic and the lossless cleanup of diff-match-patch, the place with the best edges is taken.
"""

import re
from itertools import accumulate

from reviews.text import words as cut

# How far a mark may move, in characters: it bounds the work on texts that repeat themselves.
_FARTHEST = 4_000
_BLANK_LINE_BEFORE = re.compile(r"\n[^\S\n]*\n\Z")
_LINE = re.compile(
    r"(?P<indent>[^\S\n]*)(?:(?P<end>\n)|(?P<marker>[-*+|>][ \t]|#{1,6}[ \t]|\d{1,9}[.)][ \t]|!!!|```|~~~))?"
)
_SENTENCE_END = re.compile(r"[.!?。！？:;]+[\"'”’)*_]*\s*\Z")
# Whatever blank lines stand before it, a section or an item is marked from its first line on.
_OPENING = re.compile(r"(?:[^\S\n]*\n){0,3}[^\S\n]*(?:(?P<heading>#{1,6}[ \t])|[-*+][ \t]|\d{1,9}[.)][ \t]|!!!)")
_NEAR = 40
_DEEPEST = 3

# How natural an edge is; of two places the one with the greater sum is better.
_TEXT_END, _LINE_START, _AFTER_BLANK_LINE, _AT_MARKER = 20, 16, 4, 1
_SENTENCE_START, _LINE_END, _SENTENCE_CLOSED, _WORD_START, _WORD_END = 9, 8, 6, 4, 2
_HEADING_FIRST, _ITEM_FIRST = 12, 6


def moved(left: str, text: str, right: str, *, is_first: bool, is_last: bool) -> tuple[str, str, str]:
    """Return the three parts of a text, of which the middle one came or went, with the middle one at its best place.

    Joined they are the same, and so are `left` and `right` joined. Unless the change is the first or the last of its
    text, something stays between it and its neighbour.
    """
    to_left = _common_end(left, text, most=len(left) - (not is_first))
    to_right = _common_start(text, right, most=len(right) - (not is_last))
    # A space is best marked after its word; this is the usual case, and it spares the work of all others.
    if to_right <= 0 and (to_left <= 0 or (to_left == 1 and text[-1] == " ")):
        return left, text, right
    whole = left + text + right
    start, size = len(left), len(text)
    # Of equal places the one where the mark was, then the one farthest on.
    best = max(
        _places(whole, start - to_left, start + to_right, size),
        key=lambda at: (_score(whole, at, at + size), at == start, at),
        default=start,
    )
    return whole[:best], whole[best : best + size], whole[best + size :]


def _common_end(left: str, text: str, *, most: int) -> int:
    """How far `text` can move to the left: how many characters before its start are those before its end."""
    size, limit, length = 0, min(most, _FARTHEST), len(text)
    while size < limit and left[-1 - size] == (text[-1 - size] if size < length else left[length - 1 - size]):
        size += 1
    return size


def _common_start(text: str, right: str, *, most: int) -> int:
    """How far `text` can move to the right: how many characters after its start are those after its end."""
    size, limit, length = 0, min(most, _FARTHEST), len(text)
    while size < limit and right[size] == (text[size] if size < length else right[size - length]):
        size += 1
    return size


def _places(whole: str, low: int, high: int, size: int) -> list[int]:
    """The places between two offsets at which a text of this size begins and ends between two tokens."""
    begin = whole.rfind("\n", 0, low) + 1
    end = whole.find("\n", high + size)
    window = whole[begin : end + 1 if end >= 0 else len(whole)]
    cuts = set(accumulate(map(len, cut.tokens(window)), initial=begin))
    return [at for at in range(low, high + 1) if at in cuts and at + size in cuts]


def _score(text: str, start: int, end: int) -> int:
    opening = _OPENING.match(text, start, end) if start == 0 or text[start - 1] == "\n" else None
    first = 0 if opening is None else _HEADING_FIRST if opening["heading"] else _ITEM_FIRST
    return _edge(text, start) + _edge(text, end) + first + text[end - 1].isspace()


def _edge(text: str, at: int) -> int:
    """How natural a cut is: best where a paragraph or an item begins, the less a line is indented the better."""
    if at == 0 or at == len(text):
        return _TEXT_END if text[at - 1] == "\n" or at == 0 else _LINE_END
    before, after = text[at - 1], text[at]
    if before == "\n":
        return _line_start(text, at)
    if after == "\n":
        return _LINE_END
    ends_sentence = _SENTENCE_END.search(text[max(0, at - _NEAR) : at])
    if before.isspace():
        return _SENTENCE_START if ends_sentence else _WORD_START
    if after.isspace():
        return _SENTENCE_CLOSED if ends_sentence else _WORD_END
    return 0


def _line_start(text: str, at: int) -> int:
    line = _LINE.match(text, at)
    if line is None or line["end"]:
        return _LINE_START
    after_blank = _BLANK_LINE_BEFORE.search(text, max(0, at - _NEAR), at) is not None
    depth = min(len(line["indent"].expandtabs(4)) // 2, _DEEPEST)
    return _LINE_START + _AFTER_BLANK_LINE * after_blank + (_AT_MARKER if line["marker"] else 0) - 2 * depth
