"""What both sides added to one list or one table: items and rows stand for themselves, so that all of them are kept."""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from reviews.text import words
from reviews.text.regions import Region

_ITEM = re.compile(r"([ \t]*)([-*+])[ \t]+\S")
_ROW = re.compile(r"[ \t]*\|([^|\n]*)\|")
_RULE = re.compile(r"[ \t|:-]*-[ \t|:-]*\n?")
_ALIKE = 0.5

Entries = list[tuple[str, str]]
"""Rows or items, each as what it is known by and its lines."""


def joined(region: Region) -> str | None:
    """Return a stretch of a table or a list with what both sides did, or None.

    Both sides may have added entries at one place, which are then put in the order of their letters; or one side only
    added entries before or after others, and the other side changed those. Entries that say nearly the same are for a
    person.
    """
    for read, is_same in ((_rows, _same_cell), (_items, _alike)):
        base, ours, theirs = (read(side) for side in region)
        if base is None or not ours or not theirs:
            continue
        if not base:
            if ours[0][1].lstrip()[0] != theirs[0][1].lstrip()[0]:
                return None  # another bullet begins another list
            first, second = sorted((ours, theirs), key=_text)
            return None if _repeats(first, second, is_same) else _text(first + second)
        for one, other in ((ours, theirs), (theirs, ours)):
            for added, before in ((one[: len(one) - len(base)], True), (one[len(base) :], False)):
                if added and one == (added + base if before else base + added):
                    whole = added + other if before else other + added
                    return None if _repeats(added, [*base, *other], is_same) else _text(whole)
    return None


def _text(entries: Entries) -> str:
    lines = [line for _, line in entries]
    return "".join([line if line.endswith("\n") else line + "\n" for line in lines[:-1]] + lines[-1:])


def _repeats(added: Entries, others: Entries, is_same: Callable[[str, str], bool]) -> bool:
    return any(is_same(one[0], other[0]) for one in added for other in others)


def _same_cell(one: str, other: str) -> bool:
    return one == other


def _alike(one: str, other: str) -> bool:
    """Tell whether two texts have half of their words in common."""
    left, right = (Counter(word.casefold() for word in words.words(text)) for text in (one, other))
    return 2 * (left & right).total() >= _ALIKE * (left.total() + right.total())


def _rows(side: Sequence[str]) -> Entries | None:
    """The rows of a stretch of a table by their first cells; None for anything else, a table's head too."""
    found: Entries = []
    for line in side:
        row = _ROW.match(line)
        if not row or _RULE.fullmatch(line):
            return None
        found.append((" ".join(row[1].split()).casefold(), line))
    return found


def _items(side: Sequence[str]) -> Entries | None:
    """The items of a stretch of a list with bullets, each with the lines that belong to it; None for anything else."""
    found: Entries = []
    first = _ITEM.match(side[0]) if side else None
    for line in side:
        item = _ITEM.match(line)
        indent = line[: len(line) - len(line.lstrip())]
        if first and item and item.groups() == first.groups():
            found.append((line, line))
        elif first and line.strip() and len(indent) > len(first[1]):
            found[-1] = (found[-1][0] + line, found[-1][1] + line)
        else:
            return None
    return found
