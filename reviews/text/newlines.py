"""Line ends: a browser sends CRLF whatever the document uses."""

from __future__ import annotations

from difflib import SequenceMatcher

# Comparing lines costs the square of their number at worst; above this only the equal beginning and end are matched.
MOST_COMPARED_LINES = 2_000


def in_style_of(text: str, model: str) -> str:
    """Return the text with the line ends of the model.

    Where the model mixes LF and CRLF, each line that it has keeps its own end, a changed line that of the line it
    replaces, and a new line that of the line before it.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    ends = ["\r\n" if line.endswith("\r") else "\n" for line in model.split("\n")[:-1]]
    if len(set(ends)) < 2:
        return (ends[0] if ends else "\n").join(lines)
    return _with_ends(lines, [line.removesuffix("\r") for line in model.split("\n")][: len(ends)], ends)


def _with_ends(lines: list[str], model: list[str], ends: list[str]) -> str:
    found: list[str | None] = [None] * (len(lines) - 1)
    for start, of_model in _matched(lines[:-1], model):
        found[start] = ends[of_model]
    last = next((end for end in found if end is not None), ends[0])
    written = []
    for line, end in zip(lines, found, strict=False):
        last = end or last
        written.append(line + last)
    return "".join(written) + lines[-1]


def _matched(lines: list[str], model: list[str]) -> list[tuple[int, int]]:
    """Pairs of a line and the model's line that it is or replaces."""
    first, last = _equal_ends(lines, model)
    middle, old = lines[first : len(lines) - last], model[first : len(model) - last]
    pairs = [(n, n) for n in range(first)]
    if max(len(middle), len(old)) <= MOST_COMPARED_LINES:
        for _, i1, i2, j1, j2 in SequenceMatcher(None, old, middle, autojunk=False).get_opcodes():
            pairs += [(first + j, first + i) for i, j in zip(range(i1, i2), range(j1, j2), strict=False)]
    return pairs + [(len(lines) - n, len(model) - n) for n in range(last, 0, -1)]


def _equal_ends(lines: list[str], model: list[str]) -> tuple[int, int]:
    """How many lines are equal at the beginning, and how many of the rest at the end."""
    shorter = min(len(lines), len(model))
    first = next((n for n in range(shorter) if lines[n] != model[n]), shorter)
    rest = shorter - first
    return first, next((n for n in range(rest) if lines[-1 - n] != model[-1 - n]), rest)
