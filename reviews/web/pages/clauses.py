"""One clause: its text, its history as word differences, what is proposed for it, where else it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from reviews.access.specs import Standing
from reviews.models import ClauseVersion, Proposal
from reviews.queries import history, reading
from reviews.queries.attachments import image_addresses
from reviews.queries.clauses import resolver_for
from reviews.queries.history import Entry, Gone
from reviews.queries.reading import Edition
from reviews.queries.renderings import rendered
from reviews.rules.kinds import LineageKind
from reviews.rules.states import ProposalState
from reviews.text import changes, diff
from reviews.web.pages import threads
from reviews.web.pages.names import DRAFT
from reviews.web.pages.shell import sign_in_url

HEADING_TAG = re.compile(r"(</?)h[1-6]\b")  # on its own page a clause's heading is the first one
WENT = {
    LineageKind.JOINED: "Its words went on in",
    LineageKind.SPLIT: "It was divided into",
    LineageKind.RENAMED: "It went on as",
    LineageKind.GONE: "What comes closest now:",
}


def clause_page(
    standing: Standing, version: ClauseVersion, *, label: str, number: int, asked: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the page of a clause in the draft or in a release shows.

    `asked` are the parameters of the address: `before` is where the history begins, `start` and `end` are words to comment on.
    """
    spec, before = standing.spec, _before(asked)
    editions = reading.editions(standing)
    resolve = resolver_for(spec, number, [version], images=image_addresses(spec, number))
    html = rendered([version], resolve)[version.pk]
    entries, further = history.history(standing, version.clause_id, until=number, before=before)
    name = version.anchor or f"~{version.clause.public_id}"
    return {
        "version": version,
        "title": version.title or "Opening",
        "label": label,
        "is_draft": label == DRAFT,
        "root": f"/{spec.slug}/",
        "text_url": f"/{spec.slug}/{label}/#{quote(name, safe='~')}",
        "draft_url": f"/{spec.slug}/{DRAFT}/{quote(name, safe='~')}/",
        "said": _said(standing, version, label, number, threads.quoted(html.stable_text, asked)),
        "propose_url": f"/{spec.slug}/proposals/new/?clause={version.clause.public_id}",
        "heading_html": HEADING_TAG.sub(r"\1h1", html.heading_html),
        "body_html": html.body_html,
        "level_name": version.authority.name if version.authority else None,
        "rank": version.authority.rank if version.authority else None,
        "around": _around(standing, version, label, number),
        "places": _places(standing, version, editions, label),
        "proposals": [_proposal(spec.slug, one) for one in history.open_proposals(standing, version.clause)],
        "entries": [_entry(standing, entry, editions) for entry in entries],
        "older_url": f"?before={further}#~history" if further is not None else "",
        "newer_url": "?#~history" if before is not None else "",
    }


def _said(
    standing: Standing, version: ClauseVersion, label: str, number: int, quoted: threads.Quoted | None
) -> dict[str, Any]:
    """The threads beside a clause; signing in leads back to this page, with the words that were selected."""
    said = threads.of_clause(standing, version.clause, version, number=number, quoted=quoted)
    if said["sign_in_url"]:
        name = quote(version.anchor or f"~{version.clause.public_id}", safe="~")
        query = quoted.query if quoted else ""
        said["sign_in_url"] = sign_in_url(f"/{standing.spec.slug}/{label}/{name}/{query}#composer")
    return said


def _before(asked: Mapping[str, str]) -> int | None:
    given = asked.get("before", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def as_first_heading(heading_html: str) -> str:
    """The heading of a clause as the one of its page, whatever its level in the document; its words stay where they are."""
    return re.sub(r"^(<h)[1-6]|(</h)[1-6](?=>\s*$)", lambda tag: f"{tag[1] or tag[2]}1", heading_html)


def gone_page(standing: Standing, found: Gone, *, label: str) -> dict[str, Any]:
    """What the address of a clause that is no longer there says: when it went, and where its words are now."""
    root = f"/{standing.spec.slug}/"
    editions = reading.editions(standing)
    places = history.places(found.version.clause_id, editions)
    last = next(((edition, anchor) for edition, _, anchor in places), None)
    return {
        "title": found.version.title or "Opening",
        "anchor": found.version.anchor,
        "origin": origin_line(standing, found.origin, editions),
        "words": WENT[LineageKind(found.kind)],
        "targets": [
            {
                "title": one.title or "Opening",
                "url": f"{root}{label}/{quote(one.anchor or '~' + one.clause.public_id, safe='~')}/",
                "anchor": one.anchor,
                "level_name": one.authority.name if one.authority else None,
                "rank": one.authority.rank if one.authority else None,
            }
            for one in found.targets
        ],
        "last": {"label": last[0].label, "url": f"{root}{last[0].label}/{quote(last[1] or '', safe='~')}/"}
        if last
        else None,
        "html": _last_html(standing, found.version),
        "clause": found.version.clause.public_id,
        "said": threads.of_removed_clause(standing, found.version),
        "text_url": f"{root}{label}/",
    }


def _last_html(standing: Standing, version: ClauseVersion) -> dict[str, str]:
    number = (version.until or 1) - 1
    resolve = resolver_for(standing.spec, number, [version], images=image_addresses(standing.spec, number))
    html = rendered([version], resolve)[version.pk]
    return {"heading_html": html.heading_html, "body_html": html.body_html}


def origin_line(standing: Standing, origin: history.Origin, editions: Sequence[Edition]) -> dict[str, Any]:
    """What brought a revision: in words, with its proposal, its day, and the release that has it first."""
    row = origin.revision
    release = next((one for one in reversed(editions) if one.number >= origin.number), None)
    return {
        "summary": origin.summary,
        "url": f"/{standing.spec.slug}/proposals/{origin.proposal.public_id}/" if origin.proposal else "",
        "at": release.day if release and release.imported else row.created_at if row else None,
        "by": origin.author.name if origin.author else "",
        "merged_by": origin.merged_by.name if origin.merged_by and origin.merged_by != origin.author else "",
        "release": release.label if release else "",
        "release_url": f"/{standing.spec.slug}/releases/{release.label}/" if release else "",
        "number": origin.number,
    }


def _entry(standing: Standing, entry: Entry, editions: Sequence[Edition]) -> dict[str, Any]:
    old, new = entry.previous, entry.version
    line = origin_line(standing, entry.origin, editions)
    if old is None:
        return {**line, "operations": ["add"], "ops": [("+", new.source)], "whole": False, "first": True}
    kind = changes.classify(old.source, new.source).name
    ops = [tuple(op) for op in diff.words(old.source, new.source).ops] if old.source != new.source else []
    return {
        **line,
        "operations": _operations(old, new),
        "change_class": kind if ops else "",
        "ops": ops,
        "notes": notes(old, new),
    }


def _operations(old: ClauseVersion, new: ClauseVersion) -> list[str]:
    found = []
    if old.anchor != new.anchor:
        found.append("rename")
    if old.authority_id != new.authority_id:
        found.append("authority")
    if old.order_key != new.order_key or old.level != new.level:
        found.append("move")
    return found


def notes(old: ClauseVersion, new: ClauseVersion) -> list[str]:
    """What changed beside the words, in words."""
    found = []
    if old.anchor != new.anchor:
        found.append(f"Its anchor was “{old.anchor}” and is “{new.anchor}”.")
    if old.authority_id != new.authority_id:
        before = old.authority.name if old.authority else "none"
        found.append(f"Its authority was {before} and is {new.authority.name if new.authority else 'none'}.")
    if old.order_key != new.order_key:
        found.append("It stands at another place.")
    return found


def _around(standing: Standing, version: ClauseVersion, label: str, number: int) -> dict[str, Any]:
    """The clauses above this one, and its neighbours in the order of the document."""
    lines = reading.lines(standing.spec, number)
    at = next(n for n, line in enumerate(lines) if line.pk == version.pk)
    above: list[reading.Line] = []
    for line in reversed(lines[:at]):
        if line.level and line.level < (above[-1].level if above else version.level):
            above.append(line)
    link = lambda line: {  # noqa: E731
        "title": line.title or "Opening",
        "url": f"/{standing.spec.slug}/{label}/{quote(line.anchor or '~' + line.public_id, safe='~')}/",
    }
    return {
        "above": [link(line) for line in reversed(above)],
        "previous": link(lines[at - 1]) if at else None,
        "next": link(lines[at + 1]) if at + 1 < len(lines) else None,
    }


def _places(
    standing: Standing, version: ClauseVersion, editions: Sequence[Edition], label: str
) -> list[dict[str, Any]]:
    rows = history.places(version.clause_id, editions)
    return [
        {
            "label": edition.label,
            "url": f"/{standing.spec.slug}/{edition.label}/{quote(anchor or '~' + version.clause.public_id, safe='~')}/",
            "current": edition.label == label,
            "same": since == version.since,
        }
        for edition, since, anchor in rows
    ]


def _proposal(slug: str, proposal: Proposal) -> dict[str, Any]:
    return {
        "title": proposal.title,
        "url": f"/{slug}/proposals/{proposal.public_id}/",
        "author": proposal.author.name,
        "at": proposal.submitted_at or proposal.created_at,
        "state": ProposalState(proposal.state).value,
        "internal": proposal.visibility == "internal",
    }
