"""Links, images and footnote marks of a rendered text."""

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from reviews.text import safe_html

if TYPE_CHECKING:
    from reviews.text.walk import Walk

_NOT_NAME = re.compile(r"[^\w-]")
_TAG_NAME = re.compile(r"[\w-]{1,64}", re.ASCII)


def link(walk: "Walk", index: int, data: Any) -> int:
    """Opens a link, or writes the title of the clause that `[?](#anchor)` names."""
    url = f"mailto:{data['dest_url']}" if data["link_type"] == "Email" else data["dest_url"]
    if url.startswith("#") and url != "#":
        if walk.events[index + 1][0] == {"Text": "?"} and walk.events[index + 2][0] == {"End": "Link"}:
            walk.page.reference(
                unquote(url[1:], errors="replace"), counted=walk.mode != "inline", linked=walk.linked > 0
            )
            return index + 3
        _refer(walk, url)
    follow(walk, url)
    return index + 1


def _refer(walk: "Walk", url: str) -> None:
    walk.page.references.append(walk.page.resolve.find(url[1:]) or url[1:])


def destination(walk: "Walk", url: str) -> str:
    """Return the address of a link that is written as HTML, as the page has it; "" when it may not be followed."""
    if not url.startswith("#") or url == "#":
        return safe_html.address(url)
    _refer(walk, url)
    return "#" + walk.page.resolve.place(url[1:])


def follow(walk: "Walk", url: str, *, name: str = "") -> None:
    """Opens the element around the words of a link; an address that may not be followed is only named."""
    good = safe_html.address(url)
    if walk.linked:
        walk.wrap("", "", name=name)
    elif url.startswith("#"):
        if name and url != "#":
            _refer(walk, url)
        place = safe_html.attribute(walk.page.resolve.place(url[1:]))
        walk.wrap(f'<a href="#{place}">', "</a>", name=name)
    elif good:
        walk.wrap(f'<a href="{safe_html.attribute(good)}" rel="noopener noreferrer">', "</a>", name=name)
    else:
        walk.wrap(f'<span class="link-plain" title="{safe_html.attribute(url[:300])}">', "</span>", name=name)


def image(walk: "Walk", index: int, data: Any) -> int:
    """Writes a local image, or the name of one that is not fetched."""
    depth, at, words = 1, index, []
    while depth:
        at += 1
        event = walk.events[at][0]
        if isinstance(event, str):
            words.append(" ")
            continue
        ((key, value),) = event.items()
        if key == "Start" and isinstance(value, dict) and "Image" in value:
            depth += 1
        elif key == "End" and value == "Image":
            depth -= 1
        elif key in ("Text", "Code", "InlineHtml", "Math"):
            words.append(value)
        elif key == "FootnoteReference":
            words.append(f"[^{value}]")
    picture(walk, "".join(words), data["dest_url"])
    return at + 1


def picture(walk: "Walk", alt: str, url: str) -> None:
    """An image whose address the resolver knows, else words that stand for it."""
    local = _local(walk, url)
    if local:
        walk.page.markup(image_html(walk, alt, url))
        return
    walk.page.markup('<span class="image-remote">')
    walk.page.write(_words_for(alt, url))
    walk.page.markup("</span>")


def image_html(walk: "Walk", alt: str, url: str) -> str:
    """Return the HTML of a local image, or of the words that stand for one that is not fetched."""
    local = _local(walk, url)
    if local:
        return f'<img src="{safe_html.attribute(local)}" alt="{safe_html.attribute(alt)}">'
    return f'<span class="image-remote">{safe_html.escape(_words_for(alt, url))}</span>'


def _local(walk: "Walk", url: str) -> str:
    local = walk.page.resolve.images.get(url, "")
    return local if local.startswith("/") and not local.startswith(("//", "/\\")) else ""


def _words_for(alt: str, url: str) -> str:
    place = safe_html.host(url) or url[:200]
    return f"Image: {alt} ({place})" if alt else f"Image ({place})"


def footnote(walk: "Walk", name: str, at: Any) -> None:
    """A mark `[^name]`: of a footnote where one is defined, else the tag of an evaluation."""
    page = walk.page
    known = name.casefold() in page.footnotes or f"^{name.casefold()}" in page.resolve.definitions
    if known:
        _footnote_mark(walk, name)
    elif _TAG_NAME.fullmatch(name):
        page.evaluation_tags.append(name)
        page.markup(f'<span class="evaltag" title="Evaluation {name}">')
        page.write(name)
        page.markup("</span>")
    else:
        page.write(walk.raw(at))


def _footnote_mark(walk: "Walk", name: str) -> None:
    page, place = walk.page, footnote_place(name)
    first = page.new_place(f"{place}-mark")
    tag = "span" if walk.linked else "a"
    address = "" if walk.linked else f' href="#in-{place}"'
    page.markup(f'<{tag} class="footnote-ref"{address}' + (f' id="in-{place}-mark">' if first else ">"))
    page.write(f"[{name}]")
    page.markup(f"</{tag}>")


def footnote_place(name: str) -> str:
    """Return the name of a footnote's place; its first sign keeps it apart from the places that a text can name."""
    return "^" + _NOT_NAME.sub("-", name.casefold())


def footnote_label(walk: "Walk", name: str) -> None:
    """Writes the number of a footnote, which leads back to its mark."""
    page, place = walk.page, footnote_place(name)
    page.apart()
    page.markup('<p class="footnote-label">')
    page.markup(f'<a href="#in-{place}-mark"' + (f' id="in-{place}">' if page.new_place(place) else ">"))
    page.write(f"[{name}]")
    page.known("</a></p>\n", "\n")
