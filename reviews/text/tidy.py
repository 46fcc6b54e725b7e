"""Making a shortest edit script read well: scraps of agreement given up, edges moved to where a reader expects them."""

import re
from collections.abc import Sequence

Hunk = tuple[int, int, int, int]
"""What tokens start to end of the old side became what tokens start to end of the new side."""

_STRUCTURE = re.compile(r"\n[^\S\n]*(?:\n|[-*+>|#:]|\d+[.)]|\Z)")
_SENTENCE_END = re.compile(r"[.!?。！？:;]+[\"'”’)*_]*\Z")
_MOST_SCRAP_WORDS = 3
_MOST_SLIDE = 400


def tidied(hunks: list[Hunk], a: Sequence[str], b: Sequence[str]) -> list[Hunk]:
    """The same difference with fewer and better placed hunks; order kept, nothing outside the hunks differs."""
    return _slid(_without_scraps(hunks, a), a, b)


def _without_scraps(hunks: list[Hunk], a: Sequence[str]) -> list[Hunk]:
    """Hunks joined where what lies between says less than what changed on both its sides."""
    kept: list[Hunk] = []
    for hunk in hunks:
        kept.append(hunk)
        while len(kept) > 1 and _is_scrap(a[kept[-2][1] : kept[-1][0]], kept[-2], kept[-1], a):
            last, before = kept.pop(), kept.pop()
            kept.append((before[0], last[1], before[2], last[3]))
    return kept


def _is_scrap(between: Sequence[str], left: Hunk, right: Hunk, a: Sequence[str]) -> bool:
    if len(between) > 4 * _MOST_SCRAP_WORDS + 4:
        return False
    text = "".join(between)
    if _STRUCTURE.search(text):
        return False
    letters = sum(len(token) for token in between if token[0].isalnum())
    if not letters:
        return not text.strip() or (_is_replacement(left) and _is_replacement(right) and "|" not in text)
    number = sum(1 for token in between if token[0].isalnum())
    return number <= _MOST_SCRAP_WORDS and number * 2 <= min(_size(left), _size(right))


def _is_replacement(hunk: Hunk) -> bool:
    return hunk[1] > hunk[0] and hunk[3] > hunk[2]


def _size(hunk: Hunk) -> int:
    """About how many words changed: of tokens every second is a space."""
    return (max(hunk[1] - hunk[0], hunk[3] - hunk[2]) + 1) // 2


def _slid(hunks: list[Hunk], a: Sequence[str], b: Sequence[str]) -> list[Hunk]:
    """Pure insertions and deletions moved sideways, where both readings are right, to the better edges."""
    placed: list[Hunk] = []
    for index, hunk in enumerate(hunks):
        low = placed[-1][1] if placed else 0
        high = hunks[index + 1][0] if index + 1 < len(hunks) else len(a)
        placed.append(hunk if _is_replacement(hunk) else _best_slide(hunk, a, b, hunk[0] - low, high - hunk[1]))
    return placed


def _best_slide(hunk: Hunk, a: Sequence[str], b: Sequence[str], left: int, right: int) -> Hunk:
    text, start, end = (a, hunk[0], hunk[1]) if hunk[1] > hunk[0] else (b, hunk[2], hunk[3])
    best, best_score = 0, _edges(text, start, end)
    for direction, room in ((-1, left), (1, right)):
        move = 0
        while move < min(room, _MOST_SLIDE) and _may_slide(text, start, end, move * direction, direction):
            move += 1
            score = _edges(text, start + move * direction, end + move * direction)
            if score > best_score or (score == best_score and direction > 0 and best < 0):
                best, best_score = move * direction, score
    return hunk[0] + best, hunk[1] + best, hunk[2] + best, hunk[3] + best


def _may_slide(text: Sequence[str], start: int, end: int, moved: int, direction: int) -> bool:
    if direction > 0:
        return end + moved < len(text) and text[start + moved] == text[end + moved]
    return start + moved > 0 and text[start + moved - 1] == text[end + moved - 1]


def _edges(text: Sequence[str], start: int, end: int) -> int:
    return _edge(text, start) + _edge(text, end) + (1 if start < end and text[end - 1].isspace() else 0)


def _edge(text: Sequence[str], at: int) -> int:
    """How natural a cut before token `at` is: a line's beginning, a sentence's, a word's."""
    if at == 0 or at >= len(text):
        return 6
    before, after = text[at - 1], text[at]
    if before == "\n":
        return 7 if after != "\n" else 5
    if after == "\n":
        return 4
    if before.isspace() and at > 1 and _SENTENCE_END.search(text[at - 2]):
        return 4
    if before.isspace():
        return 2
    return 1 if after.isspace() else 0
