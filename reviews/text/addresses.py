"""Addresses that stand in a text by themselves are links, as in GitHub Flavored Markdown."""

import re
from typing import TYPE_CHECKING

from reviews.text import safe_html

if TYPE_CHECKING:
    from reviews.text.walk import Walk

_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9/@.+-])(?:https?://|www\.)[^\s<>\"`“”。、，！？；：（）「」『』【】《》]+"
    r"|(?<![\w.+/@:-])[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?![\w@])",
    re.IGNORECASE,
)
MAX_LENGTH = 4000
_NOT_AT_THE_END = "?!.,:;*_~'’"


def possible(text: str) -> bool:
    """Tell whether an address may stand in a text."""
    return "://" in text or "@" in text or "www." in text or "WWW." in text


def expected(source: str) -> bool:
    """Tell whether an address may stand in what a Markdown source says; escapes may hide the signs of one."""
    return "&" in source or "\\" in source or possible(source)


def write(walk: "Walk", text: str) -> None:
    """Writes a text, its addresses as links."""
    at = 0
    for found in _ADDRESS.finditer(text):
        words = trimmed(found[0]) if len(found[0]) <= MAX_LENGTH else ""
        url = _destination(words)
        if url and not walk.deep:
            walk.page.write(text[at : found.start()])
            walk.page.markup(f'<a href="{safe_html.attribute(url)}" rel="noopener noreferrer">')
            walk.page.write(words)
            walk.page.markup("</a>")
            at = found.start() + len(words)
    walk.page.write(text[at:])


def trimmed(address: str) -> str:
    """Return an address without the punctuation after it and without a bracket that was opened before it."""
    while address and (address[-1] in _NOT_AT_THE_END or _closes_nothing(address)):
        address = address[:-1]
    return address


def _closes_nothing(address: str) -> bool:
    opening = {")": "(", "]": "["}.get(address[-1])
    return opening is not None and address.count(address[-1]) > address.count(opening)


def _destination(words: str) -> str:
    """The address that a link around these words has; "" when they name no host."""
    if not words:
        return ""
    start = words[:8].lower()
    if not start.startswith(("http://", "https://", "www.")):
        return "mailto:" + words if "@" in words and words[-1] != "-" else ""
    url = ("http://" + words if start.startswith("www.") else words).replace("'", "%27")
    host = safe_html.host(url)
    return safe_html.address(url) if "." in host.strip(".") or host == "localhost" else ""
