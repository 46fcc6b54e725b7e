"""Making a shortest edit script read well: changes that only scraps of agreement divide become one."""

import re
from collections.abc import Sequence

Hunk = tuple[int, int, int, int]
"""What tokens start to end of the old side became what tokens start to end of the new side."""

_STRUCTURE = re.compile(r"\n[^\S\n]*(?:\n|[-*+>|#:]|\d+[.)]|\Z)")
_MOST_SCRAP_WORDS = 3


def tidied(hunks: list[Hunk], a: Sequence[str]) -> list[Hunk]:
    """Return the hunks, joined where what lies between says less than what changed on both its sides."""
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
