"""The whole text of one edition on one page, put together clause by clause, so that an edit costs what it changes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import quote

from django.template.loader import get_template

from reviews.access.specs import Standing
from reviews.models import Spec
from reviews.queries import reading
from reviews.queries.attachments import image_addresses
from reviews.queries.clauses import resolver_of
from reviews.queries.reading import Edition, Line
from reviews.queries.renderings import keys_of
from reviews.web.pages.memory import Memory
from reviews.web.pages.names import COMPARE, DRAFT
from reviews.web.pages.shell import public_shell
from reviews.web.pages.stored import build, filled

SECTIONS_BYTES = 12 * 1024 * 1024

sections: Memory[bytes] = Memory(SECTIONS_BYTES, size=lambda html: len(html) + 1000)
editions: Memory[list[Edition]] = Memory(SECTIONS_BYTES // 10, size=lambda found: 300 * len(found) + 100)


class Section(NamedTuple):
    """Everything that the HTML of one clause depends on beside its rendering."""

    root: str
    address: str
    id: str
    public_id: str
    since: int
    title: str
    anchor: str | None
    level_name: str | None
    rank: int | None
    below: str | None
    below_rank: int | None
    changed: str
    changed_url: str
    aliases: tuple[str, ...]

    @property
    def threads_url(self) -> str:
        """Where what is said about this version of the clause comes from."""
        return f"{self.root}clauses/{self.public_id}/threads/?at={self.since}"


@dataclass(frozen=True)
class Place:
    """The edition that is read: the draft at a revision, or a release."""

    spec: Spec
    label: str
    number: int
    editions: Sequence[Edition]

    @property
    def is_draft(self) -> bool:
        return self.label == DRAFT

    @property
    def path(self) -> str:
        return f"/{self.spec.slug}/{self.label}/"

    @property
    def edition(self) -> Edition | None:
        """The release that is read, None for the draft."""
        return next((one for one in self.editions if one.label == self.label), None)

    @property
    def before(self) -> Edition | None:
        """The release before this edition, by what it holds."""
        return next((one for one in self.editions if one.label != self.label and one.number <= self.number), None)


def public_page(spec: Spec, label: str, number: int, *, releases: int) -> bytes:
    """The reading page as everybody without a session gets it; nothing of a request and nothing internal is in it.

    `releases` says how many the spec has: they never change, so their number tells whether they have to be asked for again.
    """
    standing = Standing(spec, None, frozenset())
    place = Place(spec, label, number, _editions(standing, releases))
    lines = reading.lines(spec, number)
    parts = _sections(place, lines)
    head = get_template("reviews/reading/_head.html").render(_head(place, lines, parts))
    text = b"".join([head.encode(), *_htmls(place, lines, parts)])
    return filled(_frame(place, standing), contents=_toc(lines, parts), text=text)


def _editions(standing: Standing, count: int) -> list[Edition]:
    key = (standing.spec.pk, count)
    kept = editions.get(key)
    if kept is None:
        kept = reading.editions(standing)
        if len(kept) == count:
            editions.put(key, kept)
    return kept


def _frame(place: Place, standing: Standing) -> bytes:
    """The page around the text, kept by all that it shows."""
    key = ("frame", build(), place.path, place.spec.title, place.spec.visibility, tuple(place.editions))
    kept = sections.get(key)
    if kept is None:
        shell = public_shell(standing, path=place.path, version=place.label)
        indexed = place.spec.is_public and not place.is_draft
        shown = {"shell": shell, "indexed": indexed, "title": "Draft" if place.is_draft else place.label}
        kept = get_template("reviews/reading/page.html").render(shown).encode()
        sections.put(key, kept)
    return kept


def _htmls(place: Place, lines: Sequence[Line], parts: Sequence[Section]) -> list[bytes]:
    """The HTML of every clause, made anew only where this process has not made the same before."""
    resolve = resolver_of(lines, images=image_addresses(place.spec, place.number))
    keys = list(zip(keys_of(lines, resolve), parts, strict=True))
    kept = {key: sections.get(key) for key in keys}
    wanted = {key[0]: line for key, line in zip(keys, lines, strict=True) if kept[key] is None}
    fresh = reading.html_of(wanted, resolve) if wanted else {}
    return [kept[key] or _html(key, *fresh[key[0]]) for key in keys]


def _html(key: tuple[bytes, Section], heading: str, body: str) -> bytes:
    shown = {"heading_html": heading, "body_html": body, "one": key[1], **key[1]._asdict()}
    shown["links"] = [
        {"label": "History", "url": f"{key[1].address}#~history"},
        {
            "label": "Propose a change",
            "url": f"{key[1].root}proposals/new/?clause={key[1].public_id}",
            "only": "propose",
        },
    ]
    html = get_template("reviews/reading/_clause.html").render(shown).encode()
    sections.put(key, html)
    return html


def _sections(place: Place, lines: Sequence[Line]) -> list[Section]:
    aliases = reading.aliases(place.spec, place.number, lines)
    changed = _since(place)
    return [
        _section(place, line, below, changed(line), tuple(aliases.get(line.clause_id, ())))
        for line, below in zip(lines, highest_below(lines), strict=True)
    ]


def _section(
    place: Place, line: Line, below: tuple[str | None, int | None], changed: tuple[str, str], aliases: tuple[str, ...]
) -> Section:
    name = quote(id_of(line), safe="~")
    return Section(
        root=f"/{place.spec.slug}/",
        address=f"{place.path}{name}/",
        id=id_of(line),
        public_id=line.public_id,
        since=line.since,
        title=line.title,
        anchor=line.anchor,
        level_name=line.authority,
        rank=line.rank,
        below=below[0],
        below_rank=below[1],
        changed=changed[0],
        changed_url=f"{changed[1]}#change-{name}" if changed[1] else "",
        aliases=aliases,
    )


def id_of(line: Any) -> str:
    """What a clause is called on the page and in addresses: its anchor; the text before the first heading has a made-up one."""
    return line.anchor or f"~{line.public_id}"


def highest_below(lines: Sequence[Line]) -> list[tuple[str | None, int | None]]:
    """For each clause the highest authority among those below it, where that is higher than its own."""
    found: list[tuple[str | None, int | None]] = [(None, None)] * len(lines)
    above: list[int] = []
    for n, line in enumerate(lines):
        while above and lines[above[-1]].level >= line.level:
            above.pop()
        for m in above:
            if line.rank is not None and line.rank < min(lines[m].rank or 999, found[m][1] or 999):
                found[m] = (line.authority, line.rank)
        above.append(n)
    return found


def _since(place: Place) -> Callable[[Line], tuple[str, str]]:
    """Since when the text of a clause stands as it does, and the comparison that shows the change."""
    editions = sorted((one for one in place.editions if one.number <= place.number), key=lambda one: one.number)
    numbers = [one.number for one in editions]
    root = f"/{place.spec.slug}/{COMPARE}/"

    def since(line: Line) -> tuple[str, str]:
        at = bisect_left(numbers, line.since)
        if at == 0:
            return "", ""
        words, target = (
            (f"since {editions[at].label}", editions[at].label)
            if at < len(editions)
            else ("changed in the draft", DRAFT)
        )
        return words, f"{root}{editions[at - 1].label}..{target}/"

    return since


def _head(place: Place, lines: Sequence[Line], parts: Sequence[Section]) -> dict[str, Any]:
    edition, before = place.edition, place.before
    newest = place.editions[0] if place.editions else None
    return {
        "spec": place.spec,
        "root": f"/{place.spec.slug}/",
        "empty": not lines,
        "is_draft": place.is_draft,
        "edition": edition,
        "day": _day(edition),
        "before": before,
        "changed": sum(1 for line in lines if before and line.since > before.number),
        "removed": reading.removed_since(place.spec, before.number, lines) if before and place.is_draft else 0,
        "newer": newest if newest and edition and newest.label != edition.label else None,
        "counts_url": f"/{place.spec.slug}/clauses/counts?of={place.label}" if parts else "",
        "highlights_url": f"/{place.spec.slug}/clauses/highlights?of={place.label}" if parts else "",
    }


def _day(edition: Edition | None) -> date | None:
    return edition.day if edition else None


def _toc(lines: Sequence[Line], parts: Sequence[Section]) -> bytes:
    key = ("toc", tuple((line.level, *one[2:4], *one[5:11]) for line, one in zip(lines, parts, strict=True)))
    kept = sections.get(key)
    if kept is None:
        kept = (
            get_template("components/toc.html").render({"entries": contents(lines, parts)}).encode() if lines else b""
        )
        sections.put(key, kept)
    return kept


def contents(lines: Sequence[Line], parts: Sequence[Section], *, base: str = "") -> list[dict[str, Any]]:
    """The entries of the table of contents, nested by level; `base` is the page that the anchors are on."""
    roots: list[dict[str, Any]] = []
    above: list[tuple[int, dict[str, Any]]] = []
    for line, one in zip(lines, parts, strict=True):
        entry = {"url": f"{base}#{quote(one.id, safe='~')}", "count_id": one.public_id, "children": [], **one._asdict()}
        entry |= {"anchor": one.id, "below_name": one.below}
        while above and above[-1][0] >= max(line.level, 1):
            above.pop()
        (above[-1][1]["children"] if above else roots).append(entry)
        above.append((max(line.level, 1), entry))
    return roots


def counted(standing: Standing, label: str, number: int) -> list[dict[str, Any]]:
    """The clauses of an edition that somebody has said something about, each with what its margin shows."""
    counts = reading.thread_counts(standing)
    place = Place(standing.spec, label, number, ())
    return [
        {
            "public_id": line.public_id,
            "title": line.title,
            "count": counts[line.public_id],
            "url": f"{place.path}{quote(id_of(line), safe='~')}/",
            "threads_url": f"/{standing.spec.slug}/clauses/{line.public_id}/threads/?at={line.since}",
        }
        for line in reading.lines(standing.spec, number)
        if line.public_id in counts
    ]
