"""What a change does to its clause, in words and as a word difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from reviews.models import Change, ClauseVersion, Spec
from reviews.queries.approval import title_of
from reviews.rules.kinds import ChangeKind
from reviews.text import changes as classes
from reviews.text import diff, outline

NAMELESS = "the text before the first heading"
UNCHANGED = "Not changed yet"


def told(spec: Spec, change: Change, *, titles: Mapping[int, str], ranks: Mapping[str, int]) -> dict[str, Any]:
    """What components/clause_card.html shows of a change, and `said`: what it does, one phrase each.

    `titles` are those of the clauses that changes are placed behind, `ranks` those of the authority levels.
    """
    before = change.base_version
    after = outline.parse(change.source).clauses if change.source else ()
    first = after[0] if after else None
    level = first.authority if first else (before.authority.name if before and before.authority else "")
    return {
        "id": change.public_id,
        "title": (first.title if first else "") or title_of(change),
        "url": _address(spec, before),
        "anchor": (first.anchor if first else "") or (before.anchor if before else ""),
        "level_name": level,
        "rank": ranks.get(level, len(ranks) + 1),
        "operation": change.kind.value if isinstance(change.kind, ChangeKind) else change.kind,
        "said": said(change, after, titles),
        "change_class": class_of(change),
        "evidence": evidence_of(change),
        "ops": ops_of(change),
    }


def said(change: Change, after: Sequence[outline.Clause], titles: Mapping[int, str]) -> list[str]:
    """What a change does, in phrases: edited, retitled, renamed, authority from and to, moved, split, added, deleted."""
    if change.kind == ChangeKind.DELETE:
        return ["Deleted" + (f", continued in {', '.join(change.onward)}" if change.onward else "")]
    phrases = [] if change.base_version is None else _differences(change.base_version, after)
    if change.kind == ChangeKind.ADD:
        phrases.append(f"Added {_behind(change, titles)}")
    elif change.placed:
        phrases.append(f"Moved {_behind(change, titles)}")
    if len(after) > 1:
        names = ", ".join(f"“{clause.title or NAMELESS}”" for clause in after[1:])
        phrases.append(f"{'Together with' if change.kind == ChangeKind.ADD else 'Split: new'} {names}")
    return phrases or [UNCHANGED]


def class_of(change: Change) -> str:
    """How much the change matters; empty where that is plain from what it does."""
    if change.base_version is None or not change.source or change.source == change.base_version.source:
        return ""
    return classes.classify(change.base_version.source, change.source).name


def evidence_of(change: Change) -> list[str]:
    """The words that decided the class of the change."""
    if not class_of(change) or change.base_version is None:
        return []
    found = classes.classify(change.base_version.source, change.source).words
    shown = [one for one in found if one.word][:4]
    return [f"{'removed' if one.side == 'old' else 'added'} “{one.word}”" for one in shown]


def ops_of(change: Change) -> list[tuple[str, str]]:
    """The word difference of the sources; empty when the words stay."""
    old = change.base_version.source if change.base_version else ""
    return differences(old, change.source)


def differences(old: str, new: str) -> list[tuple[str, str]]:
    """The word difference of two texts, empty for equal ones."""
    return [(op.kind, op.text) for op in diff.words(old, new).ops] if old != new else []


def _address(spec: Spec, version: ClauseVersion | None) -> str:
    if version is None:
        return ""
    return f"/{spec.slug}/draft/{quote(version.anchor, safe='~')}/" if version.anchor else f"/{spec.slug}/draft/"


def _differences(before: ClauseVersion, after: Sequence[outline.Clause]) -> list[str]:
    if not after or before.source == "".join(clause.source for clause in after):
        return []
    first = after[0]
    phrases = []
    if first.title != before.title:
        phrases.append(f"Retitled from “{before.title or NAMELESS}” to “{first.title}”")
    if (first.anchor or None) != before.anchor and first.explicit:
        phrases.append(f"Anchor from “{before.anchor or 'none'}” to “{first.anchor}”")
    old = before.authority.name if before.authority else "none"
    if (first.authority or "none") != old:
        phrases.append(f"Authority from {old} to {first.authority or 'none'}")
    if first.level != before.level:
        phrases.append(f"Heading level from {before.level} to {first.level}")
    if _body(first.source) != _body(before.source) or not phrases:
        phrases.insert(0, "Edited")
    return phrases


def _body(source: str) -> str:
    return source.partition("\n")[2]


def _behind(change: Change, titles: Mapping[int, str]) -> str:
    if change.after_id is None:
        return "to the beginning" if change.kind != ChangeKind.ADD else "at the beginning"
    return f"after “{titles.get(change.after_id, 'a clause that is gone')}”"
