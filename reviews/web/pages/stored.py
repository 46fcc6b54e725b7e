"""Stored pages: the same bytes for everybody without a session, proved fresh by one query each time."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import brotli
from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.templatetags.static import static
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from reviews.actions import pages
from reviews.errors import NotFound
from reviews.models import Spec, StoredPage
from reviews.queries import reading
from reviews.queries.reading import Ground
from reviews.rules.kinds import Visibility
from reviews.text import dialect
from reviews.web.pages.memory import Memory
from reviews.web.pages.names import depends_on_head

MEMORY_BYTES = 24 * 1024 * 1024
GZIP_LEVEL = 4
GROUND = "ground_of_stored_page"


@dataclass
class Bytes:
    """One stored page in memory; the less usual encodings are made when first asked for."""

    stamp: str
    etag: str
    strong: bool
    brotli: bytes
    gzipped: bytes | None = field(default=None, repr=False)

    def encoded(self, encoding: str) -> bytes:
        """The page as `br`, `gzip`, or "" for plain."""
        if encoding == "br":
            return self.brotli
        if encoding == "gzip":
            self.gzipped = self.gzipped or gzip.compress(self.plain(), GZIP_LEVEL, mtime=0)
            return self.gzipped
        return self.plain()

    def plain(self) -> bytes:
        """The page itself."""
        return brotli.decompress(self.brotli)


memory: Memory[Bytes] = Memory(MEMORY_BYTES, size=lambda one: len(one.brotli) * 2 + 1000)


def stamp_of(ground: Ground, name: str) -> str:
    """What a page is made from, as one word; pages of releases do not depend on the head of the draft."""
    head = ground.head if depends_on_head(name) else 0
    made_from = (build(), name, ground.spec_id, head, ground.title, ground.description, ground.releases, ground.levels)
    return hashlib.sha256(repr((*made_from, ground.visibility)).encode()).hexdigest()


def found(ground: Ground, name: str) -> Bytes | None:
    """The fresh bytes of a page from memory, else from the database; None when they have to be made."""
    stamp = stamp_of(ground, name)
    if ground.stored_stamp != stamp:
        return None
    kept = memory.get((ground.spec_id, name))
    if kept is not None and kept.stamp == stamp and kept.strong == ground.stored_strong:
        return kept
    row = reading.stored_page(ground.spec_id, name, stamp)
    return remembered(row) if row else None


def remembered(row: StoredPage) -> Bytes:
    """A stored page, from now on in memory."""
    one = Bytes(row.stamp, row.etag, row.strong, bytes(row.content))
    memory.put((row.spec_id, row.name), one)
    return one


def fresh(request: HttpRequest, slug: str, name: str, make: Callable[[Spec, Ground], bytes]) -> Bytes:
    """The fresh bytes of a page, made and stored if need be.

    What it is made from is read before the text is, so that a page may be newer than its stamp says, never older.
    """
    ground = getattr(request, GROUND, None) or reading.ground(slug, name)
    if ground is None:
        raise NotFound()
    one = found(ground, name)
    if one is None:
        spec = reading.spec_as_read(slug, ground)
        page = pages.store(spec, name=name, stamp=stamp_of(ground, name), html=make(spec, ground), now=timezone.now())
        one = remembered(page)
    return one


PLACES = ("contents", "text")


def filled(frame: bytes, *, contents: bytes, text: bytes) -> bytes:
    """A page whose template left the places of its contents and its text empty, with both put in: they are large, and would be
    copied at every level of a template."""
    top, first, rest = frame.partition(b"<!--contents-->")
    middle, second, bottom = rest.partition(b"<!--text-->")
    return b"".join((top, first, contents, middle, second, text, bottom))


def part(page: bytes, name: str) -> bytes:
    """The contents or the text out of a stored page."""
    start, end = f"<!--{name}-->".encode(), f"<!--/{name}-->".encode()
    return page[page.index(start) + len(start) : page.index(end)]


def without_session(request: HttpRequest) -> bool:
    """Nobody is signed in and nothing is to be told: everybody gets the same here."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and CookieStorage.cookie_name not in request.COOKIES


def public_answer(request: HttpRequest, *, slug: str, name: str) -> HttpResponse | None:
    """The stored bytes of a public page; None when they have to be made, or when there is nothing for the public."""
    ground = reading.ground(slug, name)
    if ground is None or ground.visibility != Visibility.PUBLIC:
        return None
    one = found(ground, name)
    if one is not None:
        return answer(request, one)
    setattr(request, GROUND, ground)
    return None


def answer(request: HttpRequest, one: Bytes) -> HttpResponse:
    """The bytes in the best encoding that the reader takes, or 304 when it has them."""
    tag = f'W/"{one.etag}"'
    if tag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        encoding = encoding_for(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        body = one.encoded(encoding)
        response = HttpResponse(body, content_type="text/html; charset=utf-8")
        response["Content-Length"] = str(len(body))
        if encoding:
            response["Content-Encoding"] = encoding
    response["ETag"] = tag
    response["Cache-Control"] = "public, no-cache"
    response["Vary"] = "Accept-Encoding, Cookie"
    response["X-Frame-Options"] = "DENY"
    return response


def compressed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A page made for one person, compressed on its way; the token in its forms is masked anew each time."""
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Accept-Encoding", "Cookie"))
    if encoding_for(request.META.get("HTTP_ACCEPT_ENCODING", "")) == "br":
        response.content = brotli.compress(response.content, quality=1)
        response["Content-Encoding"] = "br"
    return response


@lru_cache(maxsize=256)
def encoding_for(accepted: str) -> str:
    """`br` or `gzip`, whichever a header Accept-Encoding takes first of these; "" for neither."""
    words = [part.replace(" ", "").lower().split(";q=") for part in accepted.split(",")]
    taken = {name for name, *quality in words if not quality or quality[0].strip("0.") != ""}
    return next((encoding for encoding in ("br", "gzip") if encoding in taken), "")


@lru_cache(maxsize=1)
def build() -> str:
    """What the pages of this build of the program look like: its templates, the code that fills them, the styles' addresses."""
    files = [path for folder in settings.TEMPLATES[0]["DIRS"] for path in sorted(Path(folder).rglob("*.html"))]
    digest = hashlib.sha256(f"{dialect.RENDERER_VERSION} {static('css/pages.css')} {static('js/toc.js')}".encode())
    for path in [*files, *sorted(Path(__file__).parent.glob("*.py"))]:
        digest.update(path.read_bytes())
    return digest.hexdigest()
