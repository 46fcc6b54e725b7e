"""Cutting the clauses of a document into pieces that are recognised as wholes: sentences, rows of tables, short lines."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from reviews.text import words

_LINE = re.compile(
    r"[^\n]*(?:(?<![\n.:;!?|>-])\n[ \t]{0,6}(?=[a-z`(])(?![^|\n]{0,120}\|)[^\n]*)*(?:\n\s*|\Z)"  # soft line ends
)
_HEADING = re.compile(r"[ ]{0,3}(#{1,6})[ \t]+([^\n]*)")
_SENTENCE_BREAK = re.compile(r"[.!?][\"”’)\]*_]*(?:\[\^\w{1,40}\])*[^\S\n]*\s(?=[\"“‘(\[*_`]*[^\W_a-z])")
_ROW = re.compile(r"\s*(?:\|([^|\n]*)\||([^|\n]{1,120})\|[^|\n]*\|)")
_CELL = re.compile(r"<[^<>]*>|\[\^\w{1,40}\]|[\s*_`]+")

WEIGHTY_LETTERS = 20
WEIGHTY_WORDS = 4


@dataclass(eq=False)
class Piece:
    """A stretch of a clause. `key` is what it is recognised by: the text with white space taken as single spaces.

    `section` is the path of headings above it within its clause.
    """

    clause: int
    start: int
    end: int
    text: str
    key: str
    section: tuple[str, ...]
    weighty: bool = field(init=False)

    def __post_init__(self) -> None:
        self.weighty = is_weighty(self.key)

    @cached_property
    def row(self) -> str | None:
        """The first cell of a table row, folded; None when this is no row."""
        found = _ROW.match(self.text)
        return " ".join(_CELL.sub(" ", found[1] or found[2] or "").split()).casefold() if found else None

    @cached_property
    def words(self) -> Counter[str]:
        """The words of the piece with their number, letter case apart."""
        return Counter(word.casefold() for word in words.words(self.text))

    @cached_property
    def pairs(self) -> Counter[tuple[str, str]]:
        """Neighbouring words with their number."""
        run = [word.casefold() for word in words.words(self.text)]
        return Counter(pairwise(run))


def is_weighty(key: str) -> bool:
    """Whether a piece says enough to be recognised by itself."""
    return len(key) >= WEIGHTY_LETTERS and key.count(" ") >= WEIGHTY_WORDS - 1


def cut(clause: int, text: str) -> list[Piece]:
    """The pieces of one clause in order; their texts joined are the text."""
    found: list[Piece] = []
    section: list[tuple[int, str]] = []
    path: tuple[str, ...] = ()
    for line in _LINE.finditer(text):
        start, end = line.span()
        heading = _HEADING.match(text, start, end)
        if heading:
            level = len(heading[1])
            section = [*((above, title) for above, title in section if above < level), (level, heading[2].strip())]
            path = tuple(title for _, title in section)
        for stop in [*_breaks(text, start, end), end]:
            if stop > start:
                piece = text[start:stop]
                found.append(Piece(clause, start, stop, piece, " ".join(piece.split()), path))
                start = stop
    return found


def _breaks(text: str, start: int, end: int) -> Iterable[int]:
    if _ROW.match(text, start, end):
        return []
    return [match.end() for match in _SENTENCE_BREAK.finditer(text, start, end)]


def likeness(a: Piece, b: Piece) -> float:
    """How much two pieces have in common, between 0 and 1: words and neighbouring words, half and half."""
    alone = _dice(a.words, b.words)
    if not (a.pairs and b.pairs):
        return alone
    return (alone + _dice(a.pairs, b.pairs)) / 2


def containment(a: Piece, b: Piece) -> float:
    """The share of the shorter piece's neighbouring words that the longer has too: high for a split or joined sentence."""
    small, large = (a, b) if a.pairs.total() <= b.pairs.total() else (b, a)
    total = small.pairs.total()
    return (small.pairs & large.pairs).total() / total if total >= WEIGHTY_WORDS - 1 else 0.0


def _dice(a: Counter[Any], b: Counter[Any]) -> float:
    return 2 * (a & b).total() / ((a.total() + b.total()) or 1)
