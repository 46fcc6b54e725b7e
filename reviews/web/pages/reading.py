"""The whole text of one edition on one page, put together clause by clause, so that an edit costs what it changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import quote

from django.template.loader import get_template
from django.utils.safestring import mark_safe

from reviews.access.specs import Standing
from reviews.models import Spec
from reviews.queries import reading
from reviews.queries.attachments import image_addresses
from reviews.queries.clauses import resolver_of
from reviews.queries.reading import Edition, Line
from reviews.queries.renderings import key_of
from reviews.web.pages.memory import Memory
from reviews.web.pages.names import DRAFT, name_of_release
from reviews.web.pages.shell import public_shell

SECTIONS_BYTES = 12 * 1024 * 1024

sections: Memory[str] = Memory(SECTIONS_BYTES, size=lambda html: 2 * len(html))


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
    def name(self) -> str:
        """What its stored page is called."""
        return DRAFT if self.is_draft else name_of_release(self.label)

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


def public_page(spec: Spec, label: str, number: int) -> str:
    """The reading page as everybody without a session gets it; nothing of a request and nothing internal is in it."""
    standing = Standing(spec, None, frozenset())
    place = Place(spec, label, number, reading.editions(standing))
    shell = public_shell(standing, path=place.path, version=label)
    toc, text = _parts(place)
    shown = {"shell": shell, "indexed": spec.is_public and not place.is_draft, **titles(place)}
    return str(get_template("reviews/reading/page.html").render({**shown, "toc": toc, "text": text}))


def titles(place: Place) -> dict[str, Any]:
    """What the page says of itself in its head."""
    return {"title": "Draft" if place.is_draft else place.label, "slug": place.spec.slug}


def _parts(place: Place) -> tuple[str, str]:
    lines = reading.lines(place.spec, place.number)
    parts = list(_sections(place, lines))
    head = get_template("reviews/reading/_head.html").render(_head(place, lines, parts))
    text = head + "".join(_htmls(place, lines, parts))
    return _toc(lines, parts), mark_safe(text)  # noqa: S308 joined from templates


def _htmls(place: Place, lines: Sequence[Line], parts: Sequence[Section]) -> list[str]:
    """The HTML of every clause, made anew only where this process has not made the same before."""
    resolve = resolver_of(lines, images=image_addresses(place.spec, place.number))
    keys = [(key_of(line, resolve), one) for line, one in zip(lines, parts, strict=True)]
    kept = {key: sections.get(key) for key in keys}
    wanted = {key[0]: line for key, line in zip(keys, lines, strict=True) if kept[key] is None}
    fresh = reading.html_of(wanted, resolve) if wanted else {}
    return [kept[key] or _html(key, *fresh[key[0]]) for key in keys]


def _html(key: tuple[bytes, Section], heading: str, body: str) -> str:
    shown = {"heading_html": heading, "body_html": body, "one": key[1], **key[1]._asdict()}
    shown["links"] = [
        {"label": "History", "url": f"{key[1].address}#history"},
        {
            "label": "Propose a change",
            "url": f"{key[1].root}proposals/new/?clause={key[1].public_id}",
            "only": "propose",
        },
    ]
    html = str(get_template("reviews/reading/_clause.html").render(shown))
    sections.put(key, html)
    return html


def _sections(place: Place, lines: Sequence[Line]) -> Iterator[Section]:
    aliases = reading.aliases(place.spec, place.number, lines)
    below = highest_below(lines)
    for line, (name, rank) in zip(lines, below, strict=True):
        changed, changed_url = _changed(place, line)
        yield Section(
            root=f"/{place.spec.slug}/",
            address=f"{place.path}{quote(id_of(line), safe='~')}/",
            id=id_of(line),
            public_id=line.public_id,
            since=line.since,
            title=line.title,
            anchor=line.anchor,
            level_name=line.authority,
            rank=line.rank,
            below=name,
            below_rank=rank,
            changed=changed,
            changed_url=changed_url,
            aliases=tuple(aliases.get(line.clause_id, ())),
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


def _changed(place: Place, line: Line) -> tuple[str, str]:
    """Since when the text of a clause stands as it does, and the comparison that shows the change."""
    older = [one for one in place.editions if one.number < line.since]
    if not older:
        return "", ""
    at = next((one for one in reversed(place.editions) if line.since <= one.number <= place.number), None)
    words = f"since {at.label}" if at else "changed in the draft"
    target = at.label if at else DRAFT
    return words, f"/{place.spec.slug}/compare/{older[0].label}..{target}/#change-{quote(id_of(line), safe='~')}"


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
        "newer": newest if newest and edition and newest.label != edition.label else None,
        "counts_url": f"/{place.spec.slug}/clauses/counts?of={place.label}" if parts else "",
        "highlights_url": f"/{place.spec.slug}/clauses/highlights?of={place.label}" if parts else "",
    }


def _day(edition: Edition | None) -> date | None:
    return edition.day if edition else None


def _toc(lines: Sequence[Line], parts: Sequence[Section]) -> str:
    key = ("toc", tuple((line.level, *one[2:4], *one[5:11]) for line, one in zip(lines, parts, strict=True)))
    kept = sections.get(key)
    if kept is None:
        kept = str(get_template("components/toc.html").render({"entries": contents(lines, parts)})) if lines else ""
        sections.put(key, kept)
    return mark_safe(kept)  # noqa: S308 a template


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
