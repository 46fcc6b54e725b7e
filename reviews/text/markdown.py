"""The Markdown parser as this product uses it: one set of options, safe input, offsets in characters."""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyromark
from pyromark import Options

OPTIONS = (
    Options.ENABLE_TABLES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_HEADING_ATTRIBUTES
    | Options.ENABLE_OLD_FOOTNOTES
    | Options.ENABLE_GFM
)
_UNPARSABLE = re.compile("[\0\ud800-\udfff]")
_WIDE = re.compile("[^\0-\x7f]")
_FRONT_MATTER = re.compile(
    r"(---|\+\+\+)[ \t]*(?:\r\n|\r|\n)(?=[\w\"'-]+[ \t]*[:=]|#)[\s\S]*?(?:\r\n|\r|\n)(?:\1|\.\.\.)[ \t]*(?:\r\n|\r|\n|\Z)"
)

Event = tuple[Any, Any]


def parsable(source: str) -> str:
    """The same text, character for character, without what no HTML can carry (NUL, lone surrogates)."""
    return _UNPARSABLE.sub("\ufffd", source)


def lead(source: str) -> int:
    """Length of what stands before the Markdown: a byte order mark and front matter."""
    start = 1 if source.startswith("\ufeff") else 0
    matter = _FRONT_MATTER.match(source, start)
    return matter.end() if matter else start


def label(text: str) -> str:
    """The form in which labels of reference links are compared."""
    return " ".join(text.split()).casefold()


def events(text: str, *, lookup: Callable[[str], str | None] | None = None) -> list[Event]:
    """All events with their ranges in UTF-8 bytes; `lookup` gives the address of a label defined elsewhere."""
    if lookup is None:
        return list(pyromark.events_with_range(text, options=OPTIONS))

    def broken(link: Any) -> tuple[str, str] | None:
        url = lookup(link["reference"])
        return None if url is None else (url, "")

    return list(pyromark.events_with_range(text, options=OPTIONS, broken_link_callback=broken))


def definitions(text: str) -> dict[str, str]:
    """Reference-link definitions of a text: compared label to address, the first one winning."""
    if "]:" not in text:
        return {}
    found = pyromark.reference_definitions(text, options=OPTIONS)
    urls: dict[str, str] = {}
    for name, definition in found.items():
        urls.setdefault(label(name), definition["dest"])
    return urls


def lookup_in(*tables: Mapping[str, str]) -> Callable[[str], str | None] | None:
    """A function from label to address over several tables, or None when all are empty."""
    used = [table for table in tables if table]
    if not used:
        return None

    def lookup(reference: str) -> str | None:
        name = label(reference)
        return next((table[name] for table in used if name in table), None)

    return lookup


@dataclass(frozen=True)
class Fragment:
    """A text cut out of a source, knowing for each of its characters where it came from."""

    text: str
    starts: tuple[int, ...] = (0,)
    origins: tuple[int, ...] = (0,)

    def origin(self, index: int) -> int:
        """The place in the source of a character of this text."""
        piece = bisect_right(self.starts, index) - 1
        return self.origins[piece] + index - self.starts[piece]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A range of UTF-8 bytes of this text as a range of the source."""
        if self._simple:
            return self.origins[0] + start, self.origins[0] + end
        start, end = self.character(start), self.character(end)
        return self.origin(start), self.origin(max(start, end - 1)) + (end > start)

    @cached_property
    def _simple(self) -> bool:
        return len(self.starts) == 1 and self.text.isascii()

    @cached_property
    def marked(self) -> bool:
        """Whether the mark of an admonition stands anywhere in this text."""
        return "!!!" in self.text

    def cut(self, start: int, end: int) -> "Fragment":
        """A part of this text, still knowing its origin."""
        if len(self.starts) == 1:
            return Fragment(self.text[start:end], (0,), (self.origins[0] + start,))
        first, last = bisect_right(self.starts, start) - 1, bisect_right(self.starts, end)
        starts = (0, *(at - start for at in self.starts[first + 1 : last]))
        origins = (self.origin(start), *self.origins[first + 1 : last])
        return Fragment(self.text[start:end], starts, origins)

    def character(self, byte: int) -> int:
        """The character index of a UTF-8 byte offset of this text."""
        bytes_, lost = self._wide
        return byte - lost[bisect_right(bytes_, byte)]

    @cached_property
    def _wide(self) -> tuple[list[int], list[int]]:
        ends: list[int] = []
        lost = [0]
        if not self.text.isascii():
            for match in _WIDE.finditer(self.text):
                extra = len(match[0].encode()) - 1
                ends.append(match.end() + lost[-1] + extra)
                lost.append(lost[-1] + extra)
        return ends, lost


def joined(pieces: list[tuple[str, int]]) -> Fragment:
    """A fragment from pieces of text with their origins."""
    if len(pieces) == 1:
        return Fragment(pieces[0][0], (0,), (pieces[0][1],))
    starts, at = [], 0
    for text, _ in pieces:
        starts.append(at)
        at += len(text)
    return Fragment("".join(text for text, _ in pieces), tuple(starts) or (0,), tuple(o for _, o in pieces) or (0,))
