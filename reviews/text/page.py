"""What a rendering writes into: HTML and the text a browser will see in it, side by side, with blocks and references."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from urllib.parse import unquote
from zlib import crc32

from reviews.text import direction, outline, safe_html
from reviews.text.examples import Example

MAX_DEPTH = 40
_APART = ("\n", "\t")
NUMBERED = re.compile(r"-[0-9]+\Z")
_LINE_END = re.compile(r"\r\n|\r|\n")


class Block(NamedTuple):
    """A part of a clause that comments can attach to; ranges are string indices into source and text."""

    id: str
    kind: str
    source_range: tuple[int, int]
    text_range: tuple[int, int]


_KINDS = (
    "heading paragraph list list-item table table-row code quote admonition example example-title message answer"
    " interlude footnote html front-matter rule"
)
_SEEDS = {kind: crc32(kind.encode()) for kind in _KINDS.split()}
_UNFINISHED = Block("", "", (0, 0), (0, 0))


@dataclass(frozen=True)
class Resolver:
    """What a clause may learn from outside: titles by anchor, addresses by label, local images, named places."""

    titles: Mapping[str, str] = field(default_factory=dict)
    definitions: Mapping[str, str] = field(default_factory=dict)
    images: Mapping[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, document: outline.Outline, *, images: Mapping[str, str] | None = None) -> "Resolver":
        """A resolver that knows what one document says."""
        titles = {clause.anchor: clause.title for clause in document.clauses if clause.anchor}
        return cls(titles, document.definitions, images or {}, document.names)

    def find(self, reference: str) -> str:
        """The anchor that a reference means: as written, percent-decoded, or as a title would make it; else ""."""
        if reference in self.titles:
            return reference
        decoded = unquote(reference, errors="replace")
        for candidate in (decoded, outline.slug(decoded)):
            if candidate in self.titles:
                return candidate
        if NUMBERED.search(decoded):
            return self._numbered.get(decoded) or self._numbered.get(outline.slug(decoded), "")
        return ""

    @cached_property
    def _numbered(self) -> dict[str, str]:
        """The anchors of repeated titles by the names that GitHub gives them: `details`, `details-1`, `details-2`."""
        used: dict[str, int] = {}
        found: dict[str, str] = {}
        for anchor, title in self.titles.items():
            plain = name = outline.slug(title)
            while name in used:
                used[plain] += 1
                name = f"{plain}-{used[plain]}"
            used[name] = 0
            found[name] = anchor
        return found

    def place(self, reference: str) -> str:
        """The fragment that a link to a reference has on the page."""
        if not self.find(reference) and reference in self.names:
            return "in-" + reference
        return self.find(reference) or reference


class Page:
    """Collects a rendering; every opened element is closed again, in order, whatever happens."""

    def __init__(self, source: str, resolve: Resolver, *, limit: int) -> None:
        self.source, self.resolve, self.limit = source, resolve, limit
        self.mixed = direction.mixed(source)
        self.html: list[str] = []
        self.text: list[str] = []
        self.size = self.length = 0
        self.blocks: list[Block] = []
        self.resolved: list[tuple[int, int]] = []
        self.references: list[str] = []
        self.evaluation_tags: list[str] = []
        self.terms: list[str] = []
        self.examples: list[Example] = []
        self.unknown: list[tuple[str, int]] = []
        self.footnotes: frozenset[str] = frozenset()
        self._ids: dict[str, int] = {}
        self._places: set[str] = set()
        self._line_starts: list[int] = []
        self._open: list[tuple[str, str, tuple[int, int], int]] = []
        self._heading_end = 0

    @property
    def full(self) -> bool:
        """Whether no more may be written than what closes and says so."""
        return self.size + self.length > self.limit

    def markup(self, html: str) -> None:
        """Adds tags that hold no text."""
        self.html.append(html)
        self.size += len(html)

    def write(self, text: str) -> None:
        """Adds text: escaped, line ends made one kind, controls shown instead of obeyed."""
        if safe_html.harmless(text):
            self.html.append(text)
            self.text.append(text)
            self.length += len(text)
        else:
            self._careful(text.replace("\r\n", "\n").replace("\r", "\n"))

    def known(self, html: str, text: str) -> None:
        """Adds HTML of our own together with the text that a browser will see in it."""
        self.html.append(html)
        self.text.append(text)
        self.length += len(text)

    def newline(self) -> None:
        """Adds a line end."""
        self.html.append("\n")
        self.text.append("\n")
        self.length += 1

    def code(self, text: str) -> None:
        """Adds text that is code, in which also the marks of writing are shown."""
        if safe_html.harmless(text):
            self.write(text)
        else:
            self._careful(text.replace("\r\n", "\n").replace("\r", "\n"), code=True)

    def apart(self) -> None:
        """Adds a line end unless one stands here, so that what follows is not glued to the words before."""
        if self.text and self.text[-1][-1:] not in _APART:
            self.newline()

    def new_place(self, name: str) -> bool:
        """Whether a place that links lead to has not been written yet; from now on it has."""
        new = name not in self._places
        self._places.add(name)
        return new

    def place(self, name: str, *, linked: bool) -> None:
        """Marks a place that links lead to; inside a link, no other may begin."""
        tag = "span" if linked else "a"
        if self.new_place(name):
            self.markup(f'<{tag} id="in-{safe_html.attribute(name)}"></{tag}>')

    def _careful(self, text: str, *, code: bool = False) -> None:
        at = 0
        for match in safe_html.controls(text, code=code):
            self._plain(text[at : match.start()])
            self._control(ord(match[0]))
            at = match.end()
        self._plain(text[at:])

    def _plain(self, text: str) -> None:
        self.html.append(safe_html.escape(text))
        self.text.append(text)
        self.length += len(text)

    def _control(self, code: int) -> None:
        name = f"U+{code:04X}"
        self.markup(f'<span class="control" title="{name}">')
        self._plain(f"[{name}]")
        self.markup("</span>")

    def foreign(self, html: str) -> None:
        """Adds HTML that has been sanitised, with the text it will show."""
        self.size += len(html)
        self.known(html, safe_html.visible_text(html))

    def open(self, tag: str, kind: str, span: tuple[int, int], *, attributes: str = "") -> int:
        """Opens an element that is a block and gives its number, which `close` wants back."""
        if self.text and self.text[-1][-1:] not in _APART:  # as in `apart`; written out, since it runs for each block
            self.newline()
        name = self._name(kind, span)
        if self.mixed and kind != "table-row":
            attributes += direction.attribute(kind, self.source[span[0] : min(span[1], span[0] + 1000)])
        self.html.append(f'<{tag} data-block="{name}"{attributes}>')
        self.size += 60
        self._open.append((name, kind, span, self.length))
        self.blocks.append(_UNFINISHED)
        return len(self.blocks) - 1

    def close(self, tag: str, number: int, *, inner: str = "") -> None:
        """Closes the block opened last, after `inner`; the newline after it keeps the words of neighbours apart."""
        name, kind, span, start = self._open.pop()
        self.blocks[number] = Block(name, kind, span, (start, self.length))
        self.html.append(f"{inner}</{tag}>\n")
        self.text.append("\n")
        self.length += 1

    def plain(self, span: tuple[int, int], text: str) -> None:
        """Adds a paragraph that holds nothing but text."""
        if self.mixed or not safe_html.harmless(text):
            number = self.open("p", "paragraph", span)
            self.write(text)
            self.close("p", number)
            return
        if self.text and self.text[-1][-1:] not in _APART:
            self.newline()
        name, start = self._name("paragraph", span), self.length
        self.html.append(f'<p data-block="{name}">{text}</p>\n')
        self.text.append(text + "\n")
        self.length = start + len(text) + 1
        self.blocks.append(Block(name, "paragraph", span, (start, self.length - 1)))

    def rule(self, span: tuple[int, int]) -> None:
        """Adds a thematic break."""
        self.apart()
        name = self._name("rule", span)
        self.markup(f'<hr data-block="{name}">')
        self.blocks.append(Block(name, "rule", span, (self.length, self.length)))
        self.newline()

    def heading_done(self) -> None:
        """Says that what was written so far is the heading of the clause."""
        self._heading_end = len(self.html)

    def whole(self) -> tuple[str, int]:
        """The HTML, and where in it the heading of the clause ends."""
        return "".join(self.html), sum(map(len, self.html[: self._heading_end]))

    def paragraph(self, text: str, css: str) -> None:
        """Adds a small paragraph of our own words."""
        if safe_html.harmless(text) and not self.mixed:
            self.known(f'<p class="{css}">{text}</p>\n', text + "\n")
            return
        self.html.append(f'<p class="{css}" dir="auto">' if self.mixed else f'<p class="{css}">')
        self.write(text)
        self.html.append("</p>\n")
        self.text.append("\n")
        self.length += 1

    def reference(self, anchor: str, *, counted: bool = True, linked: bool = False) -> None:
        """Adds the title of another clause, as a link unless it stands in one, or says which anchor leads nowhere."""
        if counted:
            self.references.append(anchor)
        found = self.resolve.find(anchor)
        title = self.resolve.titles.get(found, "")
        start = self.length
        if title:
            tag = "span" if linked else "a"
            address = "" if linked else f' href="#{safe_html.attribute(found)}"'
            self.markup(f'<{tag} class="ref"{address}>')
            self.write(title)
            self.markup(f"</{tag}>")
        else:
            self.markup('<span class="ref-missing">')
            self.write(f"? ({anchor})")
            self.markup("</span>")
        self.resolved.append((start, self.length))

    def report(self, construct: str, offset: int) -> None:
        """Notes that something was kept as plain Markdown without being understood."""
        if not self._line_starts:
            self._line_starts = [end.end() for end in _LINE_END.finditer(self.source)]
        self.unknown.append((construct, bisect_right(self._line_starts, offset) + 1))

    def _name(self, kind: str, span: tuple[int, int]) -> str:
        start, end = span
        if end - start > 200:  # the beginning and the end tell long blocks apart well enough
            words = self.source[start : start + 120] + self.source[end - 60 : end].rstrip()
        else:
            words = self.source[start:end].strip()
        name = f"b{crc32(words.encode(), _SEEDS[kind]):08x}{len(words):x}"
        if name not in self._ids:
            self._ids[name] = 1
            return name
        self._ids[name] += 1
        return f"{name}-{self._ids[name]}"
