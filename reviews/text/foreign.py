"""HTML written inside a document: what of it is understood, and what is shown as text."""

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from reviews.text import links, safe_html, tags

if TYPE_CHECKING:
    from reviews.text.walk import Walk

_PARENTS = {"li": ("ul", "ol"), "dt": ("dl",), "dd": ("dl",), "summary": ("details",)}
_SOURCE = re.compile(r"<source\b[^<>]*>", re.IGNORECASE)
_VOID = frozenset(("br", "hr", "img"))
_CELLS = frozenset(("td", "th"))
_KEPT = ("dir", "rowspan", "colspan")
MAX_TAGS = 20_000
MAX_NESTED = 60


def tag(walk: "Walk", raw: str, at: Any) -> None:
    """Writes one inline tag of the source: harmless ones work, comments are left out, others are shown."""
    found = tags.TAG.fullmatch(raw)
    name = found[2].lower() if found else ""
    if raw.startswith("<!--"):
        walk.report("comment", at)
    elif found and name == "br":
        walk.page.markup("<br>")
        walk.page.newline()
    elif found and name == "img":
        values = tags.attributes(found[3])
        links.picture(walk, values.get("alt", ""), values.get("src", ""))
    elif found and found[1] and walk.open and walk.open[-1][1] == name:
        walk.open.pop()[0]()
    elif found and not found[1] and name in safe_html.KNOWN_TAGS:
        _open(walk, name, found[3])
    else:
        _named(walk, raw)
        walk.page.write(raw)
        walk.report("html", at)


def _open(walk: "Walk", name: str, rest: str) -> None:
    values = tags.attributes(rest)
    place = tags.place(name, values)
    if place and not (name == "a" and values.get("href")):
        walk.page.place(place, linked=walk.linked > 0)
    if name in safe_html.INLINE_TAGS:
        walk.wrap(f"<{name}>", f"</{name}>", name=name)
    elif name == "a" and values.get("href"):
        links.follow(walk, values["href"], name="a")
    elif name == "a":
        walk.wrap("", "", name=name)
    else:
        walk.page.apart()
        walk.open.append((walk.page.apart, name))
    if rest.endswith("/"):
        walk.open.pop()[0]()


def _named(walk: "Walk", raw: str) -> None:
    """Marks the places that are named in HTML which itself is shown as text."""
    for place in tags.places(raw):
        walk.page.place(place, linked=walk.linked > 0)


def piece(walk: "Walk", bare: str, at: Any) -> None:
    """Writes a piece of a block of HTML that opens and closes no disclosure."""
    if not bare.strip():
        return
    bare = _SOURCE.sub("", bare)
    if harmless(bare):
        _structure(walk, bare, at)
    else:
        literal(walk, bare, at)


def _structure(walk: "Walk", raw: str, at: Any) -> None:
    html = safe(walk, raw)
    if not _in_place(html):
        literal(walk, raw, at)
    elif html.strip():
        number = walk.page.open("div", "html", walk.span(at))
        walk.page.foreign(html)
        walk.page.close("div", number)


def literal(walk: "Walk", raw: str, at: Any) -> None:
    """Writes the characters of a piece of HTML."""
    number = walk.page.open("p", "html", walk.span(at), attributes=' class="literal"')
    if walk.mode != "message":
        _named(walk, raw)
    walk.page.write(raw.strip("\r\n"))
    walk.page.close("p", number)
    if walk.mode != "message":
        walk.report("html", at)


def safe(walk: "Walk", raw: str) -> str:
    """Return the safe HTML of a piece whose tags are all known, with the words of neighbouring elements kept apart."""
    parts: list[str] = []
    at = 0
    raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    for found in tags.TAG.finditer(raw):
        parts.append(raw[at : found.start()])
        at, name = found.end(), found[2].lower()
        inline = name in safe_html.INLINE_TAGS or name in ("a", "img")
        if not inline and not found[1] and _ends_in_words(parts):
            parts.append("\n")
        parts.append(_rewritten(walk, name, found))
        if not inline and (found[1] or name in _VOID) and at < len(raw) and not raw[at].isspace():
            parts.append("\t" if name in _CELLS else "\n")
    return safe_html.foreign("".join(parts) + raw[at:])


def _ends_in_words(parts: list[str]) -> bool:
    last = next((part for part in reversed(parts) if part and not part.startswith("<")), "")
    return bool(last) and not last[-1].isspace()


def _rewritten(walk: "Walk", name: str, found: re.Match[str]) -> str:
    """The tag with what may stay of its attributes: a place that links lead to, an address, spans and direction."""
    if found[1]:
        return f"</{name}>"
    values = tags.attributes(found[3])
    if name == "img":
        return links.image_html(walk, values.get("alt", ""), values.get("src", ""))
    kept = {key: values[key] for key in _KEPT if key in values}
    if name == "a" and "href" in values:
        kept["href"] = links.destination(walk, values["href"])
    place = tags.place(name, values)
    if place and walk.page.new_place(place):
        kept["id"] = f"in-{place}"
    written = "".join(f' {key}="{safe_html.attribute(value)}"' for key, value in kept.items())
    return f"<{name}{written}>"


def harmless(raw: str) -> bool:
    """Tell whether every tag is known, and neither their number nor their nesting is out of the ordinary."""
    depth = deepest = count = 0
    for match in tags.TAG.finditer(raw):
        count += 1
        name = match[2].lower()
        if name not in safe_html.KNOWN_TAGS and name != "img":
            return False
        if name not in _VOID:
            depth += -1 if match[1] else 1
        deepest = max(deepest, depth)
    rest = tags.TAG.sub("", raw)
    return (
        "<" not in rest
        and count <= MAX_TAGS
        and deepest <= MAX_NESTED
        and not safe_html.CONTROLS.search(unescape(rest))
    )


def _in_place(html: str) -> bool:
    """Whether list items stand in lists of their own: others would close the ones around them."""
    open_tags = [""]
    for match in tags.TAG.finditer(html):
        name = match[2].lower()
        if match[1]:
            open_tags.pop()
        elif name not in _VOID:
            if open_tags[-1] not in _PARENTS.get(name, (open_tags[-1],)):
                return False
            open_tags.append(name)
    return True
