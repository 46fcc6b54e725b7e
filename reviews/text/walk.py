"""From Markdown events to a page: one walk over the blocks and inlines of a fragment."""

from collections.abc import Callable
from typing import Any

from reviews.text import addresses, conversations, disclosures, foreign, links, outline, tables
from reviews.text.markdown import Event, Fragment
from reviews.text.page import MAX_DEPTH, Page

_INLINE = {"Emphasis": "em", "Strong": "strong", "Strikethrough": "del"}
_NESTING = frozenset(
    "Item List BlockQuote FootnoteDefinition Paragraph Heading Table TableHead TableRow TableCell".split()
)
_XML = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
_PARAGRAPH_END = {"End": "Paragraph"}


# An open element: how to close it, and its name when its tag was written as HTML in the source.
Opened = tuple[Callable[[], None], str]


class Walk:
    """Writes events to a page; in `message` mode foreign tags are text, in `inline` mode no block is written."""

    def __init__(self, page: Page, fragment: Fragment, events: list[Event], *, depth: int = 0, mode: str = "prose"):
        self.page, self.fragment, self.events, self.depth, self.mode = page, fragment, events, depth, mode
        self.open: list[Opened] = []
        self.linked = 0
        self.marked = "!!!" in fragment.text
        self.addressed = addresses.expected(fragment.text)
        self.table: tables.Table | None = None
        self.skip = 0
        self.disclosures: disclosures.Pairs | None = None

    def run(self, index: int = 0, end: int | None = None, *, close: bool = True) -> None:
        """Writes the events from `index` to `end`, or as much as the page takes, and leaves no element open.

        Without `close`, a disclosure around what follows stays open.
        """
        events, page, base = self.events, self.page, len(self.open)
        stop = len(events) if end is None else end
        while index < stop:
            event, at = events[index]
            if event.__class__ is str:
                self._mark(index, event, at)
            elif "Text" in event:
                (self._text if self.addressed or self.skip else page.write)(event["Text"])
            elif "Start" in event:
                if page.size + page.length > page.limit:
                    break
                index = self._start(index, event["Start"], at)
                continue
            elif "End" in event:
                self._end()
            else:
                ((key, value),) = event.items()
                self._leaf(key, value, at)
            index += 1
        if close:
            self.close(base)

    def _text(self, text: str) -> None:
        if self.skip:
            text, self.skip = text[self.skip :], 0
        if not self.linked and addresses.possible(text):
            addresses.write(self, text)
        else:
            self.page.write(text)

    def close(self, base: int = 0) -> None:
        """Closes the elements that were opened after the first `base` ones."""
        while len(self.open) > base:
            self.open.pop()[0]()

    def part(self, fragment: Fragment, events: list[Event], *, mode: str, skip: int = 0) -> None:
        """Writes another fragment inside what is open here, without its first `skip` characters."""
        inner = Walk(self.page, fragment, events, depth=self.depth + len(self.open) + 3, mode=mode)
        inner.skip = skip
        inner.run()

    def span(self, at: Any) -> tuple[int, int]:
        """A range of events as a range of the clause's source."""
        return self.fragment.span(at["start"], at["end"])

    def raw(self, at: Any) -> str:
        """The text under a range of events."""
        return self.fragment.text[self.fragment.character(at["start"]) : self.fragment.character(at["end"])]

    def report(self, construct: str, at: Any) -> None:
        """Notes a construct that is shown without being understood."""
        self.page.report(construct, self.fragment.origin(self.fragment.character(at["start"])))

    def wrap(self, opening: str, closing: str, *, name: str = "") -> None:
        """Opens an element that is no block; `name` is that of a tag written in the source."""
        if self.deep or not opening:
            self.open.append((nothing, name))
            return
        self.page.markup(opening)
        anchor = closing == "</a>" or opening.startswith('<span class="link-plain"')
        self.linked += anchor

        def close() -> None:
            self.page.markup(closing)
            self.linked -= anchor

        self.open.append((close, name))

    @property
    def deep(self) -> bool:
        """Whether further elements are left out and only their text is kept."""
        return self.depth + len(self.open) >= MAX_DEPTH

    def _end(self) -> None:
        close, foreign = self.open.pop()
        while foreign:
            close()
            close, foreign = self.open.pop()
        close()

    def _mark(self, index: int, event: str, at: Any) -> None:
        if event == "Rule":
            self.page.rule(self.span(at))
            return
        if event == "HardBreak":
            self.page.markup("<br>")
        self.page.newline()
        if self.mode == "message":  # where people and machines indent without fences
            indent = self.raw({"start": at["end"], "end": self.events[index + 1][1]["start"]})
            self.page.write(indent if not indent.strip(" \t") else "")

    def code(self, text: str) -> str:
        """Code as it is meant: in a conversation, which is written as XML, what had to be escaped is so in code too."""
        if self.mode != "message" or "&" not in text:
            return text
        for entity, character in _XML:
            text = text.replace(entity, character)
        return text

    def _leaf(self, key: str, value: Any, at: Any) -> None:
        if key == "Code":
            self.page.markup("<code>")
            self.page.code(self.code(value))
            self.page.markup("</code>")
        elif key == "Math":
            self.page.markup('<span class="formula">')
            self.page.write(value)
            self.page.markup("</span>")
        elif key == "FootnoteReference" and self.mode != "message":
            links.footnote(self, value, at)
        elif key == "TaskListMarker":
            self.page.write("☑ " if value else "☐ ")
        elif key == "InlineHtml" and self.mode != "message":
            foreign.tag(self, value, at)
        else:
            self.page.write(value if isinstance(value, str) and key != "FootnoteReference" else self.raw(at))

    def _start(self, index: int, value: Any, at: Any) -> int:
        name, data = (value, None) if isinstance(value, str) else next(iter(value.items()))
        if name in _INLINE:
            if name == "Strong":
                self._term(index)
            self.wrap(f"<{_INLINE[name]}>", f"</{_INLINE[name]}>")
        elif name == "Link":
            return links.link(self, index, data)
        elif name == "Image":
            return links.image(self, index, data)
        elif name == "CodeBlock":
            return self._code(index, data, at)
        elif name == "HtmlBlock":
            return disclosures.block(self, index, at)
        elif name == "Table" and tables.too_deep(self):
            return tables.literal(self, index, at)
        elif name in _NESTING and not self.deep and self.mode != "inline":
            return self._nest(index, name, data, at)
        elif self.mode == "inline":
            self.open.append((nothing, ""))
        else:
            self.page.apart()
            self.open.append((self.page.newline, ""))
        return index + 1

    def _nest(self, index: int, name: str, data: Any, at: Any) -> int:
        if name == "Paragraph" and not self.table:
            return self._paragraph(index, at)
        if name == "Item":
            self.block("li", "list-item", at)
        elif name == "List":
            numbered = "" if data in (None, 1) else f' start="{data}"'
            self.block("ul" if data is None else "ol", "list", at, numbered)
        elif name == "Heading":
            self._heading(index, data, at)
        elif name == "BlockQuote":
            self._quote(data, at)
        elif name == "FootnoteDefinition":
            self.block("div", "footnote", at, ' class="footnote"')
            links.footnote_label(self, data)
        else:
            tables.part(self, name, data, at)
        return index + 1

    def block(self, tag: str, kind: str, at: Any, attributes: str = "", *, before_end: str = "") -> None:
        """Opens an element that is a block; `before_end` closes what was opened inside it by hand."""
        number = self.page.open(tag, kind, self.span(at), attributes=attributes)

        def close() -> None:
            self.page.markup(before_end)
            self.page.close(tag, number)

        self.open.append((close, ""))

    def _paragraph(self, index: int, at: Any) -> int:
        if self.mode == "prose":
            after = conversations.example(self, index, at)
            if after:
                return after
            if self.marked and self.fragment.text.startswith("!!!", self.fragment.character(at["start"])):
                self.report("admonition", at)
        text = self.events[index + 1][0].get("Text") if self.events[index + 1][0].__class__ is dict else None
        if text and self.events[index + 2][0] == _PARAGRAPH_END and not (self.addressed and addresses.possible(text)):
            self.page.plain(self.span(at), text)
            return index + 3
        self.block("p", "paragraph", at)
        return index + 1

    def _heading(self, index: int, data: Any, at: Any) -> None:
        level = data["level"][1]
        literal = outline.attribute_text(self.raw(at), data)
        top = self.mode == "prose" and not self.open and self.depth == 0
        first = top and index == 0 and not self.page.blocks
        if top:
            css = ' class="clause-title"' if first else ""
            tag = f"h{level}"
        else:
            css, tag = f' class="heading heading-{level}"', "p"
        number = self.page.open(tag, "heading", self.span(at), attributes=css)

        def close() -> None:
            self.page.write(f" {literal}" if literal else "")
            self.page.close(tag, number)
            if first:
                self.page.heading_done()

        self.open.append((close, ""))

    def _quote(self, kind: str | None, at: Any) -> None:
        if kind is None:
            self.block("blockquote", "quote", at)
        else:
            css = f"admonition admonition-{kind.lower()}"
            self.block("aside", "admonition", at, f' class="{css}"')
            self.page.paragraph(kind, "admonition-title")

    def _code(self, index: int, kind: Any, at: Any) -> int:
        end = self.closing(index, "CodeBlock")
        number = self.page.open("pre", "code", self.span(at))
        self.page.markup("<code>")
        for event, _ in self.events[index + 1 : end]:
            self.page.code(self.code(event["Text"]))
        self.page.markup("</code>")
        self.page.close("pre", number)
        return end + 1

    def closing(self, index: int, name: str) -> int:
        """The index of the event that ends what starts at `index`; the name is one that does not nest."""
        end = {"End": name}
        index += 1
        while self.events[index][0] != end:
            index += 1
        return index

    def _term(self, index: int) -> None:
        """A term that is being defined: bold at the beginning of a paragraph or item, with a colon after it."""
        before = self.events[index - 1][0] if index else None
        if self.mode != "prose" or before not in ({"Start": "Paragraph"}, {"Start": "Item"}):
            return
        end = self.closing(index, "Strong")
        words = outline.title_of(self.events[index + 1 : end])
        after = self.events[end + 1][0]
        colon = isinstance(after, dict) and after.get("Text", "").startswith(":")
        if (colon or words.endswith(":")) and words.rstrip(":"):
            self.page.terms.append(words.rstrip(":"))


def nothing() -> None:
    """Closes an element that was left out."""
