"""Blocks of HTML, and disclosures (`<details>`) whose contents are Markdown: their tags stand in different blocks."""

import re
from typing import TYPE_CHECKING, Any

from reviews.text import foreign, markdown

if TYPE_CHECKING:
    from reviews.text.walk import Walk

_TAG = re.compile(r"<(/?)details(?=[\s/>])[^<>]*>", re.IGNORECASE)
_SUMMARY = re.compile(r"\s*<summary(?=[\s/>])[^<>]*>(.*?)</summary\s*>", re.IGNORECASE | re.DOTALL)
NAME = "details"

Pairs = frozenset[tuple[int, int]]


def block(walk: "Walk", index: int, at: Any) -> int:
    """Writes a block of HTML: its structure when all of it is harmless, else its characters."""
    end = walk.closing(index, "HtmlBlock")
    raw = "".join(event.get("Html") or event.get("Text") or "" for event, _ in walk.events[index + 1 : end])
    if walk.mode == "message":
        if raw.strip():
            foreign.literal(walk, raw, at)
        return end + 1
    if "<!--" in raw:
        walk.report("comment", at)
        raw = _without_comments(raw)
    if _concerned(walk, raw):
        _write(walk, index, raw, at)
    else:
        foreign.piece(walk, raw, at)
    return end + 1


def _without_comments(raw: str) -> str:
    parts, at = [], 0
    while (start := raw.find("<!--", at)) != -1 and (end := raw.find("-->", start + 4)) != -1:
        parts.append(raw[at:start])
        at = end + 3
    return "".join(parts) + raw[at:]


def _concerned(walk: "Walk", raw: str) -> bool:
    """Whether a block of HTML opens or closes a disclosure around other blocks, or is the summary of one."""
    if "<" not in raw:
        return False
    if walk.open and walk.open[-1][1] == NAME and _SUMMARY.match(raw):
        return True
    depth = 0
    for found in _TAG.finditer(raw):
        depth += -1 if found[1] else 1
        if depth < 0:
            return True
    return depth > 0


def pairs(events: list[markdown.Event]) -> Pairs:
    """Return the tags of disclosures that have a partner among the same siblings: index of the block, number in it."""
    matched: set[tuple[int, int]] = set()
    waiting: list[list[tuple[int, int]]] = [[]]
    start, raw = -1, []
    for index, (event, _) in enumerate(events):
        if event.__class__ is str:
            continue
        if start >= 0 and ("Html" in event or "Text" in event):
            raw.append(event.get("Html") or event["Text"])
        elif "Start" in event:
            if event["Start"] == "HtmlBlock":
                start, raw = index, []
            else:
                waiting.append([])
        elif "End" in event:
            if event["End"] == "HtmlBlock":
                _match(start, _without_comments("".join(raw)), waiting[-1], matched)
                start = -1
            elif len(waiting) > 1:
                waiting.pop()
    return frozenset(matched)


def _match(block: int, raw: str, waiting: list[tuple[int, int]], matched: set[tuple[int, int]]) -> None:
    for number, found in enumerate(_TAG.finditer(raw)):
        if not found[1]:
            waiting.append((block, number))
        elif waiting:
            matched |= {waiting.pop(), (block, number)}


def _write(walk: "Walk", index: int, raw: str, at: Any) -> None:
    """Writes a block with such tags: those with a partner work, any other is shown where it stands."""
    if walk.disclosures is None:
        walk.disclosures = pairs(walk.events)
    done = 0
    for number, found in enumerate(_TAG.finditer(raw)):
        _between(walk, raw[done : found.start()], at)
        done = found.end()
        if (index, number) not in walk.disclosures:
            foreign.literal(walk, found[0], at)
        elif not found[1]:
            walk.page.apart()
            walk.wrap("<details>", "</details>", name=NAME)
        elif walk.open and walk.open[-1][1] == NAME:
            walk.open.pop()[0]()
            walk.page.newline()
    _between(walk, raw[done:], at)


def _between(walk: "Walk", raw: str, at: Any) -> None:
    """Writes what stands between such tags; a summary only at the beginning of a disclosure."""
    summary = _SUMMARY.match(raw) if walk.open and walk.open[-1][1] == NAME else None
    html = foreign.safe(walk, summary[1]) if summary and foreign.harmless(summary[1]) else ""
    if summary and html.strip():
        number = walk.page.open("summary", "html", walk.span(at))
        walk.page.foreign(html)
        walk.page.close("summary", number)
        raw = raw[summary.end() :]
    foreign.piece(walk, raw, at)
