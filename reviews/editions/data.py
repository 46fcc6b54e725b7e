"""A release as JSON: its clauses with all that is known of each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from reviews.models import ClauseVersion, Release, Revision
from reviews.queries.clauses import resolver_of
from reviews.queries.release_content import Override, overrides_in
from reviews.text import dialect


def written(release: Release, revision: Revision) -> bytes:
    """The clauses in order: public id, anchor, title, level, authority, tags, verbatim source, examples."""
    rows = ClauseVersion.objects.at(release.spec, revision.number).order_by("order_key")
    versions = list(rows.select_related("clause", "authority"))
    resolve = resolver_of(versions)
    spec = {"slug": release.spec.slug, "title": release.spec.title}
    spec["authority_levels"] = list(release.spec.authority_levels.order_by("rank").values_list("name", flat=True))
    whole = {
        "spec": spec,
        "release": {
            "label": release.label,
            "date": release.release_date.isoformat() if release.release_date else None,
            "revision": revision.number,
            "imported": release.imported,
            "notes": release.notes,
        },
        "ends_in_newline": revision.ends_in_newline,
        "clauses": [_clause(version, resolve) for version in versions],
    }
    overrides = [_override(one) for one in overrides_in(release)]
    if overrides:  # a release without any has the same bytes as before there were overrides
        whole["overrides"] = overrides
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _override(one: Override) -> dict[str, str]:
    return {"kind": one.kind, "what": one.what, "by": one.by, "reason": one.reason, "date": one.at.date().isoformat()}


def _clause(version: ClauseVersion, resolve: dialect.Resolver) -> dict[str, Any]:
    rendered = dialect.render(version.source, resolve)
    return {
        "id": version.clause.public_id,
        "anchor": version.anchor,
        "title": version.title,
        "level": version.level,
        "authority": version.authority.name if version.authority else None,
        "tags": version.tags,
        "evaluation_tags": list(rendered.evaluation_tags),
        "source": version.source,
        "examples": [_example(example) for example in rendered.examples],
    }


def _example(example: dialect.Example) -> dict[str, Any]:
    return {"title": example.title, "turns": [_turn(turn) for turn in example.turns]}


def _turn(turn: dialect.Message | dialect.Comparison) -> dict[str, Any]:
    if isinstance(turn, dialect.Comparison):
        return {"answers": [_answer(answer) for answer in turn.answers]}
    return _message(turn)


def _message(message: dialect.Message) -> dict[str, Any]:
    said: dict[str, Any] = {"role": message.role, "text": message.text}
    return {**said, **_present(attributes=dict(message.attributes), note=message.note)}


def _answer(answer: dialect.Answer) -> dict[str, Any]:
    judged = _present(verdict=answer.verdict, violates=answer.violates, rationale=answer.rationale)
    return {**_message(answer), **judged}


def _present(**values: Any) -> dict[str, Iterable[Any]]:
    return {name: value for name, value in values.items() if value}
