"""Tags written in a source: their names and attributes, the places they name, and how a title reads with them."""

import re
from collections.abc import Iterator
from html import unescape

from reviews.text import safe_html

TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:[\s/](?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)?)>")
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+)")
_NAME = re.compile(r"[\w.:’'-]{1,100}")


def attributes(rest: str) -> dict[str, str]:
    """Return the attributes in what follows the name of a tag; the first of equal names wins."""
    return {name.lower(): unescape(value.strip("\"'")) for name, value in reversed(_ATTRIBUTE.findall(rest))}


def place(name: str, values: dict[str, str]) -> str:
    """Return the place that a tag names for links, or ""."""
    found = values.get("id") or (values.get("name", "") if name == "a" else "")
    return found if _NAME.fullmatch(found) else ""


def places(raw: str) -> Iterator[str]:
    """Yield the places that the tags in a piece of HTML name."""
    if "=" not in raw:
        return
    for tag in TAG.finditer(raw):
        found = "" if tag[1] else place(tag[2].lower(), attributes(tag[3]))
        if found:
            yield found


def shown(raw: str, opened: list[str]) -> str:
    """Return the characters that a tag inside a line leaves visible, and keep the list of open tags.

    A tag that is understood leaves none; any other is shown as it is written.
    """
    found = TAG.fullmatch(raw)
    name = found[2].lower() if found else ""
    if raw.startswith("<!--") or name == "img":
        return ""
    if name == "br":
        return " "
    if not found or name not in safe_html.KNOWN_TAGS:
        return raw
    if found[1]:
        if not opened or opened[-1] != name:
            return raw
        opened.pop()
    elif not found[3].endswith("/"):
        opened.append(name)
    return ""
