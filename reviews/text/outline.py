"""The outline of a document: its clauses, where they stand, and what is wrong with its structure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any
from unicodedata import category

from reviews.text import markdown, tags

_NOT_SLUG = re.compile(r"[^\w\- ]")
LONGEST_ANCHOR = 500
_WORD_PARTS = frozenset(("Mn", "Mc", "Me", "Pc"))
_RAW_ENDS = (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"))
_RAW_TAG = re.compile(r"<(script|pre|style|textarea)(?=[\s>]|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Clause:
    """An addressable part of a document: a heading and the text below it up to the next heading."""

    source: str
    title: str = ""
    anchor: str = ""
    explicit: bool = False
    level: int = 0
    authority: str = ""
    tags: tuple[str, ...] = ()
    parent: int | None = None
    line: int = 1


@dataclass(frozen=True)
class Problem:
    """Something in a document that its author should look at."""

    line: int
    code: str
    message: str


@dataclass(frozen=True)
class Outline:
    """The clauses of a document in order, its problems, and what its parts share."""

    clauses: tuple[Clause, ...]
    problems: tuple[Problem, ...] = ()
    definitions: Mapping[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Heading:
    start: int
    level: int
    title: str
    anchor: str
    slug: str
    authority: str
    tags: tuple[str, ...]


def parse(source: str) -> Outline:
    """The outline of any text; joined in order, the sources of its clauses are the text. Never raises."""
    text = markdown.parsable(source)
    lead = markdown.lead(text)
    fragment = markdown.Fragment(text[lead:], (0,), (lead,))
    lines = _Lines(text)
    reader = _Reader(fragment, lines)
    clauses = _clauses(source, reader.headings, lines)
    slugs = [heading.slug for heading in reader.headings]
    named, doubles = _with_anchors(clauses, slugs if len(slugs) == len(clauses) else ["", *slugs])
    problems = sorted([*reader.problems, *doubles], key=lambda problem: (problem.line, problem.code))
    definitions = markdown.definitions(fragment.text)
    definitions.update({f"^{name}": "" for name in reader.footnotes})
    return Outline(tuple(named), tuple(problems), definitions, frozenset(reader.names))


def slug(title: str) -> str:
    """Return the anchor that a title gives by itself, as GitHub and most Markdown sites make it.

    Vowel signs and other marks are parts of words. A very long title is cut, with a digest to keep it apart.
    """
    return _shortened(_NOT_SLUG.sub(_if_word, title.strip().lower()).replace(" ", "-"))


def _if_word(found: re.Match[str]) -> str:
    return found[0] if not found[0].isascii() and category(found[0]) in _WORD_PARTS else ""


def _shortened(anchor: str) -> str:
    return anchor if len(anchor) <= LONGEST_ANCHOR else f"{anchor[:80].rstrip('-')}--{_digest(anchor, 12)}"


def title_of(inside: list[Any], *, with_tags: bool = True) -> str:
    """Return the plain text of a heading's events: no markup, no evaluation tags, of HTML what is shown as text."""
    parts: list[str] = []
    opened: list[str] = []
    for event, _ in inside:
        if event.__class__ is str:
            parts.append(" ")
        elif "InlineHtml" in event:
            parts.append(tags.shown(event["InlineHtml"], opened) if with_tags else "")
        elif "Start" in event:
            opened.append("")
        elif "End" in event:
            while opened and opened.pop():
                pass
        else:
            parts.append(event.get("Text") or event.get("Code") or event.get("Math") or "")
    return " ".join("".join(parts).split())


def _title(inside: list[Any], literal: str, *, with_tags: bool = True) -> str:
    return f"{title_of(inside, with_tags=with_tags)} {literal}".strip().removeprefix("\ufeff").strip()


def attribute_text(source: str, heading: Mapping[str, Any]) -> str:
    """The braces at the end of a heading line when they are words of the title and no attribute list, else ""."""
    if heading["id"] or heading["classes"] or any(value is not None for _, value in heading["attrs"]):
        return ""
    found = re.search(r"\{[^{}\r\n]*\}(?=[ \t]*#*[ \t]*(?:[\r\n]|$))", source)
    return found[0] if found and heading["attrs"] else ""


class _Reader:
    """Walks the top level of a document once and collects headings, problems and footnotes."""

    def __init__(self, fragment: markdown.Fragment, lines: "_Lines") -> None:
        self.fragment, self.lines = fragment, lines
        self.headings: list[_Heading] = []
        self.problems: list[Problem] = []
        self.footnotes: list[str] = []
        self.names: list[str] = []
        self._read(markdown.stream(fragment.text))

    def _read(self, events: Iterable[markdown.Event]) -> None:
        depth, opened = 0, None
        html: list[str] = []
        for event, at in events:
            if event.__class__ is str or "Text" in event:
                continue
            if "Start" in event:
                if depth == 0:
                    opened = event["Start"]
                elif "FootnoteDefinition" in event["Start"]:
                    self.footnotes.append(event["Start"]["FootnoteDefinition"].casefold())
                depth += 1
            elif "End" in event:
                depth -= 1
                if depth == 0 and opened != "Paragraph":
                    self._block(opened, at)
            elif "Html" in event or "InlineHtml" in event:
                html.append(event.get("Html") or event.get("InlineHtml", ""))
        self.names.extend(tags.places("".join(html)))

    def _block(self, start: Any, at: Mapping[str, int]) -> None:
        if start == "HtmlBlock":
            self._raw(at)
        elif isinstance(start, dict):
            if "Heading" in start:
                self._heading(start["Heading"], at)
            elif "CodeBlock" in start and start["CodeBlock"] != "Indented":
                self._fence(at)
            elif "FootnoteDefinition" in start:
                self.footnotes.append(start["FootnoteDefinition"].casefold())

    def _heading(self, data: Mapping[str, Any], at: Mapping[str, int]) -> None:
        start, end = self.fragment.character(at["start"]), self.fragment.character(at["end"])
        begin = self._line_start(self.fragment.origin(start))
        # By itself, so that the title is the same when the source of the clause is parsed alone.
        words = self.fragment.text[max(0, begin - self.fragment.origin(0)) : end]
        inside = markdown.events_of_heading(words)
        self._doubts(start, words, inside)
        literal = attribute_text(words, data)
        attributes = [] if literal else list(data["attrs"])
        authority = next((value for key, value in attributes if key == "authority" and value), "")
        title = _title(inside, literal)
        # Tags that are shown in a title have never been part of its anchor.
        named = title if "<" not in title else _title(inside, literal, with_tags=False) or title
        self.headings.append(
            _Heading(
                start=begin,
                level=int(data["level"][1]),
                title=title,
                anchor=data["id"] or "",
                slug=slug(named) or "untitled",
                authority=authority.strip("\"'").lower(),
                tags=_tags(data["classes"], attributes),
            )
        )

    def _doubts(self, start: int, words: str, inside: list[markdown.Event]) -> None:
        if not inside or "Start" not in inside[0][0] or "Heading" not in inside[0][0]["Start"]:
            message = "This is a heading only because of the line before it; put an empty line between them."
            self.problems.append(Problem(self._line(start), "unclear-heading", message))
        if words.lstrip().startswith("\ufeff"):
            message = "A byte order mark stands before this heading; it belongs to the beginning of a file only."
            self.problems.append(Problem(self._line(start), "stray-mark", message))

    def _line_start(self, offset: int) -> int:
        start = self.lines.start(offset)
        return 0 if start == 0 and self.fragment.origin(0) <= 1 else max(start, self.fragment.origin(0))

    def _line(self, offset: int) -> int:
        return self.lines.number(self.fragment.origin(offset))

    def _fence(self, at: Mapping[str, int]) -> None:
        start, end = self.fragment.character(at["start"]), self.fragment.character(at["end"])
        block = self.fragment.text[start:end].strip("\r\n\t ")
        last = block[max(block.rfind("\n"), block.rfind("\r")) + 1 :].strip(" \t")
        width = len(block) - len(block.lstrip(block[0]))
        closed = len(last) < len(block) and len(last) >= width and not last.strip(block[0])
        if not closed:
            message = "This fence is never closed: everything after it is code."
            self.problems.append(Problem(self._line(start), "open-fence", message))

    def _raw(self, at: Mapping[str, int]) -> None:
        start, end = self.fragment.character(at["start"]), self.fragment.character(at["end"])
        raw = self.fragment.text[start:end].lstrip(" ")
        close = next((close for opening, close in _RAW_ENDS if raw.startswith(opening)), "")
        tag = _RAW_TAG.match(raw)
        if (close and close not in raw) or (tag and f"</{tag[1].lower()}>" not in raw.lower()):
            message = "This HTML is never closed: everything after it belongs to it."
            self.problems.append(Problem(self._line(start), "open-html", message))


def _tags(classes: tuple[str, ...], attributes: list[tuple[str, str | None]]) -> tuple[str, ...]:
    tags = list(classes)
    for key, value in attributes:
        if key == "tags" and value:
            tags += [word for word in value.strip("\"'").split(",") if word]
        elif key != "authority":
            tags.append(key if value is None else f"{key}={value}")
    return tuple(tags)


class _Lines:
    """Where lines begin and which number they have; quick when asked in the order of the text."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", " \n").replace("\r", "\n")
        self.last = (0, 1)

    def start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, offset) + 1

    def number(self, offset: int) -> int:
        at, number = self.last if self.last[0] <= offset else (0, 1)
        self.last = (offset, number + self.text.count("\n", at, offset))
        return self.last[1]


def _clauses(source: str, headings: list[_Heading], lines: "_Lines") -> list[Clause]:
    starts = [heading.start for heading in headings] + [len(source)]
    clauses = [Clause(source[: starts[0]])] if starts[0] > 0 or not headings else []
    above: list[tuple[int, int]] = []
    for heading, end in zip(headings, starts[1:], strict=True):
        while above and above[-1][0] >= heading.level:
            above.pop()
        clauses.append(
            Clause(
                source=source[heading.start : end],
                title=heading.title,
                anchor=heading.anchor,
                explicit=bool(heading.anchor),
                level=heading.level,
                authority=heading.authority,
                tags=heading.tags,
                parent=above[-1][1] if above else None,
                line=lines.number(heading.start),
            )
        )
        above.append((heading.level, len(clauses) - 1))
    return clauses


def _with_anchors(clauses: list[Clause], slugs: list[str]) -> tuple[list[Clause], list[Problem]]:
    """Gives each titled clause an anchor of its own; explicit ones win, later equals are named by their path."""
    taken: dict[str, int] = {}
    problems = []
    for index, clause in enumerate(clauses):
        if clause.explicit:
            first = taken.setdefault(clause.anchor, index)
            if first != index:
                message = f"The anchor “{clause.anchor}” is already used on line {clauses[first].line}."
                problems.append(Problem(clause.line, "duplicate-anchor", message))
    named: list[Clause] = []
    latest: dict[str, str] = {}
    for index, clause in enumerate(clauses):
        wanted = clause.anchor if clause.explicit else slugs[index]
        if clause.level == 0:
            named.append(clause)
        else:
            above = named[clause.parent].anchor if clause.parent is not None else ""
            if taken.setdefault(wanted, index) != index:
                wanted = _qualified(wanted, above, taken, latest)
                taken[wanted] = index
            named.append(replace(clause, anchor=wanted))
    return named, problems


def _qualified(wanted: str, above: str, taken: Mapping[str, int], latest: dict[str, str]) -> str:
    """A free anchor made of the path of headings, and below equal paths of the equal heading that stands before."""
    path = f"{above}--{wanted}" if above else f"{wanted}--{_digest(wanted)}"
    qualified, length = latest.get(path, _shortened(path)), 6
    while qualified in taken:
        qualified = _shortened(f"{wanted}--{_digest(qualified, length)}")
        length = 32  # short digests of digests run in circles after some thousand equal headings
    latest[path] = qualified
    return qualified


def _digest(text: str, length: int = 6) -> str:
    return sha256(text.encode()).hexdigest()[:length]
