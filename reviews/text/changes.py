"""How much a change of a clause matters: none, markup, editorial, substantive or authority, and which words say so."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import total_ordering
from typing import Literal, NamedTuple

import pyromark

from reviews.text import align, markdown, spelling, vocabulary, worddiff
from reviews.text import words as cut

Name = Literal["none", "markup", "editorial", "substantive", "authority"]
Side = Literal["old", "new"]
NAMES: tuple[Name, ...] = ("none", "markup", "editorial", "substantive", "authority")

_HEADING = re.compile(r"\s{0,3}(#{1,6})[ \t][^\n]*?(?:\{([^{}\n]*)\})?[ \t#]*(?:\r?\n|\Z)")
_AUTHORITY = re.compile(r"authority=[\"']?([^\s\"'}]*)")
_ANCHOR = re.compile(r"(?:^|\s)(?:#|id=)([^\s}]+)")
_ADMONITION = re.compile(r"^!!!", re.MULTILINE)
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")
_CONTAINER = re.compile(r"</?(?:ul|ol|li|blockquote|pre|table|t[rhd]|h[1-6]|del|details|div)\b")
_TAG_MARK = re.compile(r"\[\^[^\]\s\[]{1,60}\]")
_CODE_SPAN = re.compile(r"(`{1,2})([^`]+)\1\Z")
_HARMLESS = frozenset(",.;:!()[]\"“”„«»'‘’‹›–—‑‐…_`\n") | {"-", "--", "---", "*", "**", "***", "..."}
_LIGHT = frozenset({"punctuation", "spelling", "article", "evaluation tag"})


class Evidence(NamedTuple):
    """What decided: a word or sign, on which side it stands, and why it counts."""

    side: Side
    word: str
    reason: str


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
    authority = _attribute(old, _AUTHORITY), _attribute(new, _AUTHORITY)
    if authority[0] != authority[1]:
        return ChangeClass("authority", _both(*authority, reason="authority"))
    anchor = _attribute(old, _ANCHOR), _attribute(new, _ANCHOR)
    if anchor[0] != anchor[1]:
        return ChangeClass("substantive", _both(*anchor, reason="anchor"))
    if _picture(old) == _picture(new) and _remarks(old) == _remarks(new):
        return ChangeClass("markup")
    found = tuple(_evidence(old, new))
    weighty = tuple(evidence for evidence in found if evidence.reason not in _LIGHT)
    return ChangeClass("substantive", weighty) if weighty else ChangeClass("editorial", found)


def _attribute(source: str, wanted: re.Pattern[str]) -> str:
    heading = _HEADING.match(source)
    found = wanted.search(heading[2]) if heading and heading[2] else None
    return found[1] if found else ""


def _both(old: str, new: str, *, reason: str) -> tuple[Evidence, ...]:
    evidence = (Evidence("old", old, reason), Evidence("new", new, reason))
    return tuple(one for one in evidence if one.word)


def _html(source: str) -> str:
    return pyromark.html(markdown.parsable(source), options=markdown.OPTIONS)


def _picture(source: str) -> tuple[object, ...]:
    """What is shown, with white space outside code taken as one space, and the definitions that other clauses use."""
    parts = re.split(r"(<pre>.*?</pre>)", _html(source), flags=re.DOTALL)
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
    if _CONTAINER.findall(_html(old)) != _CONTAINER.findall(_html(new)) or _remarks(old) != _remarks(new):
        yield from (Evidence("old", "", "structure"), Evidence("new", "", "structure"))
    gone = came = before = ""
    for kind, text in (*worddiff.words(old, new).ops, worddiff.Op("=", "")):
        if kind == "-":
            gone = text
        elif kind == "+":
            came = text
        else:
            if gone or came:
                yield from _signs(gone, came, before=before, after=text)
                yield from _words(_spoken(gone), _spoken(came), following="".join(cut.words(text[:80])[:1]))
            gone, came, before = "", "", text


def _signs(gone: str, came: str, *, before: str, after: str) -> Iterator[Evidence]:
    """Changed punctuation; a sign at a digit, and any sign that is not known to be harmless, counts."""
    sides = Counter(_sign_tokens(before, gone, after)), Counter(_sign_tokens(before, came, after))
    sides_and_signs: tuple[tuple[Side, Counter[tuple[str, bool]]], ...] = (
        ("old", sides[0] - sides[1]),
        ("new", sides[1] - sides[0]),
    )
    for side, signs in sides_and_signs:
        for sign, at_number in signs:
            if sign.startswith("[^"):
                yield Evidence(side, sign, "evaluation tag")
            else:
                harmless = sign in _HARMLESS and not at_number
                yield Evidence(side, sign, "punctuation" if harmless else "sign")


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


def _spoken(text: str) -> list[str]:
    """The words of a text as they count: contractions written out, code spans without their marks, letter case kept."""
    spoken: list[str] = []
    for token in cut.tokens(unicodedata.normalize("NFC", text)):
        span = _CODE_SPAN.match(token)
        if span:
            spoken += cut.words(span[2])
        elif cut.words(token) and not token.startswith("[^"):
            spoken += _written_out(token.replace("’", "'"))
    return spoken


def _written_out(word: str) -> tuple[str, ...]:
    small = word.lower()
    if small in vocabulary.CONTRACTIONS:
        return vocabulary.CONTRACTIONS[small]
    for ending, full in vocabulary.ENDINGS.items():
        if small.endswith(ending):
            return (word[: -len(ending)], full)
    return (word,)


def _words(old: Sequence[str], new: Sequence[str], *, following: str) -> Iterator[Evidence]:
    """The words that differ between two stretches, judged run by run; `following` is the word that comes after them."""
    if _run_together(old) == _run_together(new) and _forces(old) == _forces(new):
        yield from _respelt(old, new)
        return
    small_old, small_new = [word.lower() for word in old], [word.lower() for word in new]
    blocks = align.exact(small_old, small_new, align.Budget())
    for i, j, n in blocks:
        yield from _shouting(old[i : i + n], new[j : j + n])
    for i, x, j, y in align.gaps(blocks, len(old), len(new)):
        yield from _run(old[i:x], new[j:y], following=new[y] if y < len(new) else following)


def _run_together(words: Sequence[str]) -> str:
    return "".join(words).lower()


def _forces(words: Sequence[str]) -> list[str]:
    """The words that carry the force of a rule, in order, with capitals kept where the whole word has them."""
    return [
        word if len(word) > 1 and word.isupper() else word.lower() for word in words if vocabulary.kind(word.lower())
    ]


def _shouting(old: Sequence[str], new: Sequence[str]) -> Iterator[Evidence]:
    """Words that differ in capitals: MUST is not must, and US is not us."""
    for one, two in zip(old, new, strict=True):
        if one == two:
            continue
        loud = len(one) > 1 and one.isupper() != two.isupper()
        reason = (vocabulary.kind(one.lower()) or "capitals") if loud else "spelling"
        yield from _both(one, two, reason=reason)


def _respelt(old: Sequence[str], new: Sequence[str]) -> Iterator[Evidence]:
    if len(old) == len(new):
        yield from _shouting(old, new)
    else:
        yield from _both(" ".join(old), " ".join(new), reason="spelling")


def _run(old: Sequence[str], new: Sequence[str], *, following: str) -> Iterator[Evidence]:
    """What one run of changed words amounts to."""
    bare_old, bare_new = _without_articles(old, following), _without_articles(new, following)
    if _same_words(old, new) or _same_words(bare_old, bare_new):
        yield from _both(" ".join(old), " ".join(new), reason="spelling" if bare_old else "article")
        return
    for word in bare_old:
        yield Evidence("old", word, _reason(word))
    for word in bare_new:
        yield Evidence("new", word, _reason(word))


def _same_words(old: Sequence[str], new: Sequence[str]) -> bool:
    small_old, small_new = [word.lower() for word in old], [word.lower() for word in new]
    if sorted((small_old, small_new)) == [["it", "is"], ["its"]]:
        return True
    return len(old) == len(new) and all(map(spelling.same_word, small_old, small_new))


def _without_articles(words: Sequence[str], following: str) -> list[str]:
    """The words but articles; a capital A may be a name, and "few" with and without an article are opposites."""
    after = [*words[1:], following]
    return [
        word
        for word, next_word in zip(words, after, strict=False)
        if word == "A" or word.lower() not in vocabulary.ARTICLES or next_word.lower() in vocabulary.MEASURES
    ]


def _reason(word: str) -> str:
    return vocabulary.kind(word.lower()) or "word"
