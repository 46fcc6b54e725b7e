"""What HTML may leave this room: escaping, visible controls, addresses, and the last sanitiser."""

import re
from collections.abc import Iterable
from html import unescape
from urllib.parse import urlsplit

import nh3

_CONTROL_SET = (
    "\0-\x08\x0b\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc"
    "\U000e0000-\U000e007f"
)
CONTROLS = re.compile(f"[{_CONTROL_SET}]|(?<![\u0300-\U0010ffff])[\u200c\u200d]|[\u200c\u200d](?![\u0300-\U0010ffff])")
_TAG = re.compile(r"<[^>]*>")
_BAD_ADDRESS = re.compile(r"[\0-\x20\x7f-\xa0\u2028\u2029\\\"'<>`]")
_TAGS = set(
    "a aside abbr b blockquote br caption cite code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins kbd li"
    " mark ol p pre q s samp section small span strong sub summary sup table tbody td tfoot th thead tr u ul var".split()
)
_OWN_ATTRIBUTES = {
    "*": {"class", "data-block"},
    "a": {"href", "rel", "id"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "span": {"title"},
    "div": {"tabindex"},
}
INLINE_TAGS = frozenset("abbr b cite code del em i ins kbd mark q s samp small strong sub sup u var span".split())
BLOCK_TAGS = frozenset(_TAGS) - {"aside", "img", "pre", "section"}
TRANSPARENT_TAGS = frozenset("article center font footer header main nav picture section".split())
KNOWN_TAGS = INLINE_TAGS | BLOCK_TAGS | TRANSPARENT_TAGS


def harmless(text: str) -> bool:
    """Whether a text can stand in HTML as it is; texts with line ends are not looked into."""
    return text.isprintable() and "<" not in text and "&" not in text and ">" not in text and "\ufffc" not in text


def controls(text: str) -> Iterable[re.Match[str]]:
    """The invisible characters of a text that must be shown instead of obeyed."""
    if "\ufffc" not in text and text.replace("\n", "").isprintable():
        return ()
    return CONTROLS.finditer(text)


def escape(text: str) -> str:
    """Text as the sanitiser itself would write it."""
    text = text.replace("&", "&amp;") if "&" in text else text
    text = text.replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\xa0", "&nbsp;")


def attribute(value: str) -> str:
    """An attribute's value as the sanitiser itself would write it; newlines and controls become spaces."""
    if not value.isprintable():
        value = CONTROLS.sub(" ", value).replace("\r", " ").replace("\n", " ")
    return escape(value).replace('"', "&quot;")


def visible_text(html: str) -> str:
    """What a browser would give as the text of HTML that came out of the sanitiser."""
    return unescape(_TAG.sub("", html))


def address(url: str) -> str:
    """The address when it is one that a link may have (http, https, mailto), else ""."""
    if _BAD_ADDRESS.search(url) or len(url) > 4000:
        return ""
    scheme = url.partition(":")[0].lower()
    if scheme == "mailto":
        return url
    if scheme not in ("http", "https"):
        return ""
    return url if host(url) else ""


def host(url: str) -> str:
    """The host that an address names, or ""."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def sanitised(html: str) -> str:
    """The last step: only the tags and attributes that this room writes itself come through."""
    return str(_OWN.clean(html))


def foreign(html: str) -> str:
    """HTML from a source reduced to structure: no attribute survives but safe addresses of links."""
    return str(_FOREIGN.clean(html))


def _foreign_attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "a":
        return address(value) or None
    return value if value == "image-remote" else None


_OWN = nh3.Cleaner(
    tags=_TAGS,
    attributes=_OWN_ATTRIBUTES,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
    clean_content_tags=set(),
)
_FOREIGN = nh3.Cleaner(
    tags=set(BLOCK_TAGS),
    attributes={"a": {"href"}, "span": {"class"}},
    attribute_filter=_foreign_attribute,
    link_rel="noopener noreferrer",
    clean_content_tags=set(),
)
