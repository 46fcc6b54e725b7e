"""How much a change of a clause matters: none, markup, editorial, substantive or authority, and which words say so."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import total_ordering
from typing import Literal
from unicodedata import normalize

import pyromark

from reviews.text import markdown, outline, vocabulary, word_changes, worddiff
from reviews.text import words as cut
from reviews.text.word_changes import Evidence, Side

Name = Literal["none", "markup", "editorial", "substantive", "authority"]
NAMES: tuple[Name, ...] = ("none", "markup", "editorial", "substantive", "authority")

_ADMONITION = re.compile(r"^!!!", re.MULTILINE)
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")
_CONTAINER = re.compile(r"</?(?:ul|ol|li|blockquote|pre|table|t[rhd]|h[1-6]|del|details|div)\b")
_HEADING_TAG = re.compile(r"<h[1-6] [^<>]*>")
_CLOSED_HEADING = re.compile(r"^( {0,3}#{1,6}[ \t][^\n]*\{[^{}\n]*\})[ \t]*#+[ \t]*(?=\r?$)", re.MULTILINE)
_TAG_MARK = re.compile(r"\[\^[^\]\s\[]{1,60}\]")
_FOOTNOTE = re.compile(r'<sup class="footnote-[^>]*>.*?</sup>|<a href="#fr-[^>]*>')
_ADDRESS = re.compile(r'<[a-z][^<>]*?\s(?:href|src)="([^"]*)"')
# Blocks in these languages are prose, as the conversations of an example are.
_CODE_BLOCK = re.compile(r'<code class="language-(?!xml|html|markdown|md|te?xt|")[^"]*">.*?</code>', re.DOTALL)
_HARMLESS = frozenset(",.;:!()[]\"“”„«»'‘’‹›–—‑‐…_`\n") | {"-", "--", "---", "*", "**", "***", "..."}
_PAUSE = re.compile(r"\b(\w{1,40})[\"”’)*_]*\s?[,;:—–](?=[\s\"“‘(*_]*(\w{1,40}))")
_LOOK_BACK = 120
_NEAR = 40
_LIGHT = frozenset({"punctuation", "spelling", "article", "evaluation tag"})


@total_ordering
@dataclass(frozen=True, slots=True)
class ChangeClass:
    """A class of change, ordered from none to authority, with the words that decided it."""

    name: Name
    words: tuple[Evidence, ...] = field(default=(), compare=False)

    def __lt__(self, other: "ChangeClass") -> bool:
        return NAMES.index(self.name) < NAMES.index(other.name)


def classify(old: str, new: str) -> ChangeClass:
    """Judge the change from one source of a clause to another, heading line included.

    Editorial is only what is known to leave the meaning alone: punctuation, spelling, agreement, articles,
    contractions, emphasis, evaluation tags, division into lines and paragraphs. Everything else is substantive.
    """
    if old == new:
        return ChangeClass("none")
    heading = _heading_evidence(old, new)
    if heading:
        return ChangeClass("authority" if heading[0].reason == "authority" else "substantive", heading)
    if _picture(old) == _picture(new) and _remarks(old) == _remarks(new):
        return ChangeClass("markup")
    if normalize("NFC", old) == normalize("NFC", new) and not any(_changed_parts(old, new)):
        return ChangeClass("editorial")  # the same letters, composed or decomposed, are read alike
    found = tuple(_evidence(old, new))
    weighty = tuple(evidence for evidence in found if evidence.reason not in _LIGHT)
    return ChangeClass("substantive", weighty) if weighty else ChangeClass("editorial", found)


def _heading_evidence(old: str, new: str) -> tuple[Evidence, ...]:
    """The first attribute that differs between the headings of two sources: authority, then anchor, then tags."""
    headings = _headings(old), _headings(new)
    pairs = list(zip(*headings, strict=False))
    if len(headings[0]) != len(headings[1]):
        pairs = pairs[:1]
    for at, reason in enumerate(("authority", "anchor", "tag")):
        for one, two in pairs:
            if one[at] != two[at]:
                return word_changes.both_sides(one[at], two[at], reason=reason)
    return ()


def _headings(source: str) -> list[tuple[str, str, str]]:
    """The authority, written anchor and tags of each heading, as the outline reads them.

    Attributes before closing number signs are words of the title to the parser, and were surely meant as attributes.
    """
    source = _CLOSED_HEADING.sub(r"\1", source)
    return [
        (clause.authority, clause.anchor if clause.explicit else "", " ".join(sorted(clause.tags)))
        for clause in outline.parse(source).clauses
        if clause.level
    ]


def _html(source: str) -> str:
    return pyromark.html(markdown.parsable(source), options=markdown.OPTIONS)


def _picture(source: str) -> tuple[object, ...]:
    """What is shown, with white space outside code taken as one space, and the definitions that other clauses use."""
    html = _HEADING_TAG.sub(lambda tag: tag[0].replace("&quot;", "").replace("'", ""), _html(source))
    parts = re.split(r"(<pre>.*?</pre>)", html, flags=re.DOTALL)
    shown = [part if index % 2 else " ".join(part.split()) for index, part in enumerate(parts)]
    return (*shown, sorted(markdown.definitions(source).items()))


def _remarks(source: str) -> list[bool]:
    """Paragraph by paragraph, whether it stands inside an admonition, which Markdown itself does not know."""
    inside = False
    places: list[bool] = []
    for paragraph in _PARAGRAPH.split(source) if _ADMONITION.search(source) else ():
        indents = [line.startswith(("    ", "\t")) for line in paragraph.splitlines() if line.strip()]
        opened = bool(_ADMONITION.search(paragraph))
        inside = bool(indents) and (opened or (inside and all(indents)))
        places += indents if opened else [inside][: len(indents)]
    return places


def _evidence(old: str, new: str) -> Iterator[Evidence]:
    """Every changed word and sign with the reason why it counts or does not."""
    for reason in _changed_parts(old, new):
        yield from (Evidence("old", "", reason), Evidence("new", "", reason))
    gone = came = ""
    before = "\n"
    for kind, text in (*worddiff.words(old, new).ops, worddiff.Op("=", "")):
        if kind == "-":
            gone = text
        elif kind == "+":
            came = text
        else:
            if gone or came:
                yield from _signs(gone, came, before=before, after=text)
                yield from word_changes.changed_words(gone, came, before=before, after=text)
            before = f"{before}{came}{text}"[-_LOOK_BACK:]
            gone = came = ""


def _changed_parts(old: str, new: str) -> Iterator[str]:
    """What differs of the parts in which every character counts: structure, code and the addresses of links."""
    html = _html(old), _html(new)
    if _CONTAINER.findall(html[0]) != _CONTAINER.findall(html[1]) or _remarks(old) != _remarks(new):
        yield "structure"
    if _CODE_BLOCK.findall(html[0]) != _CODE_BLOCK.findall(html[1]):
        yield "code"
    addresses = [_ADDRESS.findall(_FOOTNOTE.sub("", one)) for one in html]
    if addresses[0] != addresses[1] or _targets(old) != _targets(new):
        yield "link"


def _targets(source: str) -> dict[str, str]:
    return {label: target for label, target in markdown.definitions(source).items() if not label.startswith("^")}


def _signs(gone: str, came: str, *, before: str, after: str) -> Iterator[Evidence]:
    """Changed punctuation; a sign at a digit, and any sign that is not known to be harmless, counts."""
    sides = Counter(_sign_tokens(before, gone, after)), Counter(_sign_tokens(before, came, after))
    sides_and_signs: tuple[tuple[Side, Counter[tuple[str, bool]]], ...] = (
        ("old", sides[0] - sides[1]),
        ("new", sides[1] - sides[0]),
    )
    pauses = (_pauses_at_negation(f"{before[-_NEAR:]}{text}{after[:_NEAR]}") for text in (gone, came))
    if next(pauses) != next(pauses):
        yield from (Evidence("old", ",", "negation"), Evidence("new", ",", "negation"))
    for side, signs in sides_and_signs:
        for sign, at_number in signs:
            if sign.startswith("[^"):
                yield Evidence(side, sign, "evaluation tag")
            else:
                harmless = sign in _HARMLESS and not at_number
                yield Evidence(side, sign, "punctuation" if harmless else "sign")


def _pauses_at_negation(text: str) -> list[tuple[str, str]]:
    """The words around each pause at a negation, for "refuse, not comply" is not "refuse not, comply"."""
    pairs = ((found[1].lower(), found[2].lower()) for found in _PAUSE.finditer(text))
    return [pair for pair in pairs if not vocabulary.NEGATION.isdisjoint(pair)]


def _sign_tokens(before: str, text: str, after: str) -> list[tuple[str, bool]]:
    """The signs of a text, each with whether it belongs to a number: directly before a digit, or between two."""
    tokens = cut.tokens(text)
    around = [before[-1:], *tokens, after[:1]]
    found = []
    for index, token in enumerate(tokens, start=1):
        if token.isspace() or cut.words(token):
            continue
        left, right = around[index - 1][-1:], around[index + 1][:1]
        at_number = right.isdigit() and (left.isdigit() or token in "-–—−.,:" or token == "--")
        found.append((token, at_number))
    return found + [(tag, False) for tag in _TAG_MARK.findall(text)]
