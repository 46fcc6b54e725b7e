"""Links, images and footnote marks of a rendered text."""

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from reviews.text import safe_html

if TYPE_CHECKING:
    from reviews.text.walk import Walk

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
        walk.page.references.append(walk.page.resolve.find(url[1:]) or url[1:])
    follow(walk, url)
    return index + 1


def follow(walk: "Walk", url: str, *, name: str = "") -> None:
    """Opens the element around the words of a link; an address that may not be followed is only named."""
    good = safe_html.address(url)
    if walk.linked:
        walk.wrap("", "", name=name)
    elif url.startswith("#"):
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
        elif key in ("Text", "Code", "InlineHtml"):
            words.append(value)
        elif key == "FootnoteReference":
            words.append(f"[^{value}]")
    picture(walk, "".join(words), data["dest_url"])
    return at + 1


def picture(walk: "Walk", alt: str, url: str) -> None:
    """An image whose address the resolver knows, else words that stand for it."""
    local = walk.page.resolve.images.get(url, "")
    if local.startswith("/") and not local.startswith(("//", "/\\")):
        walk.page.markup(f'<img src="{safe_html.attribute(local)}" alt="{safe_html.attribute(alt)}">')
        return
    place = safe_html.host(url) or url[:200]
    walk.page.markup('<span class="image-remote">')
    walk.page.write(f"Image: {alt} ({place})" if alt else f"Image ({place})")
    walk.page.markup("</span>")


def footnote(walk: "Walk", name: str, at: Any) -> None:
    """A mark `[^name]`: of a footnote where one is defined, else the tag of an evaluation."""
    page = walk.page
    known = name.casefold() in page.footnotes or f"^{name.casefold()}" in page.resolve.definitions
    if known:
        page.markup('<span class="footnote-ref">')
        page.write(f"[{name}]")
        page.markup("</span>")
    elif _TAG_NAME.fullmatch(name):
        page.evaluation_tags.append(name)
        page.markup(f'<span class="evaltag" title="Evaluation {name}">')
        page.write(name)
        page.markup("</span>")
    else:
        page.write(walk.raw(at))
