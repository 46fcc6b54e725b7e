"""HTML written inside a document: what of it is understood, and what is shown as text."""

import re
from html import escape, unescape
from typing import TYPE_CHECKING, Any

from reviews.text import links, safe_html

if TYPE_CHECKING:
    from reviews.text.walk import Walk

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:[\s/][^<>]*)?)>")
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+)")
_NAME = re.compile(r"[\w.:’'-]{1,100}")
_PARENTS = {"li": ("ul", "ol"), "dt": ("dl",), "dd": ("dl",), "summary": ("details",)}
MAX_TAGS = 20_000
MAX_NESTED = 60


def tag(walk: "Walk", raw: str, at: Any) -> None:
    """Writes one inline tag of the source: harmless ones work, comments are left out, others are shown."""
    found = _TAG.fullmatch(raw)
    name = found[2].lower() if found else ""
    if raw.startswith("<!--"):
        walk.report("comment", at)
    elif found and name == "br":
        walk.page.markup("<br>")
        walk.page.newline()
    elif found and name == "img":
        values = _attributes(found[3])
        links.picture(walk, values.get("alt", ""), values.get("src", ""))
    elif found and found[1] and walk.open and walk.open[-1][1] == name:
        walk.open.pop()[0]()
    elif found and not found[1] and name in safe_html.KNOWN_TAGS:
        _open(walk, name, found[3])
    else:
        walk.page.write(raw)
        walk.report("html", at)


def _open(walk: "Walk", name: str, rest: str) -> None:
    if name in safe_html.INLINE_TAGS:
        walk.wrap(f"<{name}>", f"</{name}>", name=name)
    elif name == "a":
        _anchor(walk, _attributes(rest))
    else:
        walk.wrap("", "", name=name)
    if rest.endswith("/"):
        walk.open.pop()[0]()


def _anchor(walk: "Walk", values: dict[str, str]) -> None:
    """A link, or a place that links go to, which is marked before its words so that these may be links themselves."""
    place = values.get("name") or values.get("id") or ""
    if values.get("href"):
        links.follow(walk, values["href"], name="a")
        return
    if _NAME.fullmatch(place) and not walk.linked:
        walk.page.markup(f'<a id="in-{safe_html.attribute(place)}"></a>')
    walk.wrap("", "", name="a")


def block(walk: "Walk", index: int, at: Any) -> int:
    """Writes a block of HTML: its structure when all of it is harmless, else its characters."""
    end = walk.closing(index, "HtmlBlock")
    raw = "".join(event.get("Html") or event.get("Text") or "" for event, _ in walk.events[index + 1 : end])
    bare = _without_comments(raw) if walk.mode != "message" else raw
    if walk.mode != "message" and "<!--" in raw:
        walk.report("comment", at)
    if bare.strip():
        if walk.mode != "message" and _harmless(bare):
            _structure(walk, bare, at)
        else:
            _literal(walk, bare, at)
    return end + 1


def _without_comments(raw: str) -> str:
    parts, at = [], 0
    while (start := raw.find("<!--", at)) != -1 and (end := raw.find("-->", start + 4)) != -1:
        parts.append(raw[at:start])
        at = end + 3
    return "".join(parts) + raw[at:]


def _structure(walk: "Walk", raw: str, at: Any) -> None:
    html = safe_html.foreign(_IMAGE.sub(lambda match: _placeholder(match[1]), raw).replace("\r", ""))
    if not _in_place(html):
        _literal(walk, raw, at)
    elif html.strip():
        number = walk.page.open("div", "html", walk.span(at))
        walk.page.foreign(html)
        walk.page.close("div", number)


def _literal(walk: "Walk", raw: str, at: Any) -> None:
    number = walk.page.open("p", "html", walk.span(at), attributes=' class="literal"')
    walk.page.write(raw.strip("\r\n"))
    walk.page.close("p", number)
    if walk.mode != "message":
        walk.report("html", at)


_IMAGE = re.compile(r"<img\b([^<>]*)>", re.IGNORECASE)


def _placeholder(rest: str) -> str:
    values = _attributes(rest)
    url = values.get("src", "")
    place = safe_html.host(url) or url[:200]
    words = f"Image: {values.get('alt', '')} ({place})"
    return f'<span class="image-remote">{escape(words)}</span>'


def _harmless(raw: str) -> bool:
    """Whether every tag is known, and neither their number nor their nesting is out of the ordinary."""
    depth = deepest = count = 0
    for match in _TAG.finditer(raw):
        count += 1
        name = match[2].lower()
        if name not in safe_html.KNOWN_TAGS and name != "img":
            return False
        if name not in ("br", "hr", "img"):
            depth += -1 if match[1] else 1
        deepest = max(deepest, depth)
    rest = _TAG.sub("", raw)
    return (
        "<" not in rest
        and count <= MAX_TAGS
        and deepest <= MAX_NESTED
        and not safe_html.CONTROLS.search(unescape(rest))
    )


def _in_place(html: str) -> bool:
    """Whether list items stand in lists of their own: others would close the ones around them."""
    open_tags = [""]
    for match in _TAG.finditer(html):
        name = match[2].lower()
        if match[1]:
            open_tags.pop()
        elif name not in ("br", "hr"):
            if open_tags[-1] not in _PARENTS.get(name, (open_tags[-1],)):
                return False
            open_tags.append(name)
    return True


def _attributes(rest: str) -> dict[str, str]:
    return {name.lower(): unescape(value.strip("\"'")) for name, value in reversed(_ATTRIBUTE.findall(rest))}
