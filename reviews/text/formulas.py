r"""Formulas, `$…$`, `$$…$$`, `\(…\)` and `\[…\]`: found so that Markdown changes no character of them."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Events = list[tuple[Any, Any]]

# Only what holds an operator, a command or an index: `\(` and `\[` are also how brackets are written that are no markup.
_BRACKETED = re.compile(
    r"\\(?<!\\\\)(?:\((?:[^\\\n]|\\[^()\n]|\n(?![ \t]*\n)){1,2000}\\\)|\[(?:[^\\]|\\[^\[\]]){1,5000}\\\])"
)
_BLOCK = re.compile(r"^[ \t]*\$\$[ \t]*\n(?:(?![ \t]*\$\$)[^\n]*\S[^\n]*\n){1,200}[ \t]*\$\$(?=[ \t]*$)", re.MULTILINE)
_OPERATOR = re.compile(r"[\^=+]|[A-Za-z0-9})][_*][A-Za-z0-9{(\\]|\\[A-Za-z{},;!| ]| [<>*] ")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_PROSE = re.compile(r"[^\W\d_]{3,}[,.;:]? [^\W\d_]{2,}")
_COVERED = re.compile(r"[^\s>]")


def possible(text: str) -> bool:
    """Tell whether a text may hold a formula at all."""
    if "$" in text and text.count("$") > 1:
        return True
    return "\\" in text and ("\\)" in text or "\\]" in text)


def covered(
    text: str, parse: Callable[[str], Iterable[tuple[Any, Any]]], *, long_only: bool = False
) -> tuple[str, dict[int, str]]:
    """Return the text with formulas covered that Markdown would take apart, and these formulas by where they begin.

    A cover has as many bytes as what it covers and is read as a formula between dollars; what stands in code is left
    alone, which only the parser can tell. Places are in UTF-8 bytes. With `long_only`, formulas on one line are left:
    they change no block.
    """
    spans = _candidates(text)
    if long_only:
        spans = [(start, end) for start, end in spans if "\n" in text[start:end]]
    if not spans:
        return text, {}
    kept = _confirmed(text, spans, parse)
    if len(kept) < len(spans) and kept:
        kept = kept if len(_confirmed(text, kept, parse)) == len(kept) else []
    places = [start for start, _ in _in_bytes(text, kept)]
    return _cover(text, kept), {place: text[start:end] for place, (start, end) in zip(places, kept, strict=True)}


def _candidates(text: str) -> list[tuple[int, int]]:
    found = []
    if "\\(" in text or "\\[" in text:
        for match in _bracketed(text):
            inside = match[0][2:-2]
            if _OPERATOR.search(inside) and not _BLANK_LINE.search(inside) and not _is_written(inside):
                found.append(match.span())
    if "$$" in text:
        found += [(match.end() - len(match[0].lstrip(" \t")), match.end()) for match in _BLOCK.finditer(text)]
    spans: list[tuple[int, int]] = []
    for span in sorted(found):
        if not spans or span[0] >= spans[-1][1]:
            spans.append(span)
    return spans


def _bracketed(text: str) -> Iterator[re.Match[str]]:
    """What stands between escaped brackets; the backslashes are looked for outside the pattern, which is slower at it."""
    at = text.find("\\")
    while at >= 0:
        match = _BRACKETED.match(text, at)
        if match:
            yield match
        at = text.find("\\", match.end() if match else at + 1)


def _confirmed(
    text: str, spans: list[tuple[int, int]], parse: Callable[[str], Iterable[tuple[Any, Any]]]
) -> list[tuple[int, int]]:
    read = {(at["start"], at["end"]) for event, at in parse(_cover(text, spans)) if _formula(event)}
    places = _in_bytes(text, spans)
    return [span for span, place in zip(spans, places, strict=True) if place in read]


def _in_bytes(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    places, at, size = [], 0, 0
    for start, end in spans:
        begin = size + _bytes(text[at:start])
        size, at = begin + _bytes(text[start:end]), end
        places.append((begin, size))
    return places


def _formula(event: Any) -> bool:
    return event.__class__ is not str and ("DisplayMath" in event or "InlineMath" in event)


def _cover(text: str, spans: list[tuple[int, int]]) -> str:
    parts, at = [], 0
    for start, end in spans:
        inside = _COVERED.sub(lambda sign: "x" * _bytes(sign[0]), text[start + 2 : end - 2])
        parts += [text[at:start], "$$", inside, "$$"]
        at = end
    return "".join(parts) + text[at:]


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def settled(
    text: str, events: Events, formulas: dict[int, str], parse: Callable[[str], Iterable[tuple[Any, Any]]]
) -> Events:
    """Return the events with each formula as one, `Math`, in all its characters; prose between two prices is none."""
    if not any(_formula(event) for event, _ in events):
        return events
    data = text.encode()
    done: Events = []
    for event, at in events:
        if not _formula(event):
            done.append((event, at))
            continue
        start, end = at["start"], at["end"]
        ((kind, value),) = event.items()
        if start in formulas:
            done.append(({"Math": formulas[start]}, at))
        elif kind == "InlineMath" and _is_prose(data, start, end, value):
            done += _inline(data[start:end].decode(), start, parse)
        else:
            sign = "$$" if kind == "DisplayMath" else "$"
            done.append(({"Math": f"{sign}{value}{sign}"}, at))
    return done


def _is_prose(data: bytes, start: int, end: int, value: str) -> bool:
    around = data[max(0, start - 1) : start] + data[end : end + 1]
    return any(map(_is_word, around)) or _is_written(value)


def _is_written(words: str) -> bool:
    """Tell whether words are prose: some that follow one another, and no command among them."""
    return "\\" not in words and bool(_PROSE.search(words))


def _is_word(byte: int) -> bool:
    return byte < 0x80 and chr(byte).isalnum()


def _inline(words: str, start: int, parse: Callable[[str], Iterable[tuple[Any, Any]]]) -> Events:
    """The events of words that are no formula, by themselves."""
    inside = list(parse(words))
    whole = {"start": start, "end": start + _bytes(words)}
    if inside[0][0] != {"Start": "Paragraph"} or inside[-1][0] != {"End": "Paragraph"}:
        return [({"Text": words}, whole)]
    return [(event, {"start": start + at["start"], "end": start + at["end"]}) for event, at in inside[1:-1]]
