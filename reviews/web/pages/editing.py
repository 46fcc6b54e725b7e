"""The page on which a proposal is written: its clauses with their texts, previews and conflicts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from reviews.access.specs import Standing
from reviews.actions.composition import compose
from reviews.actions.images import along
from reviews.errors import Conflict, Invalid
from reviews.models import Change, ClauseVersion, Proposal, Spec
from reviews.queries import proposals as queries
from reviews.queries.attachments import image_addresses, images_of_proposal, proposed_address
from reviews.queries.clauses import resolver_for
from reviews.rules.kinds import ChangeKind, Visibility
from reviews.text import dialect, outline
from reviews.text.changes import classify
from reviews.text.merge import Merged, merge
from reviews.text.newlines import in_style_of
from reviews.web.pages.changes import differences, told
from reviews.web.pages.edit_form import BEGINNING, NO_TOOLS, Sent, Tools, Trouble, fingerprint, is_stale

HEADING_TAG = re.compile(r"(^<h|</h(?=[1-6]>\s*$))[1-6]")


def editing_page(standing: Standing, proposal: Proposal, changes: Sequence[Change], sent: Sent) -> dict[str, Any]:
    """All that the page shows; `sent` is what a refused form brought."""
    spec = standing.spec
    root = f"/{spec.slug}/proposals/{proposal.public_id}/"
    current = queries.current_versions(changes)
    titles = queries.titles_of(spec, [change.after_id for change in changes if change.after_id])
    ranks, images = queries.level_names(spec), images_told(standing, proposal)
    resolve = resolver_with(spec, changes, images=images)
    details = sent.details or {"title": proposal.title, "rationale": proposal.rationale}
    return {
        "proposal": proposal,
        "is_internal": proposal.visibility == Visibility.INTERNAL,
        "root": root,
        "details": details,
        "theirs": proposal if sent.details else None,
        "changes": [
            {
                **(card := told(spec, change, titles=titles, ranks=ranks)),
                "said": _said_beside_the_text(card["said"]),
                **_editor(change, current, sent.troubles.get(change.public_id), root=root, resolve=resolve),
                **_tools(change, sent.tools.get(change.public_id, NO_TOOLS)),
            }
            for change in changes
        ],
        "levels": list(ranks),
        "choices": queries.clause_choices(spec),
        "beginning": BEGINNING,
        "new": sent.new,
        "new_errors": sent.new_errors,
        "open_errors": sent.open_errors,
        "new_preview_url": f"{root}edit/preview",
        "new_preview": preview(sent.new["new_source"], "", resolve) if sent.new.get("new_source") else None,
        "errors": sent.errors,
        "images": images,
        "problem": problem(proposal, changes, current),
    }


def images_told(standing: Standing, proposal: Proposal) -> list[dict[str, Any]]:
    """What reviews/proposals/_images.html shows of the images that come with a proposal."""
    return [
        {"name": one.name, "url": proposed_address(proposal, one), "replaces": one.replaces is not None}
        for one in images_of_proposal(standing, proposal)
    ]


def problem(proposal: Proposal, changes: Sequence[Change], current: Mapping[int, ClauseVersion]) -> str:
    """Why the changes could not be submitted as they are; empty when they could, or when a clause moved on."""
    if not changes or any(is_stale(change, current) for change in changes):
        return ""
    try:
        along(proposal.spec, proposal, changes, compose(proposal.spec, changes))
    except (Invalid, Conflict) as refusal:
        return refusal.sentence
    return ""


def suggested(base: str, theirs: str, mine: str) -> tuple[str, str]:
    """A text to begin with where two changed one, and how it came about: `line`, `sentence`, `word`, or `conflict`.

    In a conflict it holds mine where both cannot stand.
    """
    done = merge(base, mine, theirs)
    if isinstance(done, Merged):
        return done.text, done.method
    return "".join(part if isinstance(part, str) else part.suggestion or part.ours for part in done.parts), "conflict"


def preview(source: str, base: str, resolve: dialect.Resolver) -> dict[str, Any]:
    """What components/preview.html shows of a text that is being written."""
    source = in_style_of(source, base)  # as saving does: else every line end of a CRLF document looks changed
    if source and not source.endswith("\n"):
        source += "\n"
    found = outline.parse(source)
    told = [f"Line {one.line}: {one.message}" for one in found.problems]
    if base.lstrip().startswith("#") and found.clauses and found.clauses[0].level == 0:
        told.insert(0, "The heading line is missing: the text must begin with it.")
    return {
        "html": html_of(source, resolve),
        "ops": differences(base, source),
        "errors": told,
        "change_class": classify(base, source).name if base and base != source else "",
    }


def resolver_with(
    spec: Spec, changes: Sequence[Change], *more: str, images: Sequence[Mapping[str, Any]] = ()
) -> dialect.Resolver:
    """What the sources of these changes (and `more`) may show, as if the whole proposal were merged."""
    parsed = [outline.parse(change.source) for change in changes if change.source]
    needs = [dialect.needs(source) for source in (*(change.source for change in changes), *more)]
    versions = [ClauseVersion(depends_on=one.anchors, labels=one.labels) for one in needs]
    pictures = {**image_addresses(spec, spec.head), **{one["name"]: one["url"] for one in images}}
    found = resolver_for(spec, spec.head, versions, images=pictures)
    titles = {one.anchor: one.title for document in parsed for one in document.clauses if one.anchor}
    links = {name: url for document in parsed for name, url in document.definitions.items()}
    places = found.names.union(*(document.names for document in parsed))
    titles, links = {**found.titles, **titles}, {**found.definitions, **links}
    return replace(found, titles=titles, definitions=links, names=places)


def html_of(source: str, resolve: dialect.Resolver) -> str:
    """A text rendered as it would stand in the draft, its headings as parts of the page that shows it."""
    clauses = outline.parse(source).clauses
    top = min((clause.level for clause in clauses if clause.level), default=1)
    return "".join(_html_of(clause, resolve, level=min(clause.level - top + 3, 6)) for clause in clauses)


def _html_of(clause: outline.Clause, resolve: dialect.Resolver, *, level: int) -> str:
    done = dialect.render(clause.source, resolve)
    return HEADING_TAG.sub(rf"\g<1>{level}", done.heading_html) + done.body_html


def _editor(
    change: Change,
    current: Mapping[int, ClauseVersion],
    trouble: Trouble | None,
    *,
    root: str,
    resolve: dialect.Resolver,
) -> dict[str, Any]:
    stale = is_stale(change, current)
    base = change.base_version.source if change.base_version else ""
    text = trouble.sent if trouble else change.source
    conflict = _conflict(change, current, trouble) if stale or (trouble and trouble.fresh) else None
    return {
        "kind": change.kind,
        "field": f"source-{change.public_id}",
        "version_field": f"version-{change.public_id}",
        "edits": change.kind != ChangeKind.DELETE,
        "is_new": change.kind == ChangeKind.ADD,
        "gone": stale and current.get(change.clause_id or 0) is None,
        "version": change.version,
        "value": text,
        "was": _was(change, conflict, trouble),
        "errors": list(trouble.sentences) if trouble else [],
        "conflict": conflict,
        "stale": stale,
        "preview_url": f"{root}changes/{change.public_id}/preview",
        "draft_url": f"{root}changes/{change.public_id}/draft",
        "preview": preview(text, base, resolve) if change.kind != ChangeKind.DELETE else None,
    }


def _said_beside_the_text(phrases: Sequence[str]) -> list[str]:
    """Of what a change does only what the field doesn't show: where it stands. The rest is in the live list of changes,
    which knows what is typed and not saved yet."""
    return [phrase for phrase in phrases if phrase.startswith(("Added ", "Moved ", "Deleted"))]


def _tools(change: Change, sent: Tools) -> dict[str, Any]:
    """The fields for authority and place; after a refusal they hold what was chosen, with the reason beside them."""
    stored = _authority(change)
    chosen = stored if sent.authority is None else sent.authority
    return {"authority": chosen, "authority_was": stored, "after_sent": sent.after, "tool_errors": sent.errors}


def _was(change: Change, conflict: Mapping[str, Any] | None, trouble: Trouble | None) -> str:
    """What the field holds while nobody touches it, and so is not saved; nothing after a refusal: that is to be saved."""
    if trouble is not None:
        return ""
    return fingerprint(conflict["result"] if conflict else change.source)


def _conflict(change: Change, current: Mapping[int, ClauseVersion], trouble: Trouble | None) -> dict[str, Any] | None:
    """What components/conflict.html shows: somebody saved the change meanwhile, or the draft moved on below it."""
    base = change.base_version.source if change.base_version else ""
    if trouble is not None and trouble.fresh is not None:
        theirs, mine = trouble.fresh.source, trouble.sent.replace("\r\n", "\n")
        who = {"theirs_by": trouble.fresh.saved_by.name, "theirs_at": trouble.fresh.saved_at}
        return {**_three(base, theirs, mine), **who, "onto": ""}
    found = current.get(change.clause_id or 0)
    if found is None or change.kind == ChangeKind.DELETE:
        return None
    parts = _three(base, found.source, trouble.sent.replace("\r\n", "\n") if trouble else change.source)
    why = "The draft has another text of this clause now than the one that you changed."
    return {**parts, "heading": "Out of date", "why": why, "theirs_label": "The draft now", "onto": found.since}


def _three(base: str, theirs: str, mine: str) -> dict[str, Any]:
    text, method = suggested(base, theirs, mine)
    return {
        "base": base,
        "theirs": theirs,
        "mine": mine,
        "theirs_ops": differences(base, theirs),
        "mine_ops": differences(base, mine),
        "result": text,
        "suggestion": method != "conflict",
        "method": method,
    }


def _authority(change: Change) -> str:
    if change.source:
        return next((clause.authority for clause in outline.parse(change.source).clauses), "")
    return ""
