"""How a word diff is shown: long unchanged stretches are folded away, between words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from unicodedata import normalize

from django import template

register = template.Library()

LONG = 480  # characters that are folded when they are unchanged
CONTEXT = 140  # about so many stay in sight on either side
SLACK = 70  # how far a better place to cut may be away
# Best first: where a paragraph ends, a line or a sentence, a word; in a text without spaces, anywhere.
PLACES = [re.compile(r"\n\s*\n"), re.compile(r"\n|(?<=[.!?…”\"')])[ \t]+"), re.compile(r"\s+"), re.compile("")]


@register.simple_tag
def folded(ops: Iterable[tuple[str, str]] | None, *, whole: bool | str = False) -> list[tuple[str, str]]:
    """Return the texts of a diff in order, where what is long and unchanged is ("…", text) between its first and last words.

    Letters that are only composed in another way are shown unmarked: nobody could see the difference.
    A stretch at the beginning or the end of the diff keeps only the side that touches a change.
    """
    rows = _readable(ops or [])
    if whole:
        return rows
    return [part for index, row in enumerate(rows) for part in _parts(rows, index, row)]


@register.filter
def words(text: str) -> int:
    """How many words a text has."""
    return len(text.split())


@register.filter
def lines_with_ends(text: str) -> list[str]:
    """The text cut behind each line end, so that a line end that came or went can be shown."""
    return text.splitlines(keepends=True)


@register.filter
def end_of(line: str) -> str:
    """The line end of a line, empty where it has none."""
    return line[len(line.rstrip("\r\n")) :]


@register.filter
def without_end(line: str) -> str:
    """A line without its line end."""
    return line.rstrip("\r\n")


@register.filter
def is_line_end(text: str) -> bool:
    """Whether a text is blank and has a line end: nothing else of it could be seen."""
    return not text.strip() and ("\n" in text or "\r" in text)


def _readable(ops: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The rows, where what went and what came are one unchanged row when both are read alike."""
    rows: list[tuple[str, str]] = []
    for op, text in ops:
        if op == "+" and rows and rows[-1][0] == "-" and _is_composed_otherwise(rows[-1][1], text):
            rows.pop()
            op = "="
        if op == "=" and rows and rows[-1][0] == "=":
            text = rows.pop()[1] + text
        rows.append((op, text))
    return rows


def _is_composed_otherwise(one: str, other: str) -> bool:
    return one != other and normalize("NFC", one) == normalize("NFC", other)


def _parts(rows: Sequence[tuple[str, str]], index: int, row: tuple[str, str]) -> list[tuple[str, str]]:
    op, text = row
    if op in "+-" or len(text) < LONG:
        return [(op, text)]
    first = 0 if index == 0 else _place(text, CONTEXT).start()
    last = len(text) if index == len(rows) - 1 else _place(text, len(text) - CONTEXT).end()
    parts = [(op, text[:first]), ("…", text[first:last]), (op, text[last:])]
    return [part for part in parts if part[1]]


def _place(text: str, near: int) -> re.Match[str]:
    """The best place to cut within SLACK characters of an offset, and of equally good ones the nearest."""
    found = (list(pattern.finditer(text, near - SLACK, near + SLACK)) for pattern in PLACES)
    return min(next(filter(None, found)), key=lambda place: abs(place.start() - near))
