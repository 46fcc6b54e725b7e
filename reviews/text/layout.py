"""What Markdown reads of a text: its words, its signs, and the white space that means something."""

import re

from reviews.text import words

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})([^\n]*)")
_INDENTED = re.compile(r" {4}|\t")
# A line that begins like this, or that follows a line like this, is a block of its own.
_OWN_BLOCK = re.compile(
    r"[ \t]*(?:[-*+](?:\s|\Z)|\d{1,9}[.)](?:\s|\Z)|[#>|<]|[-=*_:]{3,}|`{3}|~{3}|\[\^?[^\]\n]{1,60}\]:)"
)
_ALONE = re.compile(r"[ \t]*(?:[#|<]|[-=*_:]{3,}|`{3}|~{3})")
_ITEM = re.compile(r"[ \t]*([-*+]|\d{1,9}[.)])(?:\s|\Z)(?!(?:[ \t]*[-*_]){2,}[ \t]*\Z)")
_UNDERLINE = re.compile(r"[ \t]*(?:-{2,}|=+)[ \t]*\Z")
_TABLE_RULE = re.compile(r"-{3,}")
_SENTENCE_END = re.compile(r"[.!?。！？][\"'”’)\]*_]*(?:\[\^\w+\])*\Z")
_HARD_BREAK = re.compile(r" {2,}\Z|(?<!\\)(?:\\\\)*\\\Z")


def verbatim_lines(lines: list[str]) -> list[bool]:
    """Return for each line whether it is code, fenced or indented, where every space counts."""
    found: list[bool] = []
    fence = ""
    previous_blank, previous_code = True, False
    for line in lines:
        mark = _FENCE.match(line)
        blank = not line.strip()
        if fence:
            found.append(True)
            if mark and mark[1].startswith(fence) and not mark[2].strip():
                fence = ""
        elif mark and not (mark[1][0] == "`" and "`" in mark[2]):
            found.append(True)
            fence = mark[1]
        else:
            previous_code = not blank and bool(_INDENTED.match(line)) and (previous_blank or previous_code)
            found.append(previous_code)
        previous_blank = blank
    return found


def wraps(line: str, following: str) -> bool:
    """Return whether a sentence that ends in `line` without a sign at its end is carried on by the `following` line."""
    if not line.endswith("\n") or line.endswith("\n\n"):
        return False
    body = line.rstrip("\r\n")
    last = body[body.rfind("\n") + 1 :]
    if not last.strip() or _SENTENCE_END.search(last) or _HARD_BREAK.search(last) or _ALONE.match(last):
        return False
    return bool(following.strip()) and not _OWN_BLOCK.match(following)


def read(text: str, *, verbatim: bool = False) -> list[str]:
    """Return the words and signs of `text` with the white space that means something.

    A line end at which a paragraph is only wrapped is a space, and so is any run of spaces within a line. Paragraph
    breaks, hard breaks, and the indentation at which a block begins are tokens of their own. In code, and everywhere
    with `verbatim`, every line end and every space counts.
    """
    lines = _LINE.findall(text)
    code = [True] * len(lines) if verbatim else verbatim_lines(lines)
    found: list[str] = []
    continues = False
    for line, is_code in zip(lines, code, strict=True):
        body = line.rstrip("\r\n")
        indent = body[: len(body) - len(body.lstrip())]
        soft = continues and not is_code and body.strip() and not _OWN_BLOCK.match(body)
        found.append(" " if soft else "\n" + indent)
        content = body[len(indent) :] if is_code else body.strip()
        found += words.tokens(content) if is_code else _tokens(content)
        hard = not is_code and bool(content) and bool(_HARD_BREAK.search(body))
        found += ["  \n"] if hard else []
        continues = not is_code and bool(content) and not hard and not _ALONE.match(body)
    return found


def shape(text: str) -> list[str]:
    """Return what a text says and how it is built, the same for every way to lay it out.

    The sign of a bullet, the width of an indentation, where lines are wrapped, and blank lines around headings, tables
    and lists say nothing. Nesting, paragraph breaks, hard breaks, blank lines within a list, and code do.
    """
    lines = _LINE.findall(text)
    found: list[str] = []
    nesting: list[int] = []
    blank, continues = True, False
    for line, is_code in zip(lines, verbatim_lines(lines), strict=True):
        body = line.rstrip("\r\n")
        content = body.strip()
        if is_code:
            found.append("\n" + body)
        elif content and continues and not blank and not _OWN_BLOCK.match(body):
            found += [" ", *_tokens(content)]
        elif content:
            found += _block(body, nesting, after_blank=blank)
        hard = not is_code and bool(content) and bool(_HARD_BREAK.search(body))
        found += ["  \n"] if hard else []
        continues = not is_code and bool(content) and not hard and not _ALONE.match(body)
        blank = not content
    return found


def _block(body: str, nesting: list[int], *, after_blank: bool) -> list[str]:
    """The first line of a block. `nesting` holds the columns of the list items that it may belong to."""
    wide = body.expandtabs(4)
    indent = len(wide) - len(wide.lstrip())
    in_list = bool(nesting)
    while nesting and nesting[-1] >= indent:
        nesting.pop()
    depth = len(nesting)
    item = _ITEM.match(body)
    if not item:
        underline = bool(_UNDERLINE.match(body)) and not after_blank
        content = _TABLE_RULE.sub("---", body) if set(body.strip()) <= set("|:- ") else body
        return [f"\n{depth}", *(["underline"] if underline else []), *_tokens(content.strip())]
    nesting.append(indent)
    loose = in_list and after_blank
    mark = item[1] if item[1][0].isdigit() else "-"
    return [f"\n{depth}", "loose" if loose else "tight", mark, *_tokens(body[item.end() :].strip())]


def _tokens(content: str) -> list[str]:
    return [token if token.strip() else " " for token in words.tokens(content)]
