"""A form of a text in which line ends, blanks at line ends and composed letters do not differ, and the way back."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import category, is_normalized, normalize

_LINE_END = re.compile(r"(?<![ \t])(?:[ \t]+\r?\n|\r\n)")
_JAMO = re.compile(r"[\u1160-\u11ff]")
# Sorting a long run of marks takes quadratic time, and no letter carries so many.
_MOST_MARKS = 30


class Atom(NamedTuple):
    """A stretch that is written otherwise in the normal form; it is carried as a whole."""

    start: int
    end: int
    source_start: int
    source_end: int


@dataclass(frozen=True)
class NormalForm:
    """The normal form of a text with the stretches that differ from the source, in order."""

    text: str
    atoms: tuple[Atom, ...]

    def start(self, offset: int) -> int:
        """Return the source offset of a stretch that begins at `offset`."""
        atom = self._before(offset)
        if atom is None:
            return offset
        return atom.source_start if offset < atom.end else atom.source_end + offset - atom.end

    def inside(self, start: int, end: int) -> tuple[Atom, ...]:
        """Return the atoms that begin between two offsets."""
        return self.atoms[bisect_left(self.atoms, (start,)) : bisect_left(self.atoms, (end,))]

    def _before(self, offset: int) -> Atom | None:
        index = bisect_right(self.atoms, offset, key=lambda atom: atom.start) - 1
        return self.atoms[index] if index >= 0 else None


def normal_form(text: str) -> NormalForm:
    """Return the text with LF for every line end, no blanks before it, and composed letters (Unicode NFC)."""
    parts: list[str] = []
    atoms: list[Atom] = []
    at = length = 0
    for start, end, written in sorted([*_line_ends(text), *_letters(text)]):
        parts += [text[at:start], written]
        length += start - at
        atoms.append(Atom(length, length + len(written), start, end))
        length += len(written)
        at = end
    return NormalForm("".join([*parts, text[at:]]) if atoms else text, tuple(atoms))


def _line_ends(text: str) -> Iterator[tuple[int, int, str]]:
    if any(end in text for end in ("\r\n", " \n", "\t\n")):
        yield from ((*match.span(), "\n") for match in _LINE_END.finditer(text))


def _letters(text: str) -> Iterator[tuple[int, int, str]]:
    """The letters with their marks that are written otherwise when composed."""
    if is_normalized("NFC", text):
        return
    start = 0
    for at in range(1, len(text) + 1):
        if at < len(text) and _belongs_to_letter(text[at]):
            continue
        letter = text[start:at]
        if at - start <= _MOST_MARKS and not letter.isspace() and (written := normalize("NFC", letter)) != letter:
            yield start, at, written
        start = at


def _belongs_to_letter(character: str) -> bool:
    return category(character).startswith("M") or bool(_JAMO.match(character))
