"""The Markdown parser as this product uses it: one set of options, safe input, offsets in characters."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from typing import Any

import pyromark
from pyromark import Options

from reviews.text import formulas, front_matter

OPTIONS = (
    Options.ENABLE_TABLES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_HEADING_ATTRIBUTES
    | Options.ENABLE_OLD_FOOTNOTES
    | Options.ENABLE_GFM
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_LONE_CR = re.compile(r"\r(?!\n)")
_TAILS = bytes(range(0x80, 0xC0))
_BLOCK = 256
Event = tuple[Any, Any]


def parsable(source: str) -> str:
    """Return the text, character for character, without what no HTML can carry, and with lone CR as the line ends they are."""
    if not source.isascii():
        try:
            source.encode()
        except UnicodeEncodeError:
            source = _SURROGATE.sub("\ufffd", source)
    return _LONE_CR.sub("\n", source.replace("\0", "\ufffd")) if "\r" in source else source.replace("\0", "\ufffd")


def lead(source: str) -> int:
    """Length of what stands before the Markdown: a byte order mark and front matter."""
    start = 1 if source.startswith("\ufeff") else 0
    return front_matter.end(source, start) or start


def label(text: str) -> str:
    """The form in which labels of reference links are compared."""
    return " ".join(text.split()).casefold()


def stream(text: str) -> Iterator[Event]:
    """All events one by one, for who reads them once: a list of very many keeps the garbage collector busy."""
    if formulas.possible(text):
        text = formulas.covered(text, _with_formulas, long_only=True)[0]
    return pyromark.events_with_range(text, options=OPTIONS, merge_text=True)


def _with_formulas(text: str) -> Iterator[Event]:
    return pyromark.events_with_range(text, options=OPTIONS | Options.ENABLE_MATH, merge_text=True)


def events(text: str, *, lookup: Callable[[str], str | None] | None = None) -> list[Event]:
    """All events with their ranges in UTF-8 bytes; `lookup` gives the address of a label defined elsewhere."""
    if lookup is None:
        return _events(text, None)

    def broken(link: Any) -> tuple[str, str] | None:
        url = lookup(link["reference"])
        return None if url is None else (url, "")

    return _events(text, broken)


def _events(text: str, broken: Callable[[Any], tuple[str, str] | None] | None) -> list[Event]:
    if not formulas.possible(text):
        return list(_parsed(text, OPTIONS, broken))
    covered, found = formulas.covered(text, _with_formulas)
    events = list(_parsed(covered, OPTIONS | Options.ENABLE_MATH, broken))
    return formulas.settled(text, events, found, lambda words: _parsed(words, OPTIONS, broken))


def _parsed(text: str, options: Options, broken: Callable[[Any], tuple[str, str] | None] | None) -> Iterator[Event]:
    if broken is None:
        return pyromark.events_with_range(text, options=options, merge_text=True)
    return pyromark.events_with_range(text, options=options, merge_text=True, broken_link_callback=broken)


def events_of_heading(source: str) -> list[Event]:
    """The events of a heading by itself, where `[words][label]` is a link whatever the document defines."""

    def broken(link: Any) -> tuple[str, str] | None:
        return None if link["link_type"] == "Shortcut" else ("#", "")

    return _events(source, broken)


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


class Fragment:
    """A text cut out of a source, knowing for each of its characters where it came from. Not to be changed."""

    __slots__ = ("_bytes", "_tails", "origins", "simple", "starts", "text")

    def __init__(self, text: str, starts: tuple[int, ...] = (0,), origins: tuple[int, ...] = (0,)) -> None:
        self.text, self.starts, self.origins = text, starts, origins
        self.simple = len(starts) == 1 and text.isascii()
        self._bytes = b""

    def origin(self, index: int) -> int:
        """The place in the source of a character of this text."""
        if len(self.starts) == 1:
            return self.origins[0] + index
        piece = bisect_right(self.starts, index) - 1
        return self.origins[piece] + index - self.starts[piece]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A range of UTF-8 bytes of this text as a range of the source."""
        if self.simple:
            return self.origins[0] + start, self.origins[0] + end
        return self.place(self.character(start), self.character(end))

    def place(self, start: int, end: int) -> tuple[int, int]:
        """A range of this text as a range of the source."""
        if len(self.starts) == 1:
            return self.origins[0] + start, self.origins[0] + end
        return self.origin(start), self.origin(max(start, end - 1)) + (end > start)

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
        if self.text.isascii():
            return byte
        if not self._bytes:
            self._count()
        block = byte // _BLOCK
        before = self._tails[block]
        if self._tails[block + 1] != before:
            before += _tails(self._bytes[block * _BLOCK : byte])
        return byte - before

    def _count(self) -> None:
        """Counts once, for the beginning of each block of bytes, how many before it are not the first of their character."""
        self._bytes = self.text.encode()
        blocks = (self._bytes[at : at + _BLOCK] for at in range(0, len(self._bytes) + 1, _BLOCK))
        self._tails = list(accumulate(map(_tails, blocks), initial=0))


def _tails(part: bytes) -> int:
    """How many bytes of a UTF-8 text only continue a character."""
    return 0 if part.isascii() else len(part) - len(part.translate(None, _TAILS))


def joined(pieces: list[tuple[str, int]]) -> Fragment:
    """A fragment from pieces of text with their origins."""
    if len(pieces) == 1:
        return Fragment(pieces[0][0], (0,), (pieces[0][1],))
    starts, at = [], 0
    for text, _ in pieces:
        starts.append(at)
        at += len(text)
    return Fragment("".join(text for text, _ in pieces), tuple(starts) or (0,), tuple(o for _, o in pieces) or (0,))
