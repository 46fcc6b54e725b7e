"""Admonitions (`!!! kind "Title"` over an indented body), and the writing of the Markdown around them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
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


class _Top(NamedTuple):
    """A block of the top level: its place in the text and in the events."""

    start: int
    end: int
    first: int
    kind: object


def write(page: Page, fragment: Fragment, *, level: int = 0) -> None:
    """Writes a fragment: its admonitions as such, everything between them as Markdown."""
    lookup = None
    if "[" in fragment.text:
        lookup = markdown.lookup_in(markdown.definitions(fragment.text), page.resolve.definitions)
    events = markdown.events(fragment.text, lookup=lookup)
    if "[^" in fragment.text and "]:" in fragment.text:
        page.footnotes |= _footnotes(events)
    walk = Walk(page, fragment, events, depth=3 * level)
    if "!!!" not in fragment.text or level >= MAX_NESTED:
        walk.run()
        return
    tops = _tops(fragment, events)
    found = list(_admonitions(fragment, tops))
    if all(_whole(tops, each) for each in found):
        _between_events(walk, tops, found, level=level)
    else:
        _between_cuts(page, fragment, found, lookup, level=level)


def _whole(tops: list[_Top], found: _Admonition) -> bool:
    """Whether the parser, which knows no admonitions, ended its blocks where this one begins and ends."""
    first = bisect_left(tops, found.start, key=_start)
    after = bisect_left(tops, found.end, key=_start)
    return first < after and tops[after - 1].end <= found.end and not (first and tops[first - 1].end > found.start)


def _between_events(walk: Walk, tops: list[_Top], found: list[_Admonition], *, level: int) -> None:
    index = 0
    for each in found:
        walk.run(index, tops[bisect_left(tops, each.start, key=_start)].first, close=False)
        if walk.page.full:
            break
        _admonition(walk.page, walk.fragment, each, level=level)
        after = bisect_left(tops, each.end, key=_start)
        index = tops[after].first if after < len(tops) else len(walk.events)
    walk.run(index)
    walk.close()


def _between_cuts(
    page: Page, fragment: Fragment, found: list[_Admonition], lookup: Callable[[str], str | None] | None, *, level: int
) -> None:
    """Write admonitions whose last paragraph ran on after their body; the text between them is parsed by itself."""
    at = 0
    for each in [*found, None]:
        part = fragment.cut(at, each.start if each else len(fragment.text))
        Walk(page, part, markdown.events(part.text, lookup=lookup), depth=3 * level).run()
        if page.full or each is None:
            return
        _admonition(page, fragment, each, level=level)
        at = each.end


def _admonition(page: Page, fragment: Fragment, found: _Admonition, *, level: int) -> None:
    span = (fragment.origin(found.start), fragment.origin(found.end - 1) + 1)
    name = found.kind if found.kind in _KINDS else "note"
    number = page.open("aside", "admonition", span, attributes=f' class="admonition admonition-{name}"')
    page.paragraph(found.title, "admonition-title")
    write(page, found.body, level=level + 1)
    page.close("aside", number)


def _admonitions(fragment: Fragment, tops: list[_Top]) -> Iterator[_Admonition]:
    """The admonitions of a fragment: opening lines that stand in a paragraph of its top level."""
    done = 0
    for match in _OPENING.finditer(fragment.text):
        index = bisect_right(tops, match.start(), key=_start) - 1
        if match.start() < done or index < 0 or tops[index].kind != "Paragraph" or match.start() >= tops[index].end:
            continue
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


def _tops(fragment: Fragment, events: list[Event]) -> list[_Top]:
    tops, depth = [], 0
    for index, (event, at) in enumerate(events):
        if event.__class__ is str:
            if depth == 0:
                tops.append(_Top(fragment.character(at["start"]), fragment.character(at["end"]), index, event))
        elif "Start" in event:
            if depth == 0:
                start, end = fragment.character(at["start"]), fragment.character(at["end"])
                tops.append(_Top(start, end, index, event["Start"]))
            depth += 1
        elif "End" in event:
            depth -= 1
    return tops


def _start(top: _Top) -> int:
    return top.start


def _footnotes(events: list[Event]) -> frozenset[str]:
    names = set()
    for event, _ in events:
        if "Start" in event and "FootnoteDefinition" in event["Start"]:
            names.add(event["Start"]["FootnoteDefinition"].casefold())
    return frozenset(names)
