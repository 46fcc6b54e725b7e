"""What HTML may leave this room: escaping, visible controls, addresses, and the last sanitiser."""

import re
from collections.abc import Iterable
from html import unescape
from urllib.parse import urlsplit

import nh3

_CONTROL_SET = (
    "\0-\x08\x0b\x0e-\x1f\x7f-\x9f\xad\u180e\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\U000e0000-\U000e007f"
)
# Letters whose scripts are written with joiners, and those between whose words a break may stand instead of a space.
_JOINED = "\u0300-\u1fff\u2070-\U0010ffff"
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u1aaf\ua9e0-\uaa7f"
CONTROLS = re.compile(
    f"[{_CONTROL_SET}]|(?<![{_JOINED}])[\u200c\u200d](?![{_JOINED}])|(?<![{_UNSPACED}])\u200b|\u200b(?![{_UNSPACED}])"
)
CODE_CONTROLS = re.compile(f"{CONTROLS.pattern}|[\u061c\u200b\u200e\u200f]")
_TAG = re.compile(r"<[^>]*>")
_BAD_ADDRESS = re.compile(r"[\0-\x20\x7f-\xa0\u2028\u2029\\\"'<>`]")
_TAGS = set(
    "a aside abbr b blockquote br caption cite code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins kbd li"
    " mark ol p pre q s samp section small span strong sub summary sup table tbody td tfoot th thead tr u ul var".split()
)
_OWN_ATTRIBUTES = {
    "*": {"class", "data-block", "dir", "id"},
    "a": {"href", "rel"},
    "td": {"rowspan", "colspan"},
    "th": {"rowspan", "colspan"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "span": {"title"},
    "div": {"tabindex"},
}
INLINE_TAGS = frozenset("abbr b cite code del em i ins kbd mark q s samp small strong sub sup u var span".split())
BLOCK_TAGS = frozenset(_TAGS) - {"aside", "img", "pre", "section"}
TRANSPARENT_TAGS = frozenset(
    "address article center figcaption figure font footer header hgroup main nav picture section".split()
)
MAX_SPAN = 100
KNOWN_TAGS = INLINE_TAGS | BLOCK_TAGS | TRANSPARENT_TAGS


def harmless(text: str) -> bool:
    """Whether a text can stand in HTML as it is; texts with line ends are not looked into."""
    return text.isprintable() and "<" not in text and "&" not in text and ">" not in text and "\ufffc" not in text


def controls(text: str, *, code: bool = False) -> Iterable[re.Match[str]]:
    """The invisible characters of a text that must be shown instead of obeyed.

    Direction marks and joiners belong to writing; code is read as it is stored, so marks are shown in it.
    """
    if "\ufffc" not in text and text.replace("\n", "").isprintable():
        return ()
    return (CODE_CONTROLS if code else CONTROLS).finditer(text)


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
    """HTML from a source reduced to structure, with safe addresses of links, spans of cells and directions.

    The caller writes the images and the ids itself, before: what the source says of them never comes here.
    """
    return str(_FOREIGN.clean(html))


def _foreign_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if value.startswith("#") else address(value) or None
    if name in ("rowspan", "colspan"):
        return value if value.isascii() and value.isdigit() and 1 <= int(value[:4]) <= MAX_SPAN else None
    if name == "dir":
        return value.lower() if value.lower() in ("ltr", "rtl", "auto") else None
    return value if value == "image-remote" or name in ("id", "src", "alt") else None


_OWN = nh3.Cleaner(
    tags=_TAGS,
    attributes=_OWN_ATTRIBUTES,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
    clean_content_tags=set(),
)
_FOREIGN = nh3.Cleaner(
    tags={*BLOCK_TAGS, "img"},
    attributes={
        "*": {"dir", "id"},
        "a": {"href"},
        "img": {"src", "alt"},
        "span": {"class"},
        "td": {"rowspan", "colspan"},
        "th": {"rowspan", "colspan"},
    },
    attribute_filter=_foreign_attribute,
    link_rel="noopener noreferrer",
    clean_content_tags=set(),
)
