"""The dialect: from the source of a clause to safe HTML, its text, its blocks, examples, references and tags."""

import re
from dataclasses import dataclass
from hashlib import sha256

from reviews.text import admonitions, markdown, safe_html
from reviews.text.examples import Answer, Comparison, Example, Message
from reviews.text.markdown import Fragment
from reviews.text.page import Block, Page, Resolver

__all__ = [
    "RENDERER_VERSION",
    "Answer",
    "Block",
    "Comparison",
    "Example",
    "Message",
    "Rendered",
    "Resolver",
    "cache_key",
    "dependencies",
    "render",
]

RENDERER_VERSION = 1
MAX_SOURCE = 300_000
_FRAGMENT = re.compile(r"\]\([ \t]*<?#([^\s)>]+)|\b(?:GOOD|BAD|OK)[ \t]*\[#([^\]\s]+)\]|\]:[ \t]*<?#([^\s>]+)")
_LABEL = re.compile(r"\[([^\[\]]{1,999})\]")


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
    heading, body = page.parts()
    clean = safe_html.sanitised(heading + body)
    if clean != heading + body:
        return _plain(page.source)
    return Rendered(
        heading_html=clean[: len(heading)],
        body_html=clean[len(heading) :],
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


def dependencies(source: str) -> tuple[str, ...]:
    """The anchors whose titles a source may show, without rendering it; see `cache_key` for all it depends on."""
    found = (match[1] or match[2] or match[3] for match in _FRAGMENT.finditer(source))
    return tuple(dict.fromkeys(found))


def cache_key(source: str, resolve: Resolver) -> str:
    """A digest of everything that the rendering of a source depends on."""
    parts = [str(RENDERER_VERSION), source]
    labels = {markdown.label(name) for name in _LABEL.findall(source)}
    urls = sorted((name, resolve.definitions[name]) for name in labels if name in resolve.definitions)
    anchors = [*dependencies(source), *(url[1:] for _, url in urls if url.startswith("#"))]
    for anchor in anchors:
        found = resolve.find(anchor)
        parts += [anchor, found, resolve.titles.get(found, ""), str(anchor in resolve.names)]
    for name, url in urls:
        parts += [name, url]
    for name, url in sorted(resolve.images.items()):
        parts += [name, url] if name in source else []
    return sha256("\0".join(f"{len(part)} {part}" for part in parts).encode(errors="replace")).hexdigest()


def _front_matter(page: Page, matter: str) -> None:
    number = page.open("pre", "front-matter", (0, len(matter)), attributes=' class="front-matter"')
    page.markup("<code>")
    page.write(matter.strip("\ufeff"))
    page.markup("</code>")
    page.close("pre", number)
