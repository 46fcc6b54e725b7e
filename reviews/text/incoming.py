"""A document as it comes in from outside: decoded, and refused where it cannot be kept."""

import re

from reviews.errors import Invalid
from reviews.text import outline

LARGEST = 20 * 1024 * 1024
MOST_CLAUSES = 20_000
LONGEST_ANCHOR = 500
# How files of other formats begin; some of them are valid UTF-8 and would be taken for one clause of text.
FORMATS = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a Word document or another packed file",
    b"\xd0\xcf\x11\xe0": "a Word document",
    b"{\\rtf": "an RTF document",
    b"%!PS": "a PostScript file",
    b"<!doctype html": "a web page",
    b"<html": "a web page",
    b"<?xml": "an XML file",
    b"\x89png": "an image",
    b"gif8": "an image",
    b"\xff\xd8\xff": "an image",
}
LEVEL = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def decoded(source: bytes | str) -> str:
    """The text of a file, character for character; a byte order mark is kept as a part of it.

    Raises Invalid with one sentence when it is a file of another format, not UTF-8, too large, has NUL characters or no
    text in it.
    """
    raw = source if isinstance(source, bytes) else source.encode(errors="surrogatepass")
    if len(raw) > LARGEST:
        raise _refused(f"This file is too large: it has {len(raw) / 1024 / 1024:.1f} MB, and 20 MB are the limit.")
    start = raw[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for beginning, kind in FORMATS.items():
        if start.startswith(beginning.lower()):
            raise _refused(f"This file is {kind}, not a Markdown text. Save it as Markdown or plain text first.")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _refused(f"This file is not UTF-8: line {line} has bytes that are no text. Save it as UTF-8.") from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise _refused(f"This file has a NUL character on line {line}: remove it, or save the file as UTF-8.")
    if not text.strip().strip("\ufeff").strip():
        raise _refused("This file is empty.")
    return text


def ended(text: str) -> str:
    """The text with its last line ended, as it is stored."""
    return text if text.endswith(("\n", "\r")) else text + "\n"


def parsed(text: str) -> outline.Outline:
    """The outline of a document that can be stored.

    Raises Invalid with one sentence when two anchors are equal, one is too long, or there are too many clauses.
    """
    found = outline.parse(ended(text))
    for problem in found.problems:
        if problem.code == "duplicate-anchor":
            raise _refused(f"Line {problem.line}: {problem.message} Two clauses cannot have the same anchor.")
    if len(found.clauses) > MOST_CLAUSES:
        raise _refused(f"This file has {len(found.clauses):,} headings, and {MOST_CLAUSES:,} are the limit.")
    for clause in found.clauses:
        if len(clause.anchor) > LONGEST_ANCHOR:
            raise _refused(
                f"The heading on line {clause.line} is too long to be an anchor: give it a short one, as in {{#name}}."
            )
    return found


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, fields={"file": sentence})
