"""The dialect: from the source of a clause to safe HTML, its text, its blocks, examples, references and tags."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

from reviews.text import admonitions, markdown, outline, safe_html
from reviews.text.examples import Answer, Comparison, Example, Message
from reviews.text.markdown import Fragment
from reviews.text.page import NUMBERED, Block, Page, Resolver

__all__ = [
    "RENDERER_VERSION",
    "Answer",
    "Block",
    "Comparison",
    "Example",
    "Message",
    "Needs",
    "Rendered",
    "Resolver",
    "cache_key",
    "dependencies",
    "names_of",
    "needs",
    "render",
    "rendering_key",
]

RENDERER_VERSION = 2
MAX_SOURCE = 300_000
LONGEST_LABEL = 1000
_FRAGMENT = re.compile(
    r"\]\(\s*#((?:[^\s()<>]|\([^\s()<>]*\))+)|\](?:\(|:)\s*<#([^<>\r\n]+)>|\]:\s*#(\S+)"
    r"|\b(?:GOOD|BAD|OK)[ \t]*\[#([^\]\s]+)\]|\b(?i:href)\s*=\s*[\"']?#([^\"'\s<>]+)"
)
_BRACKET = re.compile(r"\\.|[\[\]]", re.DOTALL)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_IMAGE = re.compile(r"!\[|<img\b", re.IGNORECASE)


@dataclass(frozen=True)
class Rendered:
    """A clause as it is shown. Offsets are string indices; `stable` ones count each resolved title as one U+FFFC."""

    heading_html: str
    body_html: str
    text: str
    resolved: tuple[tuple[int, int], ...] = ()
    blocks: tuple[Block, ...] = ()
    examples: tuple[Example, ...] = ()
    references: tuple[str, ...] = ()
    evaluation_tags: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    unknown: tuple[tuple[str, int], ...] = ()

    @property
    def html(self) -> str:
        """The heading and what follows it."""
        return self.heading_html + self.body_html

    @property
    def stable_text(self) -> str:
        """The text with each title of another clause replaced by one U+FFFC."""
        parts, at = [], 0
        for start, end in self.resolved:
            parts += [self.text[at:start], "\ufffc"]
            at = end
        return "".join(parts) + self.text[at:]

    def to_stable(self, offset: int) -> int:
        """The stable offset of an offset into the text; inside a resolved title, that of its beginning."""
        lost = 0
        for start, end in self.resolved:
            if offset >= end:
                lost += end - start - 1
            elif offset > start:
                return start - lost
        return offset - lost

    def from_stable(self, offset: int) -> int:
        """The offset into the text of a stable offset."""
        added = 0
        for start, end in self.resolved:
            if offset + added <= start:
                break
            added += end - start - 1
        return offset + added


def render(clause_source: str, resolve: Resolver) -> Rendered:
    """The clause as safe HTML with its text and parts; never raises, shows every visible character of the source."""
    source = markdown.parsable(clause_source)
    page = Page(source, resolve, limit=200_000 + 30 * len(source))
    kept = source[:MAX_SOURCE]
    lead = markdown.lead(kept)
    if lead and kept[:lead].strip("\ufeff"):
        _front_matter(page, kept[:lead])
    admonitions.write(page, Fragment(kept[lead:], (0,), (lead,)))
    if page.full or len(source) > MAX_SOURCE:
        page.paragraph("The rest of this clause is too long to be shown here.", "cut-off")
    return _finished(page)


def _finished(page: Page) -> Rendered:
    html, heading_end = page.whole()
    if safe_html.sanitised(html) != html:
        return _plain(page.source)
    return Rendered(
        heading_html=html[:heading_end],
        body_html=html[heading_end:],
        text="".join(page.text),
        resolved=tuple(page.resolved),
        blocks=tuple(page.blocks),
        examples=tuple(page.examples),
        references=tuple(page.references),
        evaluation_tags=tuple(page.evaluation_tags),
        terms=tuple(page.terms),
        unknown=tuple(page.unknown),
    )


def _plain(source: str) -> Rendered:
    """The characters of a source, for when the sanitiser did not agree with what was written."""
    page = Page(source, Resolver(), limit=10 * len(source))
    number = page.open("pre", "code", (0, len(source)))
    page.markup("<code>")
    page.write(source)
    page.markup("</code>")
    page.close("pre", number)
    html = safe_html.sanitised("".join(page.html))
    return Rendered("", html, "".join(page.text), blocks=tuple(page.blocks), unknown=(("sanitised", 1),))


class Needs(NamedTuple):
    """What a rendering may take from the rest of its document: clauses and places, reference links and footnotes, images."""

    anchors: Sequence[str] = ()
    labels: Sequence[str] = ()
    images: bool = False


def needs(source: str) -> Needs:
    """What the rendering of a source may depend on, found without rendering it; rather too much than too little."""
    labels = {markdown.label(name) for name in _bracketed(source)}
    return Needs(dependencies(source), tuple(sorted(labels)), bool(_IMAGE.search(source)))


def _bracketed(source: str) -> Iterator[str]:
    """What stands between brackets with none between them; one walk, since a pattern would look far behind each of many."""
    start: int | None = None
    for found in _BRACKET.finditer(source):
        if found[0] == "[":
            start = found.end()
        elif found[0] == "]":
            if start is not None and 0 < found.start() - start < LONGEST_LABEL:
                yield source[start : found.start()]
            start = None


def dependencies(source: str) -> tuple[str, ...]:
    """The anchors whose titles a source may show, under every name that a reference may mean; see `needs` for the rest."""
    found = (next(filter(None, match.groups())) for match in _FRAGMENT.finditer(source))
    return tuple(dict.fromkeys(name for written in found for name in names_of(written)))


def names_of(reference: str) -> tuple[str, ...]:
    """The anchors that a reference may mean, however it is written: plain, escaped, percent-encoded, or as a title."""
    name = unescape(_ESCAPED.sub(r"\1", reference))
    decoded = unquote(name, errors="replace")
    twice = unquote(decoded, errors="replace")  # a title is asked for by a name that was decoded already
    return tuple(dict.fromkeys([name, decoded, outline.slug(decoded), twice, outline.slug(twice)]))


def cache_key(source: str, resolve: Resolver) -> str:
    """A digest of everything that the rendering of a source depends on."""
    digest = sha256(source.encode(errors="surrogatepass")).digest()
    return rendering_key(digest, needs(source), resolve).hex()


def rendering_key(digest: bytes, needed: Needs, resolve: Resolver) -> bytes:
    """Return the key of a rendering from the digest of its source (SHA-256) and from what the source needs."""
    titles, places, definitions = resolve.titles, resolve.names, resolve.definitions
    anchors = needed.anchors
    links = [(name, definitions[name]) for name in needed.labels if name in definitions] if definitions else []
    if links:
        anchors = [*anchors, *(name for _, url in links if url.startswith("#") for name in names_of(url[1:]))]
    shown: list[object] = [(anchor, titles.get(anchor), anchor in places) for anchor in anchors]
    counted = (resolve.find(anchor) for anchor in anchors if anchor not in titles and NUMBERED.search(anchor))
    shown += [(found, titles[found]) for found in counted if found]
    images = sorted(resolve.images.items()) if needed.images else []
    return sha256(digest + repr((RENDERER_VERSION, shown, links, images)).encode()).digest()


def _front_matter(page: Page, matter: str) -> None:
    number = page.open("pre", "front-matter", (0, len(matter)), attributes=' class="front-matter"')
    page.markup("<code>")
    page.write(matter.strip("\ufeff"))
    page.markup("</code>")
    page.close("pre", number)
