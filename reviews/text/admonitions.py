"""Admonitions (`!!! kind "Title"` over an indented body), and the writing of the Markdown around them."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from reviews.text import markdown
from reviews.text.markdown import Event, Fragment
from reviews.text.page import Page
from reviews.text.walk import Walk

MAX_NESTED = 6
_KINDS = frozenset("note meta info tip important warning caution danger example question".split())
_OPENING = re.compile(r"^!!![ \t]+([\w-]+)(?:[ \t]+\"([^\r\n]*)\")?[ \t]*(?:\r\n|\r|\n|\Z)", re.MULTILINE)
_BODY_LINE = re.compile(r"(?:( {4}|\t)[^\r\n]*|[ \t]*)(?:\r\n|\r|\n|\Z)")


class _Admonition(NamedTuple):
    start: int
    end: int
    kind: str
    title: str
    body: Fragment


def write(page: Page, fragment: Fragment, *, level: int = 0) -> None:
    """Writes a fragment: its admonitions as such, everything between them as Markdown."""
    lookup = None
    if "[" in fragment.text:
        lookup = markdown.lookup_in(markdown.definitions(fragment.text), page.resolve.definitions)
    events = markdown.events(fragment.text, lookup=lookup)
    page.footnotes |= _footnotes(events)
    at = 0
    for found in _admonitions(fragment, events) if level < MAX_NESTED else ():
        if page.full:
            return
        if found.start > at:
            part = fragment.cut(at, found.start)
            Walk(page, part, markdown.events(part.text, lookup=lookup), depth=3 * level).run()
        _admonition(page, fragment, found, level=level)
        at = found.end
    if at:
        fragment = fragment.cut(at, len(fragment.text))
        events = markdown.events(fragment.text, lookup=lookup)
    Walk(page, fragment, events, depth=3 * level).run()


def _admonition(page: Page, fragment: Fragment, found: _Admonition, *, level: int) -> None:
    span = (fragment.origin(found.start), fragment.origin(found.end - 1) + 1)
    name = found.kind if found.kind in _KINDS else "note"
    number = page.open("aside", "admonition", span, attributes=f' class="admonition admonition-{name}"')
    page.paragraph(found.title, "admonition-title")
    write(page, found.body, level=level + 1)
    page.close("aside", number)


def _admonitions(fragment: Fragment, events: list[Event]) -> Iterator[_Admonition]:
    """The admonitions of a fragment: opening lines that stand in a paragraph of its top level."""
    text, done = fragment.text, 0
    if "!!!" not in text:
        return
    starts, ends = _paragraphs(fragment, events)
    for match in _OPENING.finditer(text):
        index = bisect_right(starts, match.start()) - 1
        if match.start() >= done and index >= 0 and match.start() < ends[index]:
            pieces, done = _body(fragment, match.end())
            title = match[2] if match[2] is not None else match[1].capitalize()
            yield _Admonition(match.start(), done, match[1].lower(), title, markdown.joined(pieces))


def _body(fragment: Fragment, at: int) -> tuple[list[tuple[str, int]], int]:
    """The indented lines after an opening line without their indent, and where the last one of them ends."""
    pieces: list[tuple[str, int]] = []
    used, end = 0, at
    while at < len(fragment.text) and (line := _BODY_LINE.match(fragment.text, at)) and line.end() > at:
        cut = len(line[1] or "")
        pieces.append((fragment.text[at + cut : line.end()], fragment.origin(at + cut)))
        at = line.end()
        if line[0].strip():
            used, end = len(pieces), at
    return pieces[:used], end


def _paragraphs(fragment: Fragment, events: list[Event]) -> tuple[list[int], list[int]]:
    starts, ends, depth = [], [], 0
    for event, at in events:
        if isinstance(event, dict):
            if depth == 0 and event.get("Start") == "Paragraph":
                starts.append(fragment.character(at["start"]))
                ends.append(fragment.character(at["end"]))
            depth += ("Start" in event) - ("End" in event)
    return starts, ends


def _footnotes(events: list[Event]) -> frozenset[str]:
    defined = (
        event["Start"] for event, _ in events if isinstance(event, dict) and isinstance(event.get("Start"), dict)
    )
    return frozenset(start["FootnoteDefinition"].casefold() for start in defined if "FootnoteDefinition" in start)
